# Does a deadline hold when another upgrade has begun before it passes, and end with a rollback?
seed 31
module call 2.0
lines 1000-1009
call held 1001 1002
call plain 1003 1004
advance 1s
answer 1002
answer 1004
hold 1001

# 1.0 cannot say that a call is held; nor can 1.1, to which the next one goes
upgrade call 1.0 -deadline 30s
expect upgrade installed {$pinned == 1}
make-permanent call 1.0
advance 9s
upgrade call 1.1
rollback call
advance 1s
upgrade call 1.1
expect upgrade installed {$pinned == 1}
advance 19s
expect held active {$version eq "2.0"}
advance 2s
expect held ended
expect cdr held {$cause == 41 && $local_reason eq "UPGRADE_REJECT"}
expect plain active {$version eq "1.1"}

# what goes back has no use for the deadline of the way there
rollback call
upgrade call 2.0
call other 1005 1006
advance 1s
answer 1006
hold 1005
make-permanent call 2.0
upgrade call 1.0 -deadline 30s
rollback call
advance 1m
expect other active {$held_a == 1 && $version eq "2.0"}

# what came along and was left behind by a later one is not cut by the first's
service 1007 transfer on
call talks 1007 1008
advance 1s
answer 1008
upgrade call 1.0 -deadline 30s
make-permanent call 1.0
upgrade call 3.0
hold 1007
consult asks 1007 1009
make-permanent call 3.0
upgrade call 2.0
expect upgrade installed {$pinned == 2}
advance 31s
expect talks consulting {$version eq "3.0"}
hangup 1007
foreach line {1002 1003 1004 1005 1006 1008} {hangup $line}
