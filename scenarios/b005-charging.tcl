# Does 1001 reach 1002, hear the right tones, talk for 90 s and pay for exactly that?
seed 1
module call 1.0
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 1000-1999 -tariff town
lines 2000-2009

offhook c 1001
expect c collecting
expect line 1001 {$tone eq "dial"} -within 400ms
dial 1001 1002 -every 200ms
expect c alerting -within 2s
expect line 1002 ringing
expect line 1001 {$tone eq "ringback"}
advance 6s
answer 1002
expect c active {$hears_a eq "speech" && $hears_b eq "speech"}
advance 90s
hangup 1001
expect line 1001 idle
expect line 1002 {$tone eq "disconnect"}
hangup 1002
expect c ended
expect cdr c {$cause == 16 && $release_side eq "A" && $ring_ms == 6000 && $bill_ms == 90000}
expect cdr c {$pulses == 2 && $charge_micro == 170000}

# the two ends hang up at one instant: one record, no line left busy
call d 1003 1004
expect d alerting -within 2s
answer 1004
race {hangup 1003} {hangup 1004}
expect d ended
expect cdr d {$cause == 16}

# the answer crosses the abandon: in either order a call of 0 ms, and such a call pays nothing
call e 1005 1006
expect e alerting -within 2s
race {hangup 1005} {answer 1006}
hangup 1006
expect cdr e {$bill_ms == 0 && $pulses == 0 && $charge_micro == 0}

# 1 ms is answered and begun; a call that nobody answers, and one to a line without a tariff, are free
call f 1007 1008
expect f alerting -within 2s
answer 1008
advance 1ms
hangup 1007
hangup 1008
expect cdr f {$bill_ms == 1 && $pulses == 1 && $charge_micro == 150000}
call g 1007 1008
advance 20s
hangup 1007
expect cdr g {$pulses == 0 && $charge_micro == 0}
call h 1007 2001
expect h alerting -within 2s
answer 2001
advance 10m
hangup 2001
hangup 1007
expect cdr h {$bill_ms == 600000 && $pulses == 0 && $charge_micro == 0}
