# Does a shadow run find what a release does otherwise, before a single call runs it, and does no call notice?
seed 26
module call 2.0
param shadow yes
lines 1000-1999; lines 2000-2999; lines 3000-3009
traffic street -from 1000-1999 -to 2000-2999 -rate 20/s \
    -answer-after uniform:1s-3s -hold exp:10s
call holds 3000 3001
advance 1s
answer 3001
advance 9s

# With it and without, the calls' events are the same, each at its instant.
phase "what answers differently is found, and nobody has run it"
if {$shadow} {
	upgrade call faulty/answers-differently -rehearse 0 -shadow 100% -watch 30s -background
}
advance 5s
hold 3000
advance 3s
retrieve 3000
advance 2s
if {$shadow} {
	expect upgrade canary {$differences > 50 && $converted == 0}
	expect version call faulty/answers-differently old {$holders == 0 && $crashes == 0}
	rollback call
	expect upgrade rolled-back {$differences > 50 && $converted == 0 && $crashes == 0}
}
advance 1s

phase "a crash of it is found as well, and harms nobody"
if {$shadow} {
	upgrade call faulty/crash-on-answer -rehearse 0 -shadow 50% -watch 5s -background
}
advance 4s
if {$shadow} {
	expect upgrade canary {$differences > 10 && $crashes == 0}
	rollback call
	expect upgrade rolled-back {$crashes == 0 && $lost == 0}
}
advance 1s
expect holds active {$version eq "2.0" && $hears_b eq "speech"}

phase "what does the same shows no difference, whichever way it leads"
if {$shadow} {
	upgrade call 1.1 -rehearse 0 -shadow 100% -watch 10s -background
}
advance 5s
if {$shadow} {
	expect upgrade canary {$differences == 0 && $converted == 0}
	rollback call
	expect upgrade rolled-back {$differences == 0}
}
advance 1s
stop street -now
hangup 3000
hangup 3001
advance 5s
expect cdr holds {$crashes == 0 && $upgrades == 0 && $hold_ms == 3000}
