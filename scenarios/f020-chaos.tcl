# Do the books agree after a minute in which calls, processes, lines, trunks and the database break at random?
seed 1
module call 3.0
lines 1000-1099
lines 2000-2099
trunk T1 20
route 08 T1 -strip 2
behaviour people -busy 5% -no-answer 5% -hold 10% -answer-after uniform:1s-4s -redial 20% -redial-after fixed:10s
traffic local -from 1000-1099 -to 2000-2099 -rate 4/s -hold exp:10s -behaviour people
traffic out -from 1000-1099 -to T1 -rate 1/s -hold exp:10s
traffic in -from T1 -to 2000-2099 -rate 1/s -hold exp:10s

# what follows from faults is allowed: crashes, restarts, alarms, causes
advance 10s
chaos -rate 1/s -for 1m
advance 1m

# all is whole again: it goes on as before, and ends as it should
advance 10s
expect database ok
expect trunk T1 up
expect supervisor calls running
advance 20s
stop all
expect run {$live == 0} -within 10m
expect run {$crashes > 0 && $ended > 300 && $cdrs == $ended}
