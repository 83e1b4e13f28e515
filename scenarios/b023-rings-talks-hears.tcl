# Does a call that rings, talks or hears a tone end as it should, also when an upgrade comes before its next event?
# T8 T21 T23 T24 T37 T42 T44 T45 T63 T69 T70, on 1.0 and on each release that the
# call is moved to while it rings, talks, or hears a tone
seed 23
module call 1.0
lines 1001-1029
lines 2000 -kind isdn
timer T301 10s
timer Ttreat 5s

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 13 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 1.0
foreach to {1.0 1.1 2.0 3.0 1.0} {
    incr n
    phase "six ring, three talk and four hear a tone on $now"
    foreach {call from number} {a 1001 1011 b 1002 1012 c 1003 1013 d 1004 1014 e 1005 1015 o 1006 2000 p 1007 1017 q 1008 1018 r 1009 1019 s 1021 5 t 1022 5 u 1023 5 v 1024 5} {
        call $call$n $from $number
    }
    foreach line {1017 1018 1019} {answer $line}
    signal 2000 alerting
    foreach call {a b c d e o} {expect $call$n alerting}
    foreach call {p q r} {expect $call$n active}
    foreach call {s t u v} {expect $call$n treated {$hears_a eq "announcement"}} ;# T8
    advance 2s

    phase "and what comes next, comes on $to"
    onward $to
    answer 1011; expect a$n active {$hears_a eq "speech" && $version eq $::to} ;# T21
    hangup 1002; expect b$n ended; expect line 1012 idle ;# T24
    reject 1013 -cause 17; expect c$n treated {$hears_a eq "busy"} ;# T63
    signal 2000 disconnect -cause 21; expect o$n treated {$hears_a eq "announcement"} ;# T63
    dial 1004 5; expect d$n alerting ;# T70
    clear e$n; expect e$n clearing {$hears_a eq "disconnect"}; expect line 1015 idle ;# T45
    hangup 1017; expect p$n clearing; expect line 1007 {$tone eq "disconnect"} ;# T37
    dial q$n.b 42; expect q$n active {$hears_a eq "speech"} ;# T69
    clear r$n; expect r$n clearing; expect line 1019 {$tone eq "disconnect"} ;# T45
    hangup 1021; expect s$n ended ;# T42
    dial 1022 7; expect t$n treated ;# T70
    clear v$n; expect v$n clearing ;# T45
    advance 3010ms; expect u$n ended; expect line 1023 parked ;# T42
    advance 5s; expect d$n treated {$hears_a eq "no-answer" && $version eq $::to} ;# T23
    foreach line {1001 1011 1003 1004 1005 1006 1007 1008 1018 1009 1019 1022 1023 1024} {hangup $line}
    foreach {call why} {a 16 b 16 c 17 d 19 e 31 o 21 p 16 q 16 r 31 s 3 t 3 u 3 v 3} {
        expect cdr $call$n {$cause == $::why}
    }
    expect cdr b$n {$local_reason eq "CANCEL"}; expect cdr r$n {$local_reason eq "ADMIN"}
}
expect run {$live == 0 && $unexpected == 0}
