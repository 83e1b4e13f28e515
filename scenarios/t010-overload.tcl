# Offered three times what the gate lets in, does the exchange carry what it did at its best, at once, and each emergency call?
seed 10
module call 1.0
lines 110-119 -class emergency
lines 100000-109999; lines 200000-209999
lines 300000-309999; lines 400000-409999
lines 500000-509999; lines 600000-609999
capacity 2000/s
gate -rate 70/s
allow overload

phase "at its best: as much is offered as the gate lets in, 70 calls in a second"
traffic best -from 100000-109999 -to 200000-209999 -rate 70/s -hold exp:10s -for 1m
advance 3m
set best 3800
expect run {$ended > $::best && $live == 0}
expect gate open

phase "three times that: those beyond it hear congestion (T1, T48)"
traffic thrice -from 300000-309999 -to 400000-409999 -rate 210/s -hold exp:10s -for 1m
advance 30s
expect gate closed {$reason eq "rate"} -within 1s
call e 100000 110
expect e alerting {$class eq "emergency"} -within 20ms
offhook n 100001
expect n collecting -within 20ms
expect line 100001 {$tone eq "dial"} -within 20ms
dial 100001 200001
expect n treated -within 20ms
expect line 100001 {$tone eq "congestion"}
hangup 100001
hangup 100000
advance 3m
expect gate open
expect traffic thrice stopped {$unmade == 0 && $gapped > 0.5 * $attempts}
expect run {$ended > $::best + 0.9 * $::best && $live == 0}
expect version call 1.0 {$pdd_p95_ms < 20}

phase "the same without a limit of calls, but of what they wait for dial tone"
gate -delay 20ms
traffic late -from 500000-509999 -to 600000-609999 -rate 210/s -hold exp:10s -for 1m
expect gate closed {$reason eq "delay"} -within 1m
call f 300000 111
expect f alerting -within 100ms
hangup 300000
advance 3m
expect run {$ended > 2.8 * $::best && $live == 0}
expect version call 1.0 {$pdd_p95_ms < 20}
expect gate open {$gapped > 0}
