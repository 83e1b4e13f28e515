# Does a call of 1.0 go to 3.0 at once and back, and does a held one of 2.0 stay held in a state of its own?
seed 10
module call 1.0
lines 1000-1009

call talks 1001 1002
call rings 1003 1004
offhook dials 1005
dial 1005 10
advance 1s
answer 1002
advance 10s

# N10: two parties with fields of their own become records of an array
upgrade call 3.0
expect upgrade installed {$converted == 3 && $failed == 0 && $pinned == 0}
expect talks active {$version eq "3.0" && $hears_a eq "speech"}
expect rings alerting {$hears_a eq "ringback"}
expect dials collecting
dial 1005 06
expect dials alerting -within 1s
answer 1004
rollback call
expect upgrade rolled-back {$converted == 3 && $pinned == 0 && $lost == 0}
expect rings active {$version eq "1.0"}

# who holds is a bit of 2.0 and a state of 3.0: it is active for all who ask
upgrade call 2.0
make-permanent call 2.0
hold 1003
upgrade call 3.0 ;# 1 ms: since the rollback it was closed, and is loaded anew
expect rings active {$held_a == 1 && $hears_b eq "hold" && $version eq "3.0"}
advance 10s
rollback call
expect upgrade rolled-back {$converted == 3 && $pinned == 0}
expect rings active {$held_a == 1 && $version eq "2.0"}
retrieve 1003

answer 1006
advance 1s
foreach line {1001 1003 1005 1002 1004 1006} {hangup $line}
expect cdr rings {$cause == 16 && $hold_ms == 10001 && $upgrades == 5}
expect cdr talks {$cause == 16 && $version_start eq "1.0" && $version_end eq "2.0"}
