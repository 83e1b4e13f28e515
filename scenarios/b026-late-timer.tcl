# Does a digit that comes in the instant in which the timer for it ends save the call, also after an upgrade?
# T4 T44 T49 T88, on 1.0 and on each release that the call is moved to while it
# collects; on one scheduler, where who dials comes before the timer each time
seed 26
schedulers 1
module call 1.0
lines 1001-1009
trunk T1 9 -kind isdn
route 08 T1 -min 2 -max 5

set now 1.0
foreach to {1.0 1.1 2.0 3.0 1.0} {
    incr n
    phase "each digit comes 15 s after the one before, or 4 s where that may be all"
    offhook a$n 1001; dial 1001 1002 -every 15s
    offhook b$n 1002; dial 1002 08123 -every 4s
    advance 1s
    if {$to ne $now} {
        upgrade call $to
        expect upgrade installed {$converted == 2 && $failed == 0}
        make-permanent call $to
        set now $to
    }
    advance 15s
    expect b$n presented {$called eq "08123" && $version eq $::to}
    hangup 1002
    advance 29s
    expect a$n alerting {$called eq "1002" && $version eq $::to}
    hangup 1001
}
# what ended before each digit but the first, and was not waited for any more
expect run {$live == 0 && $unexpected == 0 && $late == 30}
