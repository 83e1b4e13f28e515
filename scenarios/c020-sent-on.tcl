# Is a call sent on as its called line says, once and not in a circle, also when an upgrade comes just before?
# T9 T10 T11 T17 T19 T22 T44 T63, on 2.0, and from there to 3.0 and back while the
# call collects, is presented, or rings
seed 20
module call 2.0
lines 1001-1049
lines 2000-2002 -kind isdn
foreach {line service value} {
    1021 cfu 1022  1022 cfu 1021  1023 cfu 1024  1025 cfb 1026  1027 cfb 1028  1029 cfb 1030
    2000 cfb 1031  2002 cfb 1039  2001 cfnr 1032  1033 cfnr 1034  1035 cfnr 1036  1037 cfnr 1038
} {service $line $service $value}

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 12 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}
proc rings {line at call} {expect line $line ringing; expect line $at idle; expect $call$::n alerting}

set now 2.0
foreach to {2.0 3.0 2.0} {
    incr n
    phase "three dial, three are presented, five ring on $now"
    call talks$n 1040 1025; answer 1025
    foreach {call from digits} {a 1001 102 b 1002 102 c 1003 102} {offhook $call$n $from; dial $from $digits}
    foreach {call from number} {d 1004 2000 e 1005 2001 f 1006 1027 g 1007 1029 h 1008 1033 i 1009 1035 j 1010 1037 k 1011 2002} {
        call $call$n $from $number
    }
    advance 5s; signal 2001 proceeding ;# T59, lest T303 gives it up

    phase "and are sent on, on $to"
    onward $to
    dial 1001 1; expect a$n treated {$hears_a eq "announcement"} ;# T9
    dial 1002 3; rings 1024 1023 b ;# T10
    dial 1003 5; expect line 1026 ringing; expect c$n alerting {$legs == 2} ;# T11
    reject 2000 -cause 17; rings 1031 2000 d ;# T19
    signal 2002 disconnect -cause 17; rings 1039 2002 k ;# T19
    signal 2001 alerting; expect e$n alerting {$version eq $::to} ;# T17
    reject 1027 -cause 17; rings 1028 1027 f ;# T63
    signal 1029 disconnect -cause 21; rings 1030 1029 g ;# T63
    answer 1035; expect i$n active {$hears_a eq "speech"}
    service 1037 cfnr off
    advance 10010ms; rings 1034 1033 h ;# T22
    expect i$n active {$legs == 1}
    expect line 1037 ringing; expect j$n alerting {$legs == 1} ;# T22, but it is off by now
    advance 5s; rings 1032 2001 e ;# T22
    foreach line {1001 1002 1003 1004 1005 1006 1007 1008 1009 1035 1010 1011 1040 1025} {hangup $line}
    service 1037 cfnr 1038
    expect cdr a$n {$cause == 25 && $redirect_count == 2}
    foreach {call why by} {b unconditional 1023 c busy 1025 d busy 2000 k busy 2002 e no-reply 2001 f busy 1027 g busy 1029 h no-reply 1033} {
        expect cdr $call$n {$redirect_reason eq $::why && $redirecting eq $::by && $redirect_count == 1}
    }
}
