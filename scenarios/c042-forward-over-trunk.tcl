# Does who forwards his calls over a trunk pay for the way they take at last?
seed 42
module call 2.0
trunk near 1 -kind isdn
trunk far 3 -kind isdn
tariff town -first 0.05/60s -next 0.05/60s
tariff long -first 0.01/1s -next 0.01/1s
lines 1000-1999 -tariff town
route 08 near far -tariff long
service 1002 cfu 0812

# the first way refuses the call: it goes over the other one (T10, T19)
call c 1001 1002
expect c presented {$out_trunk eq "near" && $legs == 2}
reject c.b -cause 34
expect c presented {$out_trunk eq "far" && $route_attempts == 2}
answer c.b
advance 10s
hangup c.b
hangup 1001
expect leg c 1 {$payer eq "1001" && $number eq "1002" && $charge_micro == 50000}
expect leg c 2 {$payer eq "1002" && $number eq "0812" && $kind eq "forward" && $out_trunk eq "far"}
expect leg c 2 {$tariff eq "long" && $charge_micro == 100000}

# the first way is full (T14)
call other 1003 0855
call d 1001 1002
expect d presented {$out_trunk eq "far"}
answer d.b
advance 5s
hangup d.b
hangup 1001
hangup 1003
expect leg d 2 {$payer eq "1002" && $out_trunk eq "far" && $charge_micro == 50000}
