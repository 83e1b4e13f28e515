# Who talks on when an emergency takes the circuit of one of three, also when 2.0 is there already?
# T15 T44 T55 T56 T57, on 3.0, where U18 keeps a consultation, a transfer and a
# conference while 2.0 is installed
seed 62
module call 3.0
lines 1000-1999
foreach i {0 1 2 3 4} {trunk G$i 1 -kind isdn; route 8$i G$i; route 9$i G$i -class emergency}
service 1100-1199 transfer on
service 1100-1199 three-way on

foreach is_there {0 1} {
    incr n
    phase "one consults, one is left to a number, one leaves another to a circuit, three talk, and two"
    foreach i {0 1 3 4} {call x$i-$n 110$i 8$i; answer x$i-$n.b}
    call x2-$n 1202 1102; answer 1102
    foreach i {0 3} {hold 110$i; consult y$i-$n 110$i 130$i; answer 130$i}
    conference 1103
    transfer 1101 1301; transfer 1102 82
    expect x0-$n consulting; expect x1-$n transferring; expect x2-$n transferring; expect x3-$n conference
    advance 1s
    if {$is_there} {
        upgrade call 2.0
        expect upgrade installed {$pinned == 5 && $converted == 1 && $failed == 0}
    }

    phase "five emergencies (T55, T56), and who loses his circuit (T57)"
    foreach i {0 1 2 3 4} {call e$i-$n 140$i 9$i; expect e$i-$n presented {$out_trunk eq "G$::i"}}
    expect x0-$n clearing {$hears_b eq "none"}; expect y0-$n active {$hears_a eq "speech"}; expect line 1100 {$talking_to eq "1300"}
    expect x1-$n ended; expect line 1301 idle
    expect x2-$n clearing; expect line 1202 {$tone eq "preemption"}
    expect x4-$n clearing; expect line 1104 {$tone eq "preemption"}
    expect x3-$n clearing; foreach line {1103 1303} {expect line $line {$tone eq "preemption"}}
    call late$n 1409 90; expect late$n treated {$hears_a eq "congestion"} ;# T15: nor does one emergency cost another
    foreach line {1100 1300 1101 1102 1202 1103 1303 1104 1400 1401 1402 1403 1404 1409} {catch {hangup $line}}
    foreach i {0 1 2 3 4} {expect cdr x$i-$n {$cause == 8}}
    expect cdr late$n {$cause == 34}
}
expect run {$live == 0 && $unexpected == 0}
