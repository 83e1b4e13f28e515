# Is a release that answers fewer calls taken back by what is counted of its canary, before the other calls get it?
seed 28
module call 1.0
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 50/s -hold exp:5s -answer-after uniform:1s-3s
advance 30s

upgrade call faulty/turns-away -canary 20% -watch 5m
expect upgrade rolled-back {$reason eq "fail-when" && $failed == 0 && $lost == 0}
expect upgrade {$canaries < 100 && $converted < 150}
expect version call faulty/turns-away {$asr < 0.8 && $ended >= 100 && $crashes == 0 && $calls == 0}
expect version call 1.0 current {$asr > 0.95}

phase "those that it turned away are the only ones that anybody missed"
stop t
advance 1m
expect run {$live == 0 && $lost == 0 && $crashes == 0}
