# Does a release that crashes on a few calls come back by itself before the others get it, and does nobody suffer?
seed 21
module call 1.0
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 50/s -hold exp:10s
advance 30s

allow crash
upgrade call faulty/crash-on-answer -canary 5% -watch 1m
expect upgrade rolled-back {$reason eq "faults" && $lost == 0 && $total_us > 0}
expect version call 1.0 current
expect version call faulty/crash-on-answer {$calls == 0 && $crashes > 5}
expect run {$crashes < 20}

phase "what crashed there was answered here"
stop t
advance 5m
expect run {$live == 0 && $lost == 0}
