# Is a release watched on a tenth of the calls, found good, given to all, and at home in a new start only then?
seed 20
module call 1.0
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 50/s -hold exp:10s
advance 60s

upgrade call 2.0 -canary 10% -watch 10s -trial 1h -background
advance 1s
expect upgrade canary
expect version call 1.0 current
expect version call 2.0 old {$calls > 60 && $calls < 100}

phase "births come in the same share as the live calls did"
expect upgrade trial {$failed == 0 && $lost == 0 && $converted > 600} -within 1m
expect version call 2.0 current
expect version call 1.0 {$calls == 0}
expect module call {$version eq "2.0" && $permanent eq "1.0"}

make-permanent call 2.0
expect module call {$permanent eq "2.0"}
stop t
advance 5m
expect run {$live == 0 && $lost == 0 && $crashes == 0}
