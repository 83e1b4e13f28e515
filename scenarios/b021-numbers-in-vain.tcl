# Does who dials a number in vain hear why, and does a full group send on, also when the number ends after an upgrade?
# T2 T3 T8 T9 T13 T14 T15 T16 T44 T48, on 1.0 and on each release that the call
# is moved to before its last digit
seed 21
module call 1.0
lines 1001-1029
lines 112 -class emergency
trunk near 1 -kind isdn
trunk far 1 -kind isdn
route 08 near far -min 3 -max 3
route 66 announcement -min 2 -max 2
route 71 local -min 3 -max 3 -strip 2 -prepend 72
route 72 local -min 3 -max 3 -strip 2 -prepend 71
service 1001 suspended on
service 1002 bar-out 10
service 1003 warm 99
service 1004 warm 10
service 1023 bar-in all
block line 1024
timer Tdial 2s

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 1.0
foreach to {1.0 1.1 2.0 3.0 1.0} {
    incr n
    phase "all but the last digit on $now"
    call talks$n 1021 1022; answer 1022
    offhook parks$n 1025; dial 1025 9; advance 31s; expect line 1025 parked
    foreach {call line digits} {a 1001 102 b 1002 102 e 1005 6 f 1006 71 g 1007 102 h 1008 102 i 1009 102 m 1013 102 j 1010 08 k 1011 08 l 1012 08} {
        offhook $call$n $line; dial $line $digits
    }
    offhook c$n 1003; offhook d$n 1004
    gate -live 14; offhook o$n 1014; offhook p$n 1015; dial 1014 102; dial 1015 11
    advance 1s

    phase "and the last one on $to"
    onward $to
    call r$n near 1020; expect r$n ended; expect gate closed {$reason eq "live"} ;# T2
    foreach {line digit} {1001 0 1002 0 1005 6 1006 0 1007 1 1008 3 1009 4 1013 5 1010 1 1011 2 1012 3 1014 0 1015 2} {dial $line $digit}
    advance 1s
    expect j$n presented {$out_trunk eq "near"} ;# T16
    expect k$n presented {$out_trunk eq "far" && $route_attempts == 2} ;# T14
    expect o$n treated {$hears_a eq "congestion"} ;# T48
    expect line 112 ringing
    foreach {call tone} {a announcement b announcement c announcement d announcement e announcement f announcement g busy h announcement i announcement m announcement l congestion} {
        expect $call$n treated; expect $call$n {$hears_a eq $::tone && $version eq $::to}
    }
    gate -live 1000
    foreach line {1001 1002 1003 1004 1005 1006 1007 1008 1009 1010 1011 1012 1013 1014 1015 1021 1022 1025} {hangup $line}
    foreach {call why} {a 21 b 52 c 3 d 1 e 22 f 25 g 17 h 54 i 27 m 27 l 34 parks 3} {expect cdr $call$n {$cause == $::why}}
}
expect run {$live == 0 && $unexpected == 0 && $gapped == 10 && $attempts == $cdrs + $gapped}
