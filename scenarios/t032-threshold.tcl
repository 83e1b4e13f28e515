# Does a busy hour keep to what was promised, as a whole and in each quarter of it?
seed 32
module call 1.0
records -events off
lines 10000-11999
trunk T1 60
route 08 T1
behaviour people -busy 15% -no-answer 10% -abandon 5% -answer-after lognormal:8s/4s

# the first ten minutes fill the lines, and are not judged
threshold traffic busy {$asr > 0.6 && $ner > 0.85 && $lost == 0} -warmup 10m -over 15m
threshold traffic busy {$pdd_p95_ms < 1000} -over 30m
threshold trunk T1 {$blocking < 0.02 && $carried_erlangs > 10} -warmup 10m
threshold run {$lost == 0 && $crashes == 0}

phase "from quiet to busy in ten minutes, and an hour of it"
traffic busy -from 10000-11999 -to T1 -rate 6/m -hold exp:90s -behaviour people -for 70m
rate busy 24E -over 10m
advance 40m
phase "the release changes in the middle of it"
upgrade call 1.1
make-permanent call 1.1
advance 30m
expect traffic busy stopped {$attempts > 600}
expect run {$live == 0} -within 1h
