# Is a call that is picked up cut off like any other when the money of who pays for it is gone?
seed 45
module call 3.0
account anna -prepaid 0.30
account berit -prepaid 0.20
account carla -prepaid 0.30
tariff town -setup 0.10 -first 0.05/20s -next 0.01/1s
lines 1000 -account anna
lines 1001 -account berit
lines 1002 -account carla -tariff town
lines 1003-1009 -tariff town
service 1005-1006 group room

phase "the caller pays: 20 s, and 15 s more (T25, T21, T38)"
call a 1000 1005
expect a alerting -within 2s
pickup p 1006
expect a active
expect account anna {$balance_micro == 300000 && $reserved_micro == 150000}
advance 35s
expect a clearing
expect line 1000 {$tone eq "credit"}
hangup 1000
hangup 1006
expect cdr a {$cause == 31 && $local_reason eq "CREDIT" && $charge_micro == 300000}
expect account anna {$balance_micro == 0 && $reserved_micro == 0}

phase "there is enough for the line that picks up, not for it and the one that rang"
call b 1001 1005
expect b alerting -within 2s
pickup q 1006
expect account berit {$reserved_micro == 150000}
advance 25s
expect b clearing
hangup 1001
hangup 1006
expect cdr b {$cause == 31 && $local_reason eq "CREDIT" && $charge_micro == 200000}
expect account berit {$balance_micro == 0 && $reserved_micro == 0}

phase "who forwards pays his part (T9, T25, T38)"
service 1002 cfu 1005
call c 1009 1002
expect c alerting -within 2s
pickup r 1006
expect account carla {$reserved_micro == 150000}
advance 35s
expect c clearing
hangup 1009
hangup 1006
expect cdr c {$cause == 31 && $local_reason eq "CREDIT"}
expect account carla {$balance_micro == 0 && $reserved_micro == 0}
