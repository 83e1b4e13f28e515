# Does what is due when an advance ends come by then, also behind an upgrade, which takes part of a millisecond?
# T6 T37 T40 T45, after an upgrade to each later release; what was charged stays exact
seed 45
module call 1.0
lines 1001-1009

set from 1.0
foreach to {1.1 2.0 3.0} {
    incr n
    phase "from $from to $to"
    call c$n 1001 1002; answer 1002
    call d$n 1003 1004; answer 1004
    advance 10s
    upgrade call $to
    make-permanent call $to
    hangup 1001; clear d$n
    advance 29999ms
    expect c$n clearing; expect d$n clearing
    advance 1ms
    expect c$n ended; expect d$n ended
    expect line 1002 parked; expect line 1003 parked
    foreach line {1002 1003 1004} {hangup $line}

    # and the end of an expect -within
    offhook e$n 1005
    expect e$n treated -within 20s
    hangup 1005
    expect cdr e$n {$cause == 28}

    call f$n 1006 1007; answer 1007
    advance 10s
    hangup 1006; hangup 1007
    expect cdr f$n {$bill_ms == 10000}
    expect cdr c$n {$bill_ms == 10001 && $version_end eq $::to}
    set from $to
}
