# Does the bell stop at once when the caller gives up, in whatever order both act?
seed 4
module call 1.0
lines 1000-1009

call c 1001 1002
expect c alerting -within 2s
advance 4s
hangup 1001
expect c ended
expect line 1002 idle {$tone eq "none"}
expect cdr c {$cause == 16 && $local_reason eq "CANCEL" && $bill_ms == 0}

# The caller hangs up before the number is complete.
offhook d 1003
dial 1003 10
hangup 1003
expect cdr d {$local_reason eq "ABANDON" && $called_dialled eq "10"}

# The answer crosses the hang-up: in either order a call of 0 ms.
call e 1005 1006
expect e alerting -within 2s
race {hangup 1005} {answer 1006}
hangup 1006
expect e ended
expect cdr e {$bill_ms == 0}
