# Does a release that nobody confirms go back by itself, with what it added kept for the next time?
seed 22
module call 1.0
lines 1000-1009
call c 1001 1002
call d 1003 1004
advance 1s
answer 1002
answer 1004

upgrade call 2.0 -trial 1m
expect upgrade trial {$converted == 2 && $failed == 0}
hold 1001
advance 10s
retrieve 1001
advance 30s
expect upgrade trial
advance 21s
expect upgrade rolled-back {$reason eq "trial-ended" && $converted == 2}
expect alarm upgrade-rolled-back raised
expect c active {$version eq "1.0"}
expect module call {$version eq "1.0" && $permanent eq "1.0"}

phase "confirmed in time, it stays"
upgrade call 2.0 -trial 1m
expect alarm upgrade-rolled-back cleared
make-permanent call 2.0
advance 5m
expect module call {$version eq "2.0" && $permanent eq "2.0"}
expect c active {$version eq "2.0"}
foreach line {1001 1002 1003 1004} {hangup $line}
expect cdr c {$hold_ms == 10000 && $upgrades == 3}
