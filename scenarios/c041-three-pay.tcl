# Does each of three pay until he leaves?
seed 41
module call 3.0
tariff second -first 0.01/1s -next 0.01/1s
lines 1000-1999 -tariff second
service 1001 three-way on
service 1001 transfer on

call c1 1001 1002
expect c1 alerting -within 2s
answer 1002
advance 10s
hold 1001
consult c2 1001 1003
answer 1003
advance 10s
conference 1001
expect c1 conference
expect leg c2 1 {$kind eq "moved" && $charge_micro == 0}

# T76: 1002 leaves, and 1001 pays for it no longer; what 1003 costs goes on.
advance 10s
hangup 1002
expect c1 active
expect leg c1 1 {$number eq "1002" && $bill_ms == 30000 && $charge_micro == 300000}
advance 10s
hangup 1003
hangup 1001
expect leg c1 2 {$number eq "1003" && $bill_ms == 30000 && $charge_micro == 300000}
expect cdr c1 {$legs == 2 && $pulses == 60 && $charge_micro == 600000}

# T78: the last who came is sent away.
call d1 1001 1004
expect d1 alerting -within 2s
answer 1004
hold 1001
consult d2 1001 1005
answer 1005
conference 1001
advance 10s
flash 1001
expect leg d1 2 {$number eq "1005" && $charge_micro == 100000}
hangup 1005
advance 10s
hangup 1001
hangup 1004
expect leg d1 1 {$charge_micro == 200000}
expect cdr d1 {$charge_micro == 300000}
expect c1 ended
