# Does an emergency call wait for the circuit of whom it costs his, also when an upgrade comes before he gives it?
# T44 T45 T55 T56 T57 T58 T70, on 2.0, and from there to 3.0 and back while the one
# waits, and the other is presented, rings, talks, holds, or has hung up
seed 61
module call 2.0
lines 1000-1039
lines 1040-1049 -control calling
foreach i {0 1 2 3 4 5 6 7 8 9} {trunk G$i 1 -kind isdn; route 8$i G$i; route 9$i G$i -class emergency}

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 16 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 2.0
foreach to {2.0 3.0 2.0} {
    incr n
    phase "ten have a circuit each on $now, and no other is left"
    foreach i {0 1 2 3 4 5 6 7} {call p$i-$n 102$i 8$i}
    foreach i {8 9} {call p$i-$n G$i 104$i}
    foreach i {0 1 2 3 4 7} {answer p$i-$n.b}
    signal p6-$n.b alerting; answer 1049; hangup 1049; expect p9-$n suspended; expect p8-$n alerting
    hold 1027; expect p7-$n active {$held_a == 1}
    phase "five emergencies wait, since who was asked has not heard it (T55)"
    foreach i {0 1 2 3 4} {
        fault p$i-$n crash -on preempt
        call e$i-$n 100$i 9$i; expect e$i-$n routing
    }
    offhook e5-$n 1005; dial 1005 9
    advance 1s

    phase "and go on, on $to"
    onward $to
    hangup 1020; expect e0-$n presented {$out_trunk eq "G0" && $version eq $::to} ;# T56
    hangup 1001; expect e1-$n ended ;# T58
    dial 1002 5; expect e2-$n routing; clear e2-$n; expect e2-$n clearing ;# T70 T45
    fault e3-$n crash -on circuit-free; hangup 1023; expect e3-$n routing
    advance 4010ms
    expect e3-$n presented {$out_trunk eq "G3"} ;# T56, for it is free though nobody said so
    expect e4-$n treated {$hears_a eq "congestion"} ;# T56

    phase "and five more cost theirs whom they ask (T55 T57)"
    dial 1005 5#
    foreach i {6 7 8 9} {call e$i-$n 100$i 9$i}
    foreach i {5 6 7 8 9} {expect e$i-$n presented {$out_trunk eq "G$::i"}}
    foreach line {1025 1026 1027} {expect line $line {$tone eq "preemption"}; hangup $line}
    expect line 1048 idle
    foreach i {5 6 7 8 9} {expect cdr p$i-$n {$cause == 8 && $local_reason eq "PREEMPTED" && $version_end eq $::to}}
    foreach i {0 2 3 4 5 6 7 8 9} {hangup e$i-$n.a}
    foreach i {1 2 4} {hangup 102$i}
    expect cdr e1-$n {$local_reason eq "CANCEL"}; expect cdr e2-$n {$cause == 31}; expect cdr e4-$n {$cause == 34}
    expect run {$live == 0 && $unexpected == 0 && $crashes == 6 * $::n}
}
