# Do two schedulers share the calls of one exchange evenly, and lose none of them?
seed 7
schedulers 2
module call 1.0
param calls 75000
lines 100000-139999; lines 200000-239999
traffic t -from 100000-139999 -to 200000-239999 -arrivals constant \
    -rate [expr {$calls / 5.0}]/s -for 5s \
    -answer-after uniform:100ms-500ms -hold uniform:500ms-1500ms
advance 10s
expect traffic t stopped {$answers == $attempts && $unmade == 0 && $live == 0}
expect run {$attempts > 0.95 * $calls && $ended == $attempts}
expect run {$live == 0 && $lost == 0 && $cdrs == $ended}
expect scheduler 0 {$births > 0.45 * $calls && $events > 3 * $calls}
expect scheduler 1 {$births > 0.45 * $calls && $events > 3 * $calls}
