# Is a release that too few calls have run neither installed nor taken back, but watched longer, and is that said?
seed 29
module call 1.0
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 2/s -hold exp:5s -answer-after uniform:1s-3s
advance 30s

phase "20 calls have run it in this minute: no verdict by them, even by a condition that is true"
upgrade call 2.0 -canary 20% -watch 1m -fail-when {$new_ended < 1000} -background
advance 61s
expect upgrade canary {$prolonged == 1 && $canaries > 0}
expect version call 2.0 old {$ended < 100}
advance 1m
expect upgrade canary {$prolonged == 2}

phase "a hundred have ended: now it is judged"
expect upgrade rolled-back {$reason eq "fail-when" && $prolonged >= 3} -within 10m
expect version call 2.0 {$ended >= 100 && $events >= 1000 && $calls == 0}

phase "a thousand events of one call are no verdict either: a hundred must have ended"
lines 1000-1009
call c 1001 1002
expect c alerting -within 2s
answer 1002
advance 1s
upgrade call 2.0 -canary 100% -only {$calling eq "1001"} -watch 1m -fail-when {$new_events >= 1000} -background
advance 10s
for {set i 0} {$i < 500} {incr i} {
	hold 1001
	retrieve 1001
}
advance 51s
expect version call 2.0 {$events >= 2000}
expect upgrade canary {$prolonged == 1}
rollback call
expect upgrade rolled-back {$reason eq "command"}
hangup 1001
hangup 1002

phase "what is sound goes on, as soon as enough have run it"
upgrade call 2.0 -canary 50% -watch 1m
expect upgrade installed {$prolonged >= 1 && $failed == 0 && $lost == 0}
stop t
advance 1m
expect run {$live == 0 && $lost == 0 && $crashes == 0}
