# Are calls connected and charged while two in a hundred of their events crash?
seed 21
module call 3.0
lines 1000-1499
lines 2000-2499
traffic t -from 1000-1499 -to 2000-2499 -rate 20/s -hold exp:10s -answer-after uniform:1s-3s
advance 10s
expect run {$crashes == 0}

# N11: each event that breaks is undone, and its call finds out what has happened (T89)
fault module call crash -rate 2% -for 1m
advance 30s
expect run {$crashes > 30 && $restarts == 0}
expect traffic t {$asr > 0.9}

# when its time is over none breaks any more; nor when it is ended by hand
advance 35s
fault module call overrun -rate 100% -on answer
advance 5s
heal module call
advance 20s
expect run {$crashes > 130 && $crashes < 350 && $restarts == 0}
stop t
expect run {$live == 0 && $cdrs == $ended} -within 5m
