# Who pays when two calls become one, and is each minute paid once?
seed 40
module call 3.0
tariff town -first 0.05/60s -next 0.05/60s
tariff far -setup 0.10 -first 0.01/1s -next 0.01/1s
lines 1000-1999 -tariff town
lines 2000-2009 -tariff far
service 1000-1999 transfer on
service 1000-1999 three-way on

call c1 1001 1002
expect c1 alerting -within 2s
answer 1002
hold 1001
consult c2 1001 2001
answer 2001
expect c2 active
advance 30s

# T29: 1001 called both, and pays both to the end, though it leaves after 30 s.
transfer 1001
expect c2 ended
expect leg c2 1 {$kind eq "moved" && $payer eq "1001" && $charge_micro == 0}
expect cdr c2 {$local_reason eq "XFER_ATT" && $bill_ms == 30000 && $charge_micro == 0}
expect cdr c2 {$linked_id eq "1" && $service_flags eq "consultation transfer"}
hangup 1001
advance 60s
hangup 1002
hangup 2001
expect leg c1 1 {$payer eq "1001" && $number eq "1002" && $charge_micro == 100000}
expect leg c1 2 {$payer eq "1001" && $number eq "2001" && $kind eq "transfer"}
expect leg c1 2 {$bill_ms == 90000 && $charge_micro == 1000000}
expect cdr c1 {$legs == 2 && $charge_micro == 1100000}
expect cdr c1 {$record_type eq "xfer" && $linked_id eq "1" && $tariff eq "town"}

# T30, T34: one that has not answered yet is charged from its answer on.
call d1 1003 1004
expect d1 alerting -within 2s
answer 1004
hold 1003
consult d2 1003 2002
expect d2 alerting -within 2s
transfer 1003
advance 10s
answer 2002
advance 5s
hangup 2002
hangup 1004
hangup 1003
expect leg d1 2 {$bill_ms == 5000 && $charge_micro == 150000}
expect cdr d1 {$charge_micro == 200000}
expect c1 ended
expect d1 ended
