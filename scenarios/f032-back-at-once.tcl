# Does a call end whose trunk fails for an instant, when the event that says so crashes?
module call 3.0
lines 1001-1002
trunk T1 1 -kind isdn
route 08 T1
call c 1001 081
signal c.b alerting
answer c.b
expect c active

# T89: the trunk is there again when the call looks, but not for this call
allow crash -on c
fault c crash
race {fault trunk T1 down; heal trunk T1} {note "for an instant"}
expect trunk T1 up
expect c clearing {$hears_a eq "disconnect"}
hangup 1001
expect cdr c {$cause == 38 && $crashes == 1}
expect circuit T1 1 idle
