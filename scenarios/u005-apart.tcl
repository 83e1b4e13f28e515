# Are the calls of two schedulers converted under traffic, up, down and up again, without losing one?
seed 5
schedulers 2
module call 1.0
param rate 500
lines 20000-29999; lines 30000-39999; lines 1000-1009
traffic t -from 20000-29999 -to 30000-39999 -rate $rate/s \
    -answer-after uniform:50ms-200ms -hold uniform:200ms-1s
call c 1001 1002
call d 1003 1004
expect c alerting -within 1s; expect d alerting -within 1s
answer c.b; answer d.b
advance 1s

# N6: none is cut; half of the calls are there, half here, and new ones begin meanwhile
upgrade call 2.0
expect upgrade installed {$converted > $rate / 10 && $failed == 0 && $lost == 0}
expect c active {$version eq "2.0"}; expect d active {$version eq "2.0"}
hold 1001; hold 1003
expect c active {$held_a == 1}; expect d active {$held_a == 1}
retrieve 1001; retrieve 1003
advance 1s
rollback call
expect upgrade rolled-back {$converted > $rate / 10 && $lost == 0}
expect c active {$version eq "1.0"}; expect d active {$version eq "1.0"}
advance 1s
upgrade call 2.0
expect upgrade installed {$converted > $rate / 10 && $failed == 0 && $lost == 0}
stop t -now
foreach side {c.a c.b d.a d.b} {hangup $side}
expect run {$live == 0} -within 5s
expect run {$lost == 0 && $ended == $cdrs && $ended == $attempts}
expect cdr c {$upgrades == 3 && $version_end eq "2.0"}
expect cdr d {$upgrades == 3 && $version_end eq "2.0"}
expect scheduler 0 {$births > $rate}; expect scheduler 1 {$births > $rate}
