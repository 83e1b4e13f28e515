# Does a mix of subscribers do what its shares say, on calls that stay here, leave, arrive and pass through?
seed 30
module call 3.0
lines 1000-1999
lines 2000-3999
service 1000-1999 transfer on
trunk T1 300
trunk T2 300
route 08 T1
route 09 T2

# of a hundred calls fifteen meet a busy subscriber, ten are not answered, ...
behaviour people -busy 15% -no-answer 10% -reject 5% -abandon 6% -misdial 4% \
    -hold 20% -transfer 10% -answer-after lognormal:8s/4s -abandon-after exp:20s
behaviour slow -answer 70% -busy 30% -redial 50% -dial-every uniform:200ms-600ms

phase "a working hour"
traffic local -from 1000-1999 -to 2000-3999 -rate 2/s -hold lognormal:60s/60s -behaviour people -for 20m
traffic out -from 1000-1999 -to T1 -rate 1/s -hold exp:60s -behaviour people -for 20m
traffic in -from T2 -to 2000-3999 -rate 1/s -hold exp:60s -behaviour slow -for 20m
traffic transit -from T1 -to T2 -rate 1/s -hold fixed:60s -behaviour people -for 20m
advance 20m
# six in ten are answered; NER does not blame the exchange for a busy subscriber
expect traffic local {$asr > 0.55 && $asr < 0.65 && $ner > 0.88 && $ner < 0.98}
expect traffic out {$asr > 0.55 && $asr < 0.65}
expect traffic transit {$asr > 0.55 && $asr < 0.65 && $blocking == 0}
# of three in ten that meet a busy one half try again: three calls become 3.5
expect traffic in {$asr > 0.66 && $asr < 0.74 && $attempts > 1.1 * 1200 && $attempts < 1.3 * 1200}

# the last ones hang up as they would; a telephone that nobody answers rings for three minutes
expect run {$live == 0} -within 1h
expect traffic local stopped {$ended == $attempts && $cdrs == $ended && $lost == 0}
