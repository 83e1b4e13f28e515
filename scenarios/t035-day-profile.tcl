# Does a day have its busy hours when its file says so, and do calls last as those that were measured?
seed 35
date 2026-11-30T06:00+01:00
module call 1.0
records -cdr off -events off
lines 10000-10999
lines 20000-20999

# t035-day.csv: a tenth of the calls at night, all of them from 9:00, half at noon, all up to 17:00
traffic day -from 10000-10999 -to 20000-20999 -rate 30/m -profile t035-day.csv -hold data:t035-talk.csv
advance 2h
expect traffic day running {$attempts > 250 && $attempts < 470}
advance 1h
phase "nine o'clock"
advance 1h
expect traffic day {$attempts > 2350 && $attempts < 2700}
advance 2h
# data:t035-talk.csv has a mean of 95 s
expect traffic day {$acd_s > 88 && $acd_s < 102}
stop day
expect run {$live == 0} -within 1h
