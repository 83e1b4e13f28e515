# Is every circuit free again, or taken out of service and told of, whatever a far end that is silent does at the end?
# T40 T41 T44 T45 T58 T70 T83 T84 T85 T86, on 1.0 and on each release that the
# call is moved to while it is cleared
seed 24
module call 1.0
lines 1001-1029
trunk S 40 -kind isdn -far silent
route 08 S
allow cause

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 10 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 1.0
foreach to {1.0 1.1 2.0 3.0 1.0} {
    incr n
    phase "two circuits that wait for the far ends of both, on $now (T45 T40)"
    call two$n S 081; answer two$n.b; clear two$n
    advance 30010ms; expect two$n releasing
    phase "five calls in CLEAR (T37 T45), four in REL (T58 T40)"
    foreach {call from number} {a 1001 1011 b 1002 1012 c 1003 1013 d 1004 1014 e 1005 081 f 1006 081 g 1007 081 h 1008 081 i 1009 081} {
        call $call$n $from $number
    }
    foreach call {a b c d e} {answer $call$n.b}
    foreach call {a b c e} {hangup $call$n.a}
    clear d$n
    foreach call {a b c d e} {expect $call$n clearing}
    foreach call {f g h i} {hangup $call$n.a; expect $call$n releasing}
    advance 1s

    phase "and they end on $to"
    onward $to
    hangup 1011; expect a$n ended ;# T40 T41
    dial c$n.b 5; expect c$n clearing ;# T83, of who was called
    hangup 1014; expect d$n clearing; dial 1004 7; hangup 1004; expect d$n ended ;# T40 T70
    signal e$n.b release-complete; expect e$n ended ;# T86
    signal f$n.b release-complete; expect f$n ended ;# T41
    signal g$n.b answer; expect g$n releasing ;# T83
    signal two$n.b release-complete; expect two$n releasing ;# T41
    signal two$n.a release-complete; expect two$n ended
    signal i$n.b release; expect i$n ended ;# T41
    advance 3s; signal g$n.b release-complete; expect g$n ended ;# T84, T41
    expect h$n releasing ;# T84
    advance 4s; expect h$n ended; expect alarm circuit-blocked raised {$count == $::n} ;# T85
    expect cdr h$n {$cause == 16 && $diagnostic == 102 && $upgrades == ($::n > 1)}
    expect leg h$n 1 {$cause == 16 && $diagnostic == 102 && $timer eq "T308"}
    advance 23s; expect b$n ended; expect line 1012 parked ;# T40, after T306
    foreach line {1012 1013} {hangup $line}
}
expect trunk S up {$busy == 0}
expect run {$live == 0 && $unexpected == 0 && $late == 10}
