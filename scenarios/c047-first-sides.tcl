# Does a record name the side that hung up as it was at first, whoever has changed places since?
# T33 T34 T35 T75 T90, on 3.0, and T90 on 2.0 too
seed 47
module call 2.0
lines 1000-1009
service 1001-1002 call-waiting on

proc talk {call from to} {call $call $from $to; answer $to; expect $call active}

foreach version {2.0 3.0} {
    incr n
    phase "$version: 1001 forgets whom it holds, and is rung by it (T90)"
    talk a$n 1001 1002
    call b$n 1003 1001
    flash 1001
    expect a$n active {$held_a == 1}
    hangup 1003
    hangup 1001
    expect a$n alerting {$hears_a eq "ringback"} ;# who waits is A now: 1002
    answer 1001
    hangup 1002
    hangup 1001
    expect cdr a$n {$release_side eq "B" && $calling eq "1001" && $connected eq "1002"}
    if {$version eq "2.0"} {upgrade call 3.0; expect upgrade installed}
}

phase "1001 leaves 1002 to 1003 (T33, T34): who hangs up there stands where 1001 stood"
service 1001-1002 transfer on
talk c 1001 1002; transfer 1001 1003; hangup 1001; answer 1003
hangup 1003; hangup 1002
expect cdr c {$release_side eq "A" && $connected eq "1002"}
talk d 1001 1002; transfer 1001 1003; hangup 1001; answer 1003
hangup 1002; hangup 1003
expect cdr d {$release_side eq "B"}
talk e 1001 1002; transfer 1002 1003; hangup 1002; answer 1003
hangup 1003; hangup 1001
expect cdr e {$release_side eq "B"}

phase "1001 hangs up on both, and is rung again (T75): it is still A"
talk f 1001 1002; hold 1001; service 1001 transfer off
consult g 1001 1003; answer 1003; hangup 1001
expect f alerting {$hears_a eq "ringback" && $hears_b eq "none"}
answer 1001; hangup 1001; hangup 1002; hangup 1003
expect cdr f {$release_side eq "A" && $bill_ms == 0}
service 1001 transfer on

phase "there is nobody at the number that 1002 is left to (T35)"
talk h 1001 1002; transfer 1001 77; hangup 1001
expect h treated {$hears_a eq "announcement" && $hears_b eq "none"}
hangup 1002
expect cdr h {$cause == 3 && $release_side eq "net"}
