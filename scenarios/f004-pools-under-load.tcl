# Do the books agree after pools on two schedulers were killed while hundreds of calls began?
seed 5
schedulers 2
module call 1.0
param rate 1000
lines 20000-29999; lines 30000-39999
traffic t -from 20000-29999 -to 30000-39999 -rate $rate/s \
    -answer-after uniform:50ms-200ms -hold uniform:200ms-1s
allow restart -count 4
advance 1s

# calls outlive their pool under its pid, and new ones find the heir
foreach pool {pool-1 pool-0 pool-1 pool-0} {
    fault supervisor $pool kill
    advance 3s
}
expect traffic t running {$unmade == 0}
stop t -now
expect run {$live == 0} -within 5s
expect run {$attempts > 10 * $rate && $ended == $attempts && $cdrs == $ended}
