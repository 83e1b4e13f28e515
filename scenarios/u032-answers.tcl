# Does each answer say what was asked for, of which versions, and what came of it in the end?
seed 32
module call 1.0
lines 1000-1009
lines 20000-29999
traffic t -from 20000-24999 -to 25000-29999 -rate 20/s -hold exp:20s -answer-after uniform:1s-3s
advance 30s
allow refused -count 4

phase "a second one is refused; what is asked about goes on to be the first"
upgrade call 2.0 -canary 10% -watch 1m -background
advance 1s
upgrade call 3.0
make-permanent call 2.0
expect upgrade canary {$version_to eq "2.0" && $reason eq "none"}

phase "how many came there, and how many went back"
rollback call
expect upgrade rolled-back {$reason eq "command" && $converted > 10}
expect upgrade {$returned > 10 && $lost == 0}

phase "where nothing is on trial there is nothing to take back, or to keep"
rollback call
expect upgrade refused {$reason eq "not-found" && $version_from eq "1.0" && $version_to eq ""}
make-permanent call 2.0
expect upgrade refused {$version_from eq "1.0" && $version_to eq "2.0"}

phase "a canary for which there is no call says so after its first watch"
upgrade call 2.0 -canary 50% -only {$calling eq "1001"} -watch 1m
expect upgrade rolled-back {$reason eq "no-verdict" && $prolonged == 0 && $converted == 0}

phase "a call that a deadline cuts is counted where the deadline was given"
call held 1002 1003
expect held alerting -within 2s
answer 1003
upgrade call 2.0
hold 1002
rollback call -deadline 1m
expect upgrade rolled-back {$pinned == 1 && $rejected == 0}
advance 61s
expect upgrade {$rejected == 1}
expect cdr held {$local_reason eq "UPGRADE_REJECT" && $cause == 41}
hangup 1002
hangup 1003
stop t -now
advance 10s
