# Do the figures of an upgrade go on while its release is on trial, and do all that tell them agree?
seed 44
module call 3.0
lines 1000-1009
service 1000-1009 transfer on
allow crash -count 1
call plain 1001 1002
call faults 1003 1004
call held 1005 1006
call first 1007 1008
advance 1s
foreach line {1002 1004 1006 1008} {answer $line}
hold 1007
consult second 1007 1009
expect second alerting -within 2s

phase "2.0 has no word for a consultation: both of its calls stay, the one for the sake of the other"
upgrade call 2.0
expect upgrade installed {$converted == 3 && $pinned == 2 && $failed == 0}
versions call

phase "an event faults there and is done again by 3.0: that call has failed, though it had come"
fault faults crash -on onhook
hangup 1003
expect faults clearing {$version eq "3.0"}
expect upgrade installed {$crashes_to == 1 && $crashes_from == 0 && $retried == 1}
expect upgrade installed {$converted == 3 && $pinned == 2 && $failed == 1}
versions call

phase "confirmed, it has the two and the one; and they are called so in its answer"
make-permanent call 2.0
expect upgrade permanent {$pinned == 2 && $failed == 1}

phase "who failed follows when he is tried again, who was pinned when his state has changed"
hangup 1004
expect cdr faults {$cause == 16 && $version_end eq "2.0"}
flash 1007
expect first active {$version eq "2.0"}
foreach line {1001 1002 1005 1006 1007 1008} {hangup $line}
