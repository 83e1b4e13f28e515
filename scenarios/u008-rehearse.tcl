# Is it known before an upgrade what it would do, while nobody notices that it was tried?
seed 7
module call 1.0
param rehearse yes
lines 20000-29999; lines 30000-39999; lines 1000-1009
traffic street -from 20000-29999 -to 30000-39999 -rate 200/s \
    -answer-after uniform:1s-3s -hold exp:10s

call talks 1001 1002
call rings 1003 1004
advance 1s
answer talks.b
advance 20s

# With it and without, the calls' events are the same, each at its instant.
if {$rehearse} {
	rehearse call 2.0 -background
	rehearse call 2.0
	expect upgrade {$version_to eq "2.0" && $reason eq "none"}
}
advance 1s
if {$rehearse} {
	expect upgrade rehearsed {$converted > 1000 && $failed == 0 && $lossy == 0}
	expect upgrade rehearsed {$pinned == 0 && $lost == 0 && $crashes == 0}
	expect version call 2.0 absent
	rehearse call faulty/refuses-answered -background
}
advance 1s
if {$rehearse} {
	expect upgrade refused {$reason eq "rehearsal" && $failed > 1000}
	expect version call faulty/refuses-answered absent
	rehearse call 2.0 -sample 100 -background
}
advance 1s
if {$rehearse} {
	expect upgrade rehearsed {$converted > 50 && $converted <= 102}
}
expect talks active {$version eq "1.0" && $hears_a eq "speech"}
expect rings alerting {$version eq "1.0"}

# Then it is done: what was said would come is what comes.
upgrade call 2.0
expect upgrade installed {$failed == 0 && $pinned == 0 && $lost == 0}
stop street -now
hangup talks.a
hangup talks.b
hangup rings.a
expect cdr talks {$crashes == 0}
expect run {$live == 0 && $crashes == 0} -within 5s
