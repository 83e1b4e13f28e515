# Do the books agree while calls still wait for their process?
module call 1.0
lines 1000-1009

# an event takes a second: a call has its line long before it has begun
capacity 1/s
call g 1001 1008
call h 1002 1009
expect g routing {$version eq "" && $elapsed_ms == 0} ;# its number is complete, and it has not ended
audit ;# A3: both lines are taken, and nobody's yet; A4: no version has the calls
advance 2s
audit
advance 1500ms
audit ;# a process that has not begun is of a version, and says nothing

capacity 20000/s
expect g alerting -within 5s
expect h alerting -within 5s
audit
hangup 1001
hangup 1002
