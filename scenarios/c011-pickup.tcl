# Is a call that rings answered at another telephone of the room, once, and who pays for it then?
seed 32
module call 3.0
tariff town -first 0.05/60s -next 0.05/60s
lines 1000-1009 -tariff town
service 1002-1005 group room

phase "one of the room picks it up (T25, T53)"
call a 1001 1002
advance 4s
pickup p 1003
expect p ended
expect line 1002 idle
expect line 1001 {$talking_to eq "1003"}
advance 60s
hangup 1003
hangup 1001
expect cdr p {$cause == 16 && $local_reason eq "PICKUP" && $charge_micro == 0}
expect leg a 1 {$number eq "1002" && $cause == 26 && $charge_micro == 0}
expect leg a 2 {$number eq "1003" && $kind eq "pickup" && $payer eq "1001" && $charge_micro == 50000}
expect cdr a {$called_dialled eq "1002" && $connected eq "1003" && $ring_ms == 4000 && $charge_micro == 50000}

allow cause ;# 29, of the loser
phase "two want it: one has it, the other hears that there is nothing"
call b 1001 1002
race {pickup one 1003} {pickup other 1004}
expect b active
expect line 1002 idle
expect run {$live == 2}
foreach line {1001 1003 1004} {hangup $line}
expect cdr b {$cause == 16}

phase "the code of a neighbour's telephone, and one for the own (T52)"
call d 1001 1004
advance 1s
pickup r 1005 1004
expect d active
offhook e 1009
dial 1009 *21*1008#
expect e treated
expect line 1009 {$tone eq "confirmation"}
foreach line {1001 1005 1009} {hangup $line}
expect cdr e {$cause == 16 && $local_reason eq "SERVICE"}

phase "who transferred is rung again, and somebody of the room is there (T35, T25)"
service 1002 transfer on
call f 1002 1001; answer 1001
transfer 1002 1008; hangup 1002; reject 1008
expect line 1002 ringing
pickup s 1003
expect f active; expect line 1002 idle
expect line 1001 {$talking_to eq "1003"}
foreach line {1003 1001} {hangup $line}

phase "who holds dials the code: he has two calls then, of which none is a consultation (T53, T31, T67, T90)"
call g 1002 1001; answer 1001; call h 1009 1004
flash 1002; dial 1002 *8#; expect h active; expect g active {$held_a == 1}
flash 1002; expect g active {$held_a == 0}; expect h active {$held_b == 1}
hangup 1002; expect h alerting; foreach line {1009 1001} {hangup $line}
