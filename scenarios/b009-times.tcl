# Does each thing happen at its time, and is what must never be so never so?
# What is planned beforehand is done while the story goes on with something
# else; what is watched is watched all the while.
seed 9
module call 1.0
lines 1000-1009
never run {$crashes > 0 || $live > 2}
never line 1009 busy

at 10s {
	note "1003 rings 1004, who has half a minute to answer"
	call late 1003 1004
	expect late active -within 30s
}
at 35s {answer 1004}
every 20s {
	expect run {$live <= 2}
	incr rounds
} -until 100s
set rounds 0

# meanwhile two others talk for two minutes
call c 1001 1002
expect c alerting -within 2s
answer 1002
advance 2m
expect late active
expect run {$::rounds == 5}
hangup 1001
hangup 1002

at +10s {hangup 1003}
at +10s {hangup 1004}
expect late ended -within 15s
expect cdr late {$bill_ms == 95000}
