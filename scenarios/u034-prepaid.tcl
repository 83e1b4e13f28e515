# Is a call that an older release lets talk on cut when one that knows of credit has it?
seed 34
module call 2.0
account anna -prepaid 0.03
tariff second -first 0.01/1s -next 0.01/1s
lines 1001-1003 -account anna
lines 1004-1009 -tariff second

# 2.0 has no word for credit: who has paid in too little owes the rest.
call c 1001 1004
expect c alerting -within 2s
answer 1004
advance 10s
expect c active
expect account anna {$reserved_micro == 30000}
upgrade call 3.0
expect c active {$version eq "3.0"}

# T38, after the upgrade: the exchange tells it again, within a second.
expect c clearing -within 1s
expect line 1001 {$tone eq "credit"}
hangup 1001
hangup 1004
expect cdr c {$cause == 31 && $local_reason eq "CREDIT" && $charge_micro == 110000}
expect account anna {$balance_micro == -80000 && $reserved_micro == 0}

# The other way it goes on to its end, and what it costs is the same.
account berit -prepaid 0.05
lines 1011 -account berit
call d 1011 1005
expect d alerting -within 2s
answer 1005
advance 3s
rollback call
advance 4s
expect d active {$version eq "2.0"}
hangup 1011
hangup 1005
expect cdr d {$cause == 16 && $bill_ms == 7000 && $charge_micro == 70000}
expect account berit {$balance_micro == -20000}
