# Is a call that an older release cannot say cut when the operator gave a deadline, and only then?
seed 25
module call 2.0
lines 1000-1009
call held 1001 1002
call freed 1003 1004
call plain 1005 1006
advance 1s
foreach line {1002 1004 1006} {answer $line}
hold 1001
hold 1003

upgrade call 1.0 -deadline 1m
expect upgrade installed {$converted == 1 && $pinned == 2}
advance 30s
expect held active {$version eq "2.0" && $held_a == 1}
retrieve 1003
expect freed active {$version eq "1.0"}

advance 31s
expect held ended
expect cdr held {$cause == 41 && $local_reason eq "UPGRADE_REJECT"}
expect leg held 1 {$cause == 41}
expect freed active
expect plain active {$version eq "1.0"}
expect version call 2.0 {$calls == 0}
foreach line {1001 1002 1003 1004 1005 1006} {hangup $line}
expect cdr freed {$cause == 16}
