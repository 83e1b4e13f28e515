# Is an event that waits behind one that crashes handled, and does who is given up hear so?
# N14, N15: a fault costs one event; its call is told, and so is everybody in it.
seed 31
module call 2.0
lines 1000-1009

call c 1001 1002
answer 1002
expect c active

# both want to hold at one instant: the first event crashes, the second is done
fault c crash -on hold
race {hold 1001} {hold 1002}
expect c active {$held_a + $held_b == 1}
expect run {$crashes == 1 && $live == 1}
hold 1001
hold 1002
expect c active {$held_a == 1 && $held_b == 1}
advance 30s

# one that can handle nothing any more is given up: with a cause, a tone, a record
fault c crash -count 3
hangup 1002
expect c ended -within 1s
expect line 1001 {$tone eq "disconnect"}
expect line 1002 idle
hangup 1001
expect line 1001 idle
expect cdr c {$cause == 41 && $local_reason eq "CRASH" && $disposition eq "answered"}
