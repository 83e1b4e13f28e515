# Do the reports of a run tell what was asked of it, by word and by condition?
seed 30
records -events all
module call 1.0
tariff town -first 0.05/60s -next 0.02/30s
lines 1000-1009 -tariff town

# One that talks for 90 s, one that is too short to be meant, one that is busy.
call c 1001 1002
advance 2s
answer 1002
call short 1003 1004
advance 1s
answer 1004
advance 2s
hangup 1003
hangup 1004
call busy 1005 1002
expect busy treated
hangup 1005
report calls state=busy
report calls number=1004 time=2s-4s -format csv
report short
report causes

upgrade call 2.0
advance 90s
report hung longer=1m
hangup 1001
hangup 1002
report upgrade 1
make-permanent call 2.0
report calls -where {$upgrades > 0 && $bill_ms > 60000} -limit 1 -format json
report compare call 1.0 2.0
ladder c

expect cdr c {$cause == 16 && $version_end eq "2.0"}
expect cdr short {$bill_ms == 2000}
