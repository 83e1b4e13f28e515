# Does a call held on 2.0 consult on 3.0, keep its consultation through a rollback, and transfer with the right payer?
seed 4
module call 2.0
records -events all
trunk T1 30 -direction both -control even
tariff town -first 0.05/60s -next 0.05/60s
tariff long -setup 0.10 -first 0.01/1s -next 0.01/1s
lines 1000-1999 -tariff town
route 08 T1 -tariff long
service 1000-1999 transfer on

call c1 1001 1002
expect c1 alerting -within 2s
answer 1002
hold 1001
expect c1 active {$held_a == 1 && $version eq "2.0"}

upgrade call 3.0 -trial 1h
expect upgrade trial {$converted == 1 && $failed == 0}
expect c1 active {$held_a == 1 && $version eq "3.0"}

consult c2 1001 085551234
expect c1 consulting
expect c2 presented {$version eq "3.0" && $out_trunk eq "T1"}
signal c2.b alerting
expect c2 alerting
rollback call
expect upgrade rolled-back {$pinned == 2 && $lost == 0}
expect c1 consulting {$version eq "3.0"}
answer c2.b
expect c2 active
advance 30s
transfer 1001
expect c2 ended
expect c1 active {$legs == 2 && $held_a == 0 && $version eq "2.0"}
expect line 1001 parked
hangup 1001
expect line 1001 idle
expect line 1002 {$talking_to eq "085551234"}
advance 60s
hangup 1002
expect c1 ended -within 5s
expect version call 3.0 {$holders == 0}

# 1001 called both, so 1001 pays both: two town minutes, and 90 s of long distance though it left after 30
expect cdr c2 {$local_reason eq "XFER_ATT" && $bill_ms == 30000 && $charge_micro == 0}
expect leg c1 1 {$payer eq "1001" && $number eq "1002" && $charge_micro == 100000}
expect leg c1 2 {$payer eq "1001" && $number eq "085551234" && $kind eq "transfer" && $bill_ms == 90000 && $charge_micro == 1000000}
expect cdr c1 {$cause == 16 && $upgrades == 2 && $version_start eq "2.0" && $version_end eq "2.0"}
ladder c1
