# Can the next release, and the way back, be rehearsed while this one is still on trial?
seed 35
module call 2.0
lines 1000-1009
service 1000-1009 transfer on
call talks 1001 1002
call rings 1003 1004
advance 1s
answer 1002
upgrade call 3.0 -trial 1m
expect upgrade trial {$converted == 2}
hold 1001
consult asks 1001 1005
expect talks consulting

phase "the way back: two of one unit would stay, as 2.0 knows no consultation"
rehearse call 2.0
expect upgrade rehearsed {$converted == 1 && $pinned == 2 && $failed == 0}
rehearse call 1.1
expect upgrade rehearsed {$converted == 1 && $pinned == 2 && $failed == 0}

phase "nothing has changed: it is on trial, and the trial ends as it would have"
expect version call 3.0 current {$holders == 3}
upgrade call 1.1
expect upgrade refused {$reason eq "running"}
advance 61s
expect upgrade rolled-back {$reason eq "trial-ended" && $converted == 1 && $pinned == 2}
expect rings alerting {$version eq "2.0"}
expect talks consulting {$version eq "3.0"}
hangup 1003
clear asks
clear talks
advance 1m
