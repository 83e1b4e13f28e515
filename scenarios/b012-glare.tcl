# Which of two calls gets a circuit that both ends seize at once?
seed 12
module call 1.0
lines 1000-1999
trunk T1 2 -kind isdn -control even
route 08 T1

# circuit 1 is the far end's: our call goes on over the next one (T62)
call ours 1001 0855
expect ours presented {$out_circuit == 1}
call theirs T1 1002 -circuit 1
expect theirs alerting
expect circuit T1 1 busy {$call eq "theirs"}
expect ours presented {$out_circuit == 2 && $route_attempts == 2}
expect trunk T1 {$glare == 1}

# circuit 2 is ours: their call is nothing, and leaves no record
call again T1 1003 -circuit 2
expect again ended
expect line 1003 idle
expect ours presented {$out_circuit == 2}
expect run {$glare == 2 && $attempts == 2}
signal ours.b alerting
hangup 1001
hangup theirs.a
expect ours ended
expect theirs ended
expect run {$cdrs == 2}

# whichever comes first: one call on the circuit, and none is lost
race {call one 1001 0855} {call two T1 1002 -circuit 1}
expect two alerting
expect one presented {$out_circuit == 2}
hangup 1001
hangup two.a
