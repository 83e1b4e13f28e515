# Is the time on hold, for which 1.0 has no place, there again after 1.0 and back?
seed 3
module call 1.0
lines 1000-1009

call c 1001 1002
answer 1002
upgrade call 2.0
hold 1001
advance 10s
retrieve 1001

# 1.0 knows no hold: what it cannot say is kept beside the call
rollback call
expect upgrade rolled-back {$converted == 1 && $pinned == 0}
expect c active {$version eq "1.0"}
advance 5s
upgrade call 2.0
expect c active {$version eq "2.0"}
hangup 1001
hangup 1002
expect cdr c {$hold_ms == 10000 && $bill_ms >= 15000 && $upgrades == 3}
