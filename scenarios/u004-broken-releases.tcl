# Does a call talk on while one broken release after the other is refused?
seed 4
module call 1.0
lines 1000-1009

call c 1001 1002
expect c alerting -within 2s
answer 1002
expect c active

# Each is told apart before any of its code runs, or dies in a process apart.
foreach broken {truncated not-an-elf calls-system has-constructor wrong-abi} {
	upgrade call faulty/$broken
	expect upgrade refused {$reason eq "admission"}
	expect c active {$version eq "1.0" && $hears_a eq "speech"}
}

# And then a sound one is let in.
upgrade call 2.0
expect upgrade installed {$converted == 1 && $failed == 0}
hangup 1002
hangup 1001
expect cdr c {$cause == 16 && $crashes == 0 && $upgrades == 1}
