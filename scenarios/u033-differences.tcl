# Is a release taken back for what it would do otherwise, before it has done it to many?
seed 33
module call 2.0
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 20/s -hold exp:10s -answer-after uniform:1s-3s
advance 30s

phase "as long as it does the same it goes on, though the condition is there"
upgrade call 1.1 -canary 20% -shadow 50% -watch 30s -fail-when {$new_differences > 0}
expect upgrade installed {$differences == 0 && $canaries > 0 && $lost == 0}
rollback call
expect upgrade rolled-back {$pinned == 0}

phase "it answers differently: its own calls and what a copy shows say so"
allow unexpected-signal
upgrade call faulty/answers-differently -rehearse 0 -canary 20% -shadow 50% -watch 30s -fail-when {$new_differences > 50}
expect upgrade rolled-back {$reason eq "fail-when" && $differences > 50 && $lost == 0}
expect version call 2.0 current

phase "without a canary the copies alone decide, when the watch is over"
upgrade call faulty/crash-on-answer -rehearse 0 -shadow 50% -watch 10s -fail-when {$new_differences > 0}
expect upgrade rolled-back {$reason eq "fail-when" && $differences > 0 && $converted == 0 && $crashes == 0}
stop t
advance 2m
expect run {$live == 0 && $lost == 0 && $crashes == 0}
