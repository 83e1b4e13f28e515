# Who still runs an old version is said, with why; when nobody does, is it closed by itself, and by purge -force with a record of each call?
seed 16
module call 1.0
lines 1000-1019

call c 1001 1002
answer 1002
call d 1003 1004
answer 1004
expect c active
expect d active

# the current one, and the way back of the one on trial, are not closed
upgrade call 2.0

expect version call 1.0 old {$holders == 0}
hold 1001
versions call

# N9: 1.0 has no word for a call on hold: c stays, and the code of 2.0 with it
rollback call
expect version call 2.0 old {$holders == 1}
expect c active {$version eq "2.0"}
expect d active {$version eq "1.0"}
advance 5s
expect version call 2.0 old
versions call

# it leaves by itself when it can, and 2.0 is closed behind it
retrieve 1001
expect c active {$version eq "1.0"}
expect version call 2.0 absent

# once permanent, nothing is kept for the way back
upgrade call 2.0
make-permanent call 2.0
expect version call 1.0 absent
expect version call 2.0 current {$holders == 2}

# a pinned call is ended by nobody but the operator
hold 1003
upgrade call 1.0
make-permanent call 1.0
expect version call 2.0 old {$holders == 1}
purge call 2.0 -force
expect version call 2.0 absent
expect cdr d {$cause == 41 && $local_reason eq "UPGRADE_REJECT"}
expect c active {$version eq "1.0"}
hangup 1001
hangup 1002
hangup 1003
hangup 1004
