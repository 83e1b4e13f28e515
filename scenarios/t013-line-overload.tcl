# Offered three times what the machine can carry, from lines, is as much carried as at its best, and at once?
seed 13
module call 1.0
lines 110-119 -class emergency
lines 10000-11999; lines 12000-13999
lines 30000-34999; lines 35000-39999
lines 20000-20009
capacity 1000/s
allow overload

# a call is ten events: 6,000 are all that can be carried in a minute
set best 5910
phase "at its best, with no gate"
traffic best -from 10000-11999 -to 12000-13999 -rate 100/s -hold exp:5s -for 1m
advance 2m
expect traffic best stopped {$answers > $::best && $answers < 1.02 * $::best && $gapped == 0}

phase "three times that: who has dialled is told before his call has a process"
gate -delay 20ms
traffic thrice -from 30000-34999 -to 35000-39999 -rate 300/s -hold exp:5s -for 1m
advance 30s
expect gate closed {$reason eq "delay"} -within 1s
call e 20000 110
expect e alerting {$class eq "emergency"} -within 400ms
expect gate closed -within 1s
call n 20001 20002
expect line 20001 parked {$tone eq "congestion"}
expect n ended
hangup 20000
hangup 20001
expect line 20001 idle
advance 2m
expect traffic thrice stopped {$unmade == 0 && $gapped > 0.5 * $attempts}
expect traffic thrice stopped {$answers > 0.9 * $::best && $live == 0}
expect version call 1.0 {$pdd_p95_ms < 100}
expect gate open
