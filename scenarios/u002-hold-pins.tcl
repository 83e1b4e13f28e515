# Does a held call, which 1.0 cannot say, stay on 2.0 through a rollback and follow when it is retrieved?
seed 5
module call 2.0
lines 1000-1009

call held 1001 1002
call plain 1003 1004
advance 1s
answer 1002
answer 1004
upgrade call 1.0
expect upgrade installed {$converted == 2 && $pinned == 0}
rollback call
expect upgrade rolled-back {$version_to eq "2.0"}
hold 1001
expect held active {$held_a == 1}

upgrade call 1.0
expect upgrade installed {$converted == 1 && $pinned == 1 && $failed == 0}
expect held active {$version eq "2.0" && $held_a == 1}
expect plain active {$version eq "1.0"}
expect version call 2.0 old {$holders == 1}

# Its next event brings it into a state that 1.0 knows: then it follows.
retrieve 1001
expect held active {$version eq "1.0" && $held_a == 0} -within 1s
expect version call 2.0 {$holders == 0}

foreach line {1001 1002 1003 1004} {hangup $line}
expect cdr held {$version_end eq "1.0"}
