# Do calls talk on, and is it told, when a needed process is killed twice?
seed 4
module call 1.0
lines 1000-1009

call c 1001 1002
expect c alerting -within 2s
answer 1002
expect c active

# Once is what a restart is for.
fault process recorder kill
expect process recorder running
expect alarm restart-limit cleared {$count == 0}

# Twice in five seconds is one too many: its supervisor gives up, and is
# started again by the root, which ends the alarm.
allow alarm
advance 1s
fault process recorder kill
expect supervisor database running
expect process recorder running
expect alarm restart-limit cleared {$count == 1 && $severity eq "major"}
expect run {$restarts == 2 && $alarms == 1 && $live == 1}

advance 30s
hangup 1002
hangup 1001
expect cdr c {$cause == 16 && $release_side eq "B" && $crashes == 0}
