# Does who calls a busy line hear the busy tone, and the two who talk nothing of it?
seed 2
module call 1.0
lines 1000-1009

call first 1001 1002
expect first alerting -within 2s
answer 1002
expect first active

call second 1003 1002
expect second treated {$hears_a eq "busy"} -within 1s
expect line 1002 busy {$tone eq "speech" && $talking_to eq "1001"}

# The busy tone ends by itself after 30 s; the line is parked until on-hook.
advance 31s
expect second ended
expect line 1003 parked
hangup 1003
expect line 1003 idle
expect cdr second {$cause == 17 && $bill_ms == 0 && $disposition eq "busy"}

hangup 1001
hangup 1002
expect cdr first {$cause == 16 && $bill_ms == 31000}
