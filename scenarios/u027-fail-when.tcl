# Is a release taken back when -fail-when comes true of what was counted, and not while too little was counted?
seed 27
module call 1.0
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 50/s -hold exp:5s
advance 30s

phase "nothing but a true condition: but a hundred calls must have ended"
upgrade call 2.0 -canary 50% -fail-when {$new_events > 0} -watch 1m
expect upgrade rolled-back {$reason eq "fail-when" && $lost == 0 && $failed == 0}
expect version call 2.0 {$ended >= 100 && $asr > 0.5 && $ner <= 1 && $calls == 0}
expect version call 1.0 current

phase "what is not so of it does no harm, nor does what nobody knows"
upgrade call 2.0 -canary 50% -watch 20s -fail-when {$new_asr < $old_asr - 0.5 || $new_ended / 0 == 1}
expect upgrade installed {$lost == 0 && $failed == 0}
expect version call 2.0 current {$ended > 0 && $crashes == 0 && $pdd_p95_ms >= 0}
stop t
advance 5m
expect run {$live == 0 && $lost == 0 && $crashes == 0}
