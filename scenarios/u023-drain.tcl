# Do calls in progress end on the old code while new ones begin on the new, and is it told when the last is gone?
seed 23
module call 1.0
lines 1000-1009
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 20/s -hold fixed:30s
call old 1001 1002
advance 40s
answer 1002

# N7, N8: both versions at once: who began on the old one stays there, who is born goes to the new
upgrade call 2.0 -mode drain -background
expect upgrade converting -within 1s
call young 1003 1004
advance 1s
answer 1004
hold 1003
expect young active {$version eq "2.0" && $held_a == 1}
advance 60s
expect upgrade converting
expect old active {$version eq "1.0"}
expect version call 1.0 old {$calls == 1}

hangup 1001
hangup 1002
expect upgrade installed {$converted == 0 && $failed == 0 && $lost == 0} -within 1s
expect version call 1.0 {$calls == 0}

phase "back from there: the young ones are converted down, but the held one"
rollback call
expect upgrade rolled-back {$pinned == 1 && $lost == 0}
expect young active {$version eq "2.0"}
retrieve 1003
expect young active {$version eq "1.0"} -within 1s
stop t
hangup 1003
hangup 1004
advance 2m
expect cdr old {$version_end eq "1.0" && $upgrades == 0}
