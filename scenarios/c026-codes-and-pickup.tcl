# Do codes, pick-up, the hook and a blind transfer work, also for a call that 2.0 has begun and handed over?
# T25 T28 T33 T44 T52 T53 T54 T68, on 3.0, and after an upgrade from 2.0 while the
# call collects, rings, talks or holds
seed 26
module call 3.0
account anna -prepaid 0.50
tariff dear -setup 1.00 -first 0.01/1s
lines 1000-1899
lines 1900 -tariff dear
lines 2000 -account anna
service 1020-1029 group room
service 1040-1043 transfer on; service 1040 bar-out 19
service 1052 three-way on

foreach from {3.0 2.0} {
    incr n
    if {$from eq "2.0"} {upgrade call 2.0; make-permanent call 2.0}
    phase "seven have lifted, one is rung, six talk on $from"
    foreach {call line} {a 1001 b 1002 c 1022 d 1023 e 2000 f 1003 g 1004} {offhook $call$n $line}
    call r$n 1031 1021
    foreach {call line to} {s 1040 1050 t 1041 1051 u 1042 1052 v 1043 1053 w 1054 1055} {call $call$n $line $to; answer $to}
    hold 1040; hold 1043
    advance 1s
    if {$from eq "2.0"} {
        upgrade call 3.0
        expect upgrade installed {$converted == 13 && $failed == 0 && $pinned == 0}
        make-permanent call 3.0
    }

    phase "codes"
    dial 1001 *21*1009#; expect a$n treated {$hears_a eq "confirmation" && $version eq "3.0"} ;# T52
    call x$n 1005 1001; expect line 1009 ringing; hangup 1005
    dial 1002 [lindex {*99*1# *21*1002#} $n-1]; expect b$n treated {$hears_a eq "reorder"} ;# T52, none that there is, or to himself
    dial 1022 *8#; expect c$n ended; expect r$n active; expect line 1031 {$talking_to eq "1022"}; expect line 1021 idle ;# T53 T25
    dial 1023 *8#; expect d$n treated {$hears_a eq "reorder"} ;# T53, nothing rings
    dial 2000 1900; expect e$n treated {$hears_a eq "announcement"} ;# T54
    dial 1003 #21#; expect f$n treated {$hears_a eq "confirmation"} ;# T52
    hangup 1001; offhook y$n 1001; dial 1001 #21#; hangup 1001; hangup 1004
    call z$n 1005 1001; expect line 1001 ringing; hangup 1005

    phase "and the hook"
    consult sb$n 1040 1900; expect s$n active {$held_a == 1}; expect line 1040 {$calls == 1} ;# T28, what it may not
    consult sc$n 1040 1060; expect s$n consulting; expect sc$n alerting; expect line 1060 ringing ;# T28
    transfer 1041 1061; expect t$n transferring; expect line 1041 parked; answer 1061; expect line 1051 {$talking_to eq "1061"} ;# T33
    foreach held {0 1} {
        transfer 1054 1062; expect w$n active {$held_a == $::held}; expect line 1062 idle ;# T33, who may not
        hold 1054
    }
    retrieve 1054; flash 1042; expect u$n consulting; expect line 1042 {$tone eq "dial"}; flash 1042; expect u$n active ;# T68
    flash 1052; expect u$n consulting; flash 1052
    flash 1043; expect v$n consulting {$held_a == 1}; dial 1043 1063; expect line 1063 ringing ;# T68
    flash 1055; expect w$n active {$hears_a eq "speech"}; expect run {$unexpected == $::n} ;# T68, who may not consult
    foreach line {1040 1050 1041 1051 1061 1042 1052 1043 1053 1054 1055 1002 1022 1023 2000 1003 1031} {catch {hangup $line}}
    advance 31s
    foreach line {1040 1043} {catch {answer $line}; catch {hangup $line}}
    foreach {call why how} {a 16 SERVICE b 50 SERVICE c 16 PICKUP d 29 NONE e 21 CREDIT f 16 SERVICE} {
        expect cdr $call$n {$cause == $::why && $local_reason eq $::how}
    }
}
expect run {$live == 0}
