# How many calls in a second may come before more than one in a hundred finds all circuits busy?
seed 31
module call 1.0
records -cdr off -events off
lines 10000-10999
trunk T1 30
route 08 T1

# thirty circuits lose 1 % of 20.3 erlangs (Erlang B): of calls of 60 s that is one in three seconds
traffic busy -from 10000-10999 -to T1 -rate 0.2/s -hold exp:60s -answer-after fixed:0s
set best [search busy 0.2/s-1/s {$blocking < 0.01} -step 10% -each 3h]
note "the highest rate is $best"
expect traffic busy running
if {![string match *0.3* $best] && $best ne "0.4/s"} {
	error "$best is not about 20.3 erlangs in 60 s"
}

# the same of erlangs, and the traffic goes on with what was found
search busy 5E-80E {$blocking < 0.05 && $asr > 0.9} -step 25% -each 1h
stop all -now
expect run {$live == 0} -within 1h
