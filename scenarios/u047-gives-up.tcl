# Is a release on trial taken back when its calls exit by themselves, and nothing of it faults?
seed 47
module call 1.0
lines 1000-1009
lines 20000-29999
call c 1001 1002
expect c alerting -within 2s
answer 1002
traffic t -from 20000-24999 -to 25000-29999 -rate 50/s -hold exp:3s
advance 5s

phase "N12: an event that ends its call cannot be given to the version before"
upgrade call faulty/gives-up
expect upgrade installed {$failed == 0 && $lost == 0}
expect upgrade rolled-back {$reason eq "faults" && $lost == 0} -within 5s
expect run {$crashes == 0 && $lost > 5}
expect version call faulty/gives-up {$calls == 0 && $crashes == 0}

phase "who talked through it talks on, and others are answered again"
expect c active {$version eq "1.0" && $hears_a eq "speech"}
call d 1003 1004
expect d alerting -within 2s
answer 1004
expect d active {$hears_a eq "speech"}
foreach line {1001 1002 1003 1004} {hangup $line}
expect cdr c {$cause == 16 && $upgrades == 2}
stop t
expect run {$live == 0} -within 5m
