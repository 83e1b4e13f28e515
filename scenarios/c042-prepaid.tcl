# Does who has paid in talk for his money and no longer, and begin nothing without?
seed 42
module call 3.0
account anna -prepaid 0.40 -warn 0.15
account berit
tariff town -setup 0.10 -first 0.10/60s -next 0.10/60s
lines 1001-1002 -account anna
lines 1003 -account berit -tariff town
lines 1004-1009 -tariff town
lines 112 -class emergency

call c 1001 1003
expect c alerting -within 2s
expect account anna {$reserved_micro == 200000 && $charged_micro == 0}
answer 1003
advance 59s
expect account anna {$balance_micro == 400000 && $reserved_micro == 200000}

# The second minute leaves 0.10, which is less than the warning.
advance 1s
expect line 1001 {$tone eq "warning"}
expect line 1003 {$tone eq "speech"}
expect account anna {$reserved_micro == 300000}
advance 2s
expect line 1001 {$tone eq "speech"}

# T38: after the third there is nothing for a fourth.
advance 118s
expect c clearing
expect line 1001 {$tone eq "credit"}
expect line 1003 {$tone eq "disconnect"}
hangup 1001
hangup 1003
expect cdr c {$cause == 31 && $local_reason eq "CREDIT" && $account eq "anna"}
expect cdr c {$bill_ms == 180000 && $charge_micro == 400000}
expect leg c 1 {$account eq "anna" && $pulses == 3 && $charge_micro == 400000}
expect account anna {$balance_micro == 0 && $reserved_micro == 0}

# T54: the next one ends before it rings; what is free needs no money.
call d 1002 1004
expect d treated
expect line 1002 {$tone eq "announcement"}
hangup 1002
expect cdr d {$cause == 21 && $local_reason eq "CREDIT" && $charge_micro == 0}
call e 1001 112
expect e alerting -within 2s
answer 112
advance 5m
hangup 1001
hangup 112
expect cdr e {$cause == 16 && $charge_micro == 0}
expect account berit {$charged_micro == 0}
