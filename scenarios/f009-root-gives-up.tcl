# Does every live call end with its record when the switch has to stop by itself?
seed 9
module call 1.0
lines 1000-1009

# One talks, one rings, one still dials.
call c 1001 1002
expect c alerting -within 2s
answer 1002
call d 1003 1004
expect d alerting -within 2s
advance 30s
offhook e 1005
expect run {$live == 3}

# Twice in five seconds is too often for the supervisor of the recorder, and
# twice for the root that starts it again: there is nobody above.
allow restart
for {set i 0} {$i < 4} {incr i} {fault process recorder kill}
expect supervisor root down -within 1s
expect alarm restart-limit raised {$severity eq "critical"}

# The gate was closed first, the calls were told to end, and their records
# have waited for want of a recorder (T45).
expect cdr c {$cause == 31 && $local_reason eq "SHUTDOWN" && $bill_ms >= 30000}
expect cdr d {$cause == 31 && $bill_ms == 0}
expect cdr e {$cause == 31}
expect run {$live == 0 && $ended == 3 && $cdrs == 3 && $lost == 2}
