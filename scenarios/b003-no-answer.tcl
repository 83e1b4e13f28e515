# Does a call that nobody answers ring for three minutes and then end with cause 19?
seed 3
module call 1.0
lines 1000-1009

call c 1001 1002
expect c alerting -within 2s
never c treated -for 179s
expect c treated {$hears_a eq "no-answer"} -within 2s
expect line 1002 idle
hangup 1001
expect cdr c {$cause == 19 && $ring_ms == 0 && $disposition eq "no-answer"}

# A subscriber who dials too slowly hears the reorder tone after 20 s.
offhook d 1003
advance 19s
expect d collecting
expect d treated {$hears_a eq "reorder"} -within 2s
hangup 1003
expect cdr d {$cause == 28}
