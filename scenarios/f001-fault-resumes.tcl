# Does a call go on when the event that answers it crashes? (T89)
seed 3
module call 1.0
lines 1000-1009

call c 1001 1002
expect c alerting -within 2s
fault c crash -on answer
answer 1002

# The event was undone, but the handset is lifted: the call finds that out.
expect c active {$hears_a eq "speech"} -within 1s
expect run {$crashes == 1 && $live == 1}
advance 30s
hangup 1002
hangup 1001
expect cdr c {$cause == 16 && $release_side eq "B" && $crashes == 1}
