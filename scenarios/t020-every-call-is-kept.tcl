# Has every call of a long run exactly one record, and is the charge of all of them what each has paid?
seed 20
module call 1.1
param calls 20000
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 100000-199999
lines 200000-299999 -tariff town

# a second of the run brings a thousandth of the calls; each talks for a minute on average
set rate [expr {$calls / 1000}]
traffic t -from 100000-199999 -to 200000-299999 -rate $rate/s \
    -answer-after uniform:1s-20s -hold exp:60s -for 1000s
advance 1000s
expect traffic t stopped {$attempts > 0.9 * $::calls}

# the last ones hang up as they would
expect run {$live == 0} -within 30m
expect run {$ended == $attempts && $cdrs == $ended && $lost == 0}
expect database ok -within 10s
show run
