# Do the calls of a scheduler outlive the supervisor that started them, and do new ones begin?
seed 3
schedulers 2
module call 1.0
lines 1000-1999
allow restart -count 2
call a 1001 1002
call b 1003 1004
expect a alerting -within 1s; expect b alerting -within 1s
answer a.b; answer b.b
expect supervisor pool-0 running {$children == 1}
expect supervisor pool-1 running {$children == 1}

# the pool of the second scheduler: b stays, under the pid of its dead supervisor
fault supervisor pool-1 kill
expect supervisor calls-1 running {$restarts == 1} -within 1s
expect supervisor pool-1 running {$children == 1}
expect a active; expect b active
hangup b.a; hangup b.b
expect b ended -within 1s

# the pool of the first, while its call rings and another begins
call c 1005 1006
call d 1007 1008
expect c alerting -within 1s; expect d alerting -within 1s
fault supervisor pool-0 kill
call e 1009 1010
expect supervisor calls running {$restarts == 1} -within 1s
expect e alerting -within 1s
foreach side {a.a a.b c.a d.a e.a} {hangup $side}
advance 1s
expect run {$live == 0 && $lost == 0 && $ended == 5 && $cdrs == 5}
