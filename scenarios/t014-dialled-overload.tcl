# Offered three times what the machine can carry, from callers who dial digit by digit, is as much carried as at its best?
seed 14
module call 1.0
lines 110-119 -class emergency
lines 12000-13999; lines 14000-15999
lines 30000-34999; lines 35000-39999
lines 20000-20009
capacity 1000/s
behaviour slow -answer 100% -dial-every fixed:200ms
allow overload

# heard in a call of its own, each is some 26 events: 2,300 are all that can be carried in a minute
set best 2250
phase "at its best, with no gate"
traffic best -from 12000-13999 -to 14000-15999 -rate 38/s -hold exp:5s -behaviour slow -for 1m
advance 2m
expect traffic best stopped {$answers > $::best && $answers < 1.05 * $::best && $gapped == 0}

phase "three times that: who lifts has dial tone (T1), and no process before his number is whole and let in (T2)"
gate -delay 20ms
traffic thrice -from 30000-34999 -to 35000-39999 -rate 114/s -hold exp:5s -behaviour slow -for 1m
advance 30s
offhook e 20000
expect e collecting {$hears_a eq "dial"}
expect line 20000 busy {$tone eq "dial"}
dial 20000 112 -every 200ms
expect line 20000 {$tone eq "none"}
expect e alerting {$class eq "emergency"} -within 1s
hangup 20000

# who gives up is counted as gapped, and so is whoever finds it closed when he has dialled
offhook n 20001
dial 20001 2000
expect n collecting {$called eq "2000"}
hangup 20001
expect line 20001 idle
expect n ended
advance 2m
expect traffic thrice stopped {$unmade == 0 && $gapped > 0 && $live == 0}
expect traffic thrice stopped {$answers > 0.9 * $::best}
expect version call 1.0 {$pdd_p95_ms < 100}
expect gate open
expect run {$attempts == $gapped + $ended && $cdrs == $ended && $live == 0}
