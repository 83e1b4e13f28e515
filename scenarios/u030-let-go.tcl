# Is what an older release had no place for forgotten once that release is permanent, and kept until then?
seed 30
module call 2.0
lines 1000-1009
call kept 1001 1002
advance 1s
answer 1002
hold 1001
advance 10s
retrieve 1001

# 1.0 does not know how long a call was held; until it is permanent the call keeps that beside it
upgrade call 1.0
rollback call
hangup 1001
hangup 1002
expect cdr kept {$hold_ms == 10000 && $version_end eq "2.0"}

call gone 1003 1004
advance 1s
answer 1004
hold 1003
advance 10s
retrieve 1003
upgrade call 1.0
make-permanent call 1.0
expect upgrade permanent
upgrade call 2.0
expect gone active {$version eq "2.0"}
hangup 1003
hangup 1004
expect cdr gone {$hold_ms == 0 && $version_end eq "2.0"}
