# May either side hold, and who hung up come back, also when an upgrade comes while he holds or is away?
# T21 T23 T26 T27 T37 T44 T45 T69 T80 T81 T82 T90, on 2.0, and from there to 3.0 and
# back while two talk, one holds, one has hung up, or who held is rung again
seed 22
module call 2.0
lines 1000-1019; lines 1050-1059
lines 1020-1039 -control calling; lines 1040-1049 -control called
service 1050-1053 call-waiting on
timer Tsusp 20s

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
    phase "two talk, five hold, six are away, two are rung again on $now"
    foreach {call from to_line} {a 1001 1011 b 1002 1012 c 1003 1013 d 1004 1014 e 1005 1015 f 1006 1020 g 1007 1021 h 1008 1022 i 1009 1023 j 1010 1024 k 1016 1040 l 1017 1041 m 1018 1025 o 1019 1026 u 1054 1050 v 1055 1051} {
        call $call$n $from $to_line; answer $to_line
    }
    foreach line {1002 1003 1004 1015 1006 1019} {hold $line} ;# T26
    retrieve 1002; hangup 1026; answer 1026; expect o$n active {$held_a == 1} ;# T26 T80 T81
    foreach line {1020 1021 1022 1023 1024 1016} {hangup $line} ;# T80
    foreach call {f g h i j k} {expect $call$n suspended}
    foreach {call from line} {w 1056 1050 x 1057 1051} {call $call$n $from $line; flash $line; hangup $line; hangup $from}
    foreach call {u v} {expect $call$n alerting}
    advance 1s

    phase "and go on, on $to"
    onward $to
    hold 1001; expect a$n active {$held_a == 1 && $hears_b eq "hold"} ;# T26
    hold 1001; retrieve 1011; expect a$n active {$held_a == 1 && $held_b == 0} ;# T27
    retrieve 1001; expect a$n active {$hears_b eq "speech"} ;# T26
    retrieve 1012; expect b$n active {$hears_a eq "speech"} ;# T27
    retrieve 1003; expect c$n active {$held_a == 0 && $hears_b eq "speech"} ;# T26
    hold 1004; dial 1014 5; hold 1014; expect d$n active {$held_a == 1 && $held_b == 1} ;# T27 T69 T26
    clear o$n; expect o$n clearing; foreach line {1019 1026} {expect line $line {$tone eq "disconnect"}; hangup $line} ;# T45
    hangup 1005; expect e$n clearing ;# T37
    answer 1020; expect f$n active {$held_a == 1 && $hears_b eq "hold"} ;# T81
    answer 1021; expect g$n active {$hears_a eq "speech" && $version eq $::to} ;# T81
    hangup 1008; expect h$n ended ;# T82
    fault line 1023 down; expect i$n ended; heal line 1023 ;# T82
    clear j$n; expect j$n clearing ;# T45
    hangup 1041; expect l$n clearing; hangup 1017
    answer 1050; expect u$n active {$hears_a eq "speech"} ;# T21
    hangup 1025; expect m$n suspended {$hears_a eq "none"} ;# T80
    advance 20010ms; expect m$n ended; expect k$n suspended ;# T82, which is not for control `called`
    answer 1016; expect k$n active {$hears_a eq "speech"} ;# T81
    advance 10s; expect v$n treated {$hears_a eq "no-answer"} ;# T23
    foreach line {1001 1011 1002 1012 1003 1013 1004 1014 1015 1006 1020 1007 1021 1009 1010 1040 1016 1018 1054 1050 1055} {hangup $line}
    expect cdr i$n {$cause == 16 && $bill_ms == 0}; expect cdr j$n {$cause == 31}; expect cdr v$n {$cause == 19}
    expect cdr u$n {$cause == 16 && $bill_ms > 31000} ;# its answer was the first one (T21)
}
expect run {$live == 0 && $unexpected == 0}
