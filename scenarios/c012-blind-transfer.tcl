# May one leave the other side to a number without asking there, and who rings when nobody answers?
seed 33
module call 3.0
tariff town -first 0.05/60s -next 0.05/60s
lines 1000-1009 -tariff town
service 1001 transfer on

phase "1002 is left to 1003, at 1001's cost (T33, T79, T34)"
call a 1002 1001
advance 1s
answer 1001
advance 30s
transfer 1001 1003
expect a transferring
expect line 1001 parked
expect line 1002 {$tone eq "ringback"}
hangup 1001
answer 1003
expect a active
expect line 1003 {$talking_to eq "1002"}
advance 60s
hangup 1002
hangup 1003
expect leg a 1 {$payer eq "1002" && $number eq "1001" && $charge_micro == 100000}
expect leg a 2 {$payer eq "1001" && $number eq "1003" && $kind eq "transfer" && $charge_micro == 50000}

phase "nobody answers for three minutes: 1001 is rung, and then 1002 hears that (T35, T23)"
call b 1002 1001
advance 1s
answer 1001
transfer 1001 1004
hangup 1001
advance 179s
expect b transferring
advance 1s
expect b alerting
expect line 1001 ringing
expect line 1004 idle
answer 1001
expect b active
expect line 1001 {$talking_to eq "1002"}
hangup 1001
hangup 1002
expect leg b 2 {$number eq "1004" && $kind eq "transfer" && $cause == 19 && $charge_micro == 0}

phase "a number that leads nowhere (T35, T8)"
call c 1002 1001
advance 1s
answer 1001
transfer 1001 77
expect c treated
expect line 1002 {$tone eq "announcement"}
hangup 1001
hangup 1002
expect cdr c {$cause == 3}
