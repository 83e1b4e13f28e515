# A call from one line to another, answered at once, for so long.
proc talk {name from to long} {
	call $name $from $to
	expect $name alerting -within 2s
	answer $to
	advance $long
	hangup $from
	hangup $to
	expect $name ended
}
