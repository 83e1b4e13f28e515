# Do calls that share what was paid in never cost more than that together?
seed 43
module call 3.0
account family -prepaid 0.10
tariff second -first 0.01/1s -next 0.01/1s
lines 1001-1003 -account family
lines 1004-1009 -tariff second

call c 1001 1004
call d 1002 1005
expect d alerting -within 2s
answer 1004
advance 500ms
answer 1005
expect account family {$balance_micro == 100000 && $reserved_micro == 20000}

# Each takes the next second when it needs it: ten of them are there.
advance 4s
expect account family {$reserved_micro == 100000}
expect c active
advance 500ms
expect c clearing
expect d active
advance 500ms
expect d clearing
hangup 1001
hangup 1002
hangup 1004
hangup 1005
expect cdr c {$bill_ms == 5000 && $charge_micro == 50000 && $local_reason eq "CREDIT" && $cause == 31}
expect cdr d {$bill_ms == 5000 && $charge_micro == 50000 && $local_reason eq "CREDIT" && $cause == 31}
expect account family {$balance_micro == 0 && $reserved_micro == 0}
expect account family {$charged_micro == 100000}

