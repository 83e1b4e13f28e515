# Does each way of dialling lead to a call or to the right tone, also when an upgrade comes between two digits?
# T1 T4 T5 T6 T7 T44 T45 T46 T47 T49 T50 T51, on 1.0 and on each release that the
# call is moved to while it collects
seed 20
module call 1.0
lines 1001-1019
trunk T1 9 -kind isdn
route 08 T1 -min 4 -max 6
service 1007 warm 1012
service 1010 hot 1013

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 11 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 1.0
foreach to {1.0 1.1 2.0 3.0 1.0} {
    incr n
    phase "they dial on $now (T1 T4 T47)"
    foreach {call line digits} {d 1001 1 p 1003 0812 h 1004 0812 k 1018 081 x 1005 {} t 1006 {} w 1007 {} q 1008 08 o 1009 08 z 1017 08} {
        offhook $call$n $line; expect line $line {$tone eq "dial"}
        if {$digits ne {}} {dial $line $digits; expect line $line {$tone eq "none"}}
    }
    call v$n T1 1014 -overlap 3s
    advance 1s

    phase "and go on, on $to"
    onward $to
    dial 1001 01; expect d$n collecting ;# T4
    dial 1001 1; expect d$n alerting; expect line 1011 ringing ;# T5
    dial 1018 2; expect k$n collecting ;# T49
    dial 1004 #; expect h$n presented ;# T5
    dial 1005 9; expect x$n treated {$hears_a eq "announcement"} ;# T50
    hangup 1008; expect q$n ended ;# T7
    clear o$n; expect o$n clearing ;# T45
    advance 3s
    expect p$n presented {$called eq "0812" && $version eq $::to} ;# T51
    hangup v$n.a; expect v$n ended ;# T7
    foreach line {1003 1004 1018} {hangup $line}
    call e$n 1016 1015; expect e$n alerting ;# T46
    offhook y$n 1010; expect y$n alerting; expect line 1013 ringing ;# T46
    advance 10950ms; expect z$n collecting
    advance 50ms
    expect z$n treated {$hears_a eq "reorder"} ;# T51
    advance 4950ms; expect t$n collecting; expect w$n collecting
    advance 50ms
    expect t$n treated {$hears_a eq "reorder"} ;# T6
    expect w$n alerting {$version eq $::to}; expect line 1012 ringing ;# T6
    foreach line {1001 1005 1006 1007 1009 1010 1016 1017} {hangup $line}
    foreach {call why how} {x 3 NONE t 28 NONE z 28 NONE q 16 ABANDON v 16 ABANDON o 31 ADMIN d 16 CANCEL} {
        expect cdr $call$n {$cause == $::why && $local_reason eq $::how}
    }
}
expect run {$live == 0 && $unexpected == 0}
