# Does the gate close while there is still room for the record of each live call, and is none lost?
seed 14
module call 1.0
lines 1000-1999
lines 2000-2999
lines 112 -class emergency
lines 3000-3009
records -reserve 500
traffic t -from 1000-1999 -to 2000-2999 -rate 20/s -hold fixed:5s -answer-after fixed:1s
advance 10s
expect gate open

# a call has two records: at last there is room for those of the live calls and no more
allow alarm
fault database readonly
expect gate closed {$reason eq "records"} -within 30s
expect database down {$waiting < 500}
expect run {$live > 50}

# an emergency call passes; all that live can end, and their records wait
call sos 3001 112
answer 112
expect sos active
advance 30s
expect traffic t running {$gapped > 100}
hangup 3001
hangup 112
expect run {$live == 0}
expect database down {$waiting > 400 && $waiting <= 510}

heal database
expect gate open -within 10s
expect database ok {$waiting == 0} -within 10s
stop t -now
advance 10s
expect cdr sos {$cause == 16}
expect run {$live == 0 && $cdrs == $ended}
