# What becomes of a full trunk group when those who find it full try again and again?
seed 34
module call 1.0
records -cdr off -events off
lines 10000-14999
trunk patient 20
trunk stubborn 20
route 07 patient
route 08 stubborn
behaviour gives-up -answer 100% -answer-after fixed:0s
behaviour redials -answer 100% -answer-after fixed:0s -redial 90% -redial-after exp:30s

phase "20 erlangs want to go over each of two groups of 20 circuits"
traffic one -from 10000-12499 -to patient -erlangs 20E -hold exp:60s -behaviour gives-up -for 6h
traffic two -from 12500-14999 -to stubborn -erlangs 20E -hold exp:60s -behaviour redials -for 6h
advance 6h
# those who give up lose one call in six; with redials the same group is asked far more often,
# and more than every third try is in vain
expect trunk patient {$blocking > 0.12 && $blocking < 0.2}
expect trunk stubborn {$blocking > 0.35 && $carried_erlangs > 18}
expect traffic two {$attempts > 1.4 * 7200 && $blocking > 0.35}
expect run {$live == 0} -within 1h
