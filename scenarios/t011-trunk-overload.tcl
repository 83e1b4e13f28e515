# Offered three times what the machine can carry, over trunks, is as much carried as at its best, and at once?
seed 11
module call 1.0
lines 110-119 -class emergency
lines 10000-19999
trunk T1 6000
trunk T2 20
capacity 1000/s
allow overload

# a call is ten events: 6,000 are all that can be carried in a minute
set best 5980
phase "at its best, with no gate"
traffic best -from T1 -to 10000-14999 -rate 100/s -hold exp:10s -for 1m
advance 3m
expect run {$live == 0}
expect traffic best {$answers > $::best && $answers < 1.02 * $::best && $gapped == 0}

phase "three times that: beyond it a trunk's call is refused before it has a process (T2)"
gate -delay 20ms
traffic thrice -from T1 -to 15000-19999 -rate 300/s -hold exp:10s -for 1m
advance 30s
call e T2 112
expect e alerting {$class eq "emergency"} -within 100ms
hangup e.a
advance 3m
expect traffic thrice stopped {$answers > 0.9 * $::best && $gapped > 0.4 * $attempts}
expect run {$live == 0}
expect version call 1.0 {$pdd_p95_ms < 100}
