# Does a call take whatever the far end may say to it, or not say, also when it was sent before an upgrade?
# T16 T17 T18 T19 T20 T44 T45 T58 T59 T60 T61 T62 T70 T86, on 1.0 and on each
# release that the call is moved to while it waits for a word
seed 22
module call 1.0
lines 1001-1029; lines 2000 -kind isdn
trunk T1 13 -kind isdn -control even
trunk T2 9 -kind isdn
route 08 T1 T2; route 07 T2
timer T301 20s

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 16 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 1.0
foreach to {1.0 1.1 2.0 3.0 1.0} {
    incr n
    phase "sent on $now (T16)"
    call z$n 1014 071; advance 4010ms ;# T20
    set line 1000
    foreach call {u w a b c e g h i j k} {call $call$n [incr line] 081; expect $call$n presented {$out_trunk eq "T1"}}
    call d$n 1012 071
    call f$n 1013 071; call m$n 1015 071; call o$n 1016 2000
    advance 1s

    phase "and the far end says, on $to"
    onward $to
    call theirs$n T1 1021 -circuit 1; expect theirs$n alerting
    expect u$n presented {$out_circuit == 12 && $route_attempts == 2} ;# T62, theirs
    call nothing$n T1 1022 -circuit 2; expect nothing$n ended
    expect w$n presented {$out_circuit == 2 && $route_attempts == 1} ;# T62, ours
    signal a$n.b alerting; expect a$n alerting {$hears_a eq "ringback"} ;# T17
    answer b$n.b; expect b$n active {$hears_a eq "speech"} ;# T18
    reject c$n.b -cause 34; expect c$n presented {$out_trunk eq "T2"} ;# T19
    reject d$n.b -cause 17; expect d$n treated {$hears_a eq "busy"} ;# T19
    reject 2000 -cause 21; expect o$n treated {$hears_a eq "announcement"} ;# T19
    signal m$n.b proceeding; signal g$n.b proceeding; expect g$n presented {$hears_a eq "none"} ;# T59
    signal h$n.b progress; expect h$n presented {$hears_a eq "speech"} ;# T60
    hangup i$n.a; expect i$n ended ;# T58
    dial j$n.a 55; expect j$n presented ;# T70
    clear k$n; expect k$n clearing {$hears_a eq "disconnect"} ;# T45
    signal f$n.b release-complete; expect f$n treated ;# T86
    foreach call {u w a b c j k d} {hangup $call$n.a}
    hangup theirs$n.a
    advance 3s; expect e$n presented {$out_trunk eq "T1"} ;# T20
    expect z$n treated {$hears_a eq "no-answer"} ;# T61
    advance 4010ms; expect e$n presented {$out_trunk eq "T2" && $version eq $::to} ;# T61
    advance 3010ms; expect g$n presented {$out_trunk eq "T2"}; expect m$n treated ;# T61, after T310
    advance 5s; expect e$n treated {$hears_a eq "no-answer"} ;# T61
    advance 5s; expect g$n treated; expect h$n treated ;# T61, the latter after T301
    foreach call {e f g h m o z} {hangup $call$n.a}
    foreach {call why} {c 16 d 17 e 18 f 31 g 18 h 18 i 16 k 31 m 18 o 21 z 18} {expect cdr $call$n {$cause == $::why}}
}
expect run {$live == 0 && $unexpected == 0 && $glare == 10}
