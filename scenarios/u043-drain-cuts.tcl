# At the end of a drain, is only who still talks cut, and is who was hanging up left out of that count?
seed 43
module call 1.0
lines 1000-1009
call talks 1001 1002
call hangs-up 1003 1004
advance 1s
answer 1002
answer 1004

upgrade call 2.0 -mode drain -deadline 1m -background
advance 1s
allow crash -count 1
call given-back 1005 1006
advance 1s
fault given-back crash -on answer
answer 1006
expect given-back active {$version eq "1.0"}
advance 48s
hangup 1003
expect hangs-up clearing {$version eq "1.0"}

phase "one has heard the tone for ten seconds, the other is in the middle of a word"
advance 11s
expect upgrade installed {$rejected == 1 && $failed == 1 && $pinned == 0 && $lost == 0}
expect version call 1.0 {$calls == 1}

phase "who was given back by the new release talks on: no drain waits for him, and no deadline is his"
advance 2m
expect given-back active {$version eq "1.0"}
expect cdr talks {$cause == 41 && $local_reason eq "UPGRADE_REJECT"}
expect cdr hangs-up {$cause == 16 && $local_reason eq "NONE"}
foreach line {1001 1002 1004 1005 1006} {hangup $line}
