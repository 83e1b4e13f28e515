# Is a call undisturbed by what makes no sense, comes too late, or crashes, and is it given up when nothing helps?
# T39 T43 T44 T83 T87 T89, on 1.0 and on each release that the call is moved to
seed 25
module call 1.0
lines 1001-1029
trunk T1 30 -kind isdn
trunk S 9 -kind isdn -far silent
route 08 S

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 7 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 1.0
foreach to {1.0 1.1 2.0 3.0 1.0} {
    incr n
    phase "seven calls in all kinds of states on $now"
    call z$n T1 1028; hangup z$n.a; expect z$n ended
    call a$n 1001 1011
    call b$n 1002 1012; answer 1012
    call c$n 1003 1013; answer 1013
    call d$n 1004 1014; answer 1014; hangup 1004
    call e$n 1005 1015; answer 1015
    call f$n 1006 081; answer f$n.b; hangup 1006
    call g$n 1007 1017
    advance 1s

    phase "what comes then makes no sense, on $to"
    onward $to
    signal 1001 conference; signal 1002 transfer; signal 1002 offhook
    expect run {$unexpected == 3 * $::n} ;# T43: answered and counted, no more
    expect a$n alerting; expect b$n active {$hears_a eq "speech"}
    signal 1014 answer; signal f$n.b alerting
    expect run {$late == 2 * $::n} ;# T83
    expect d$n clearing; expect f$n clearing
    signal z$n.a answer; expect run {$attempts == 8 * $::n && $unexpected == 3 * $::n && $live == 7} ;# T87

    phase "or breaks what hears it"
    fault a$n crash -on answer; answer 1011
    expect a$n active {$hears_a eq "speech"} ;# T89
    fault c$n crash -on onhook; hangup 1013
    expect c$n clearing; expect line 1003 {$tone eq "disconnect"} ;# T89
    fault e$n crash -count 2; hangup 1015; expect e$n ended; expect line 1005 parked ;# T39
    fault g$n crash -count 2; reject 1017; expect g$n ended; expect line 1017 idle ;# T39
    expect run {$crashes == 6 * $::n}
    foreach line {1001 1011 1002 1012 1003 1014 1005 1007} {hangup $line}
    signal f$n.b release-complete; advance 1s
    foreach {call why} {a 16 b 16 c 16 e 41 f 16 g 41} {expect cdr $call$n {$cause == $::why && $upgrades == ($::n > 1)}}
    expect cdr e$n {$local_reason eq "CRASH" && $crashes == 2}
}
