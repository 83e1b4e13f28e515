# Do those at the far ends of a trunk group take calls as their behaviour says, whoever calls?
seed 36
module call 1.0
behaviour prompt -answer-after fixed:4s
behaviour engaged -busy 100%
behaviour away -no-answer 100%
behaviour cross -reject 100% -answer-after fixed:3s
lines 1000-1999
trunk P 2 -far prompt
trunk E 2 -far engaged
trunk A 2 -far away
trunk C 2 -far cross
route 01 P
route 02 E
route 03 A
route 04 C

phase "a single call to each"
call c 1001 0112
expect c alerting
advance 3999ms
expect c alerting
advance 1ms
expect c active {$hears_a eq "speech"}
advance 60s
hangup 1001
expect cdr c {$cause == 16 && $ring_ms == 4000 && $bill_ms == 60000}

call d 1001 0212
expect line 1001 {$tone eq "busy"}
hangup 1001
expect cdr d {$cause == 17 && $ring_ms == 0}

call e 1001 0312
advance 100s
expect e alerting
hangup 1001
expect cdr e {$cause == 16 && $local_reason eq "CANCEL" && $setup_ms < 100 && $ring_ms == 0}

call f 1001 0412
expect f alerting
expect f treated -within 4s
hangup 1001
expect cdr f {$cause == 21 && $bill_ms == 0}

phase "many, of whom four in ten give up what half of the far ends would take"
behaviour hasty -abandon 40% -abandon-after fixed:5s
behaviour half -busy 50% -answer-after fixed:40s
trunk H 200 -far half
route 05 H
traffic t -to H -rate 1/s -hold exp:30s -behaviour hasty -for 5000s
advance 6000s
# callers and called decide by themselves: 0.6 * 0.5
expect traffic t {$attempts > 4700 && $asr > 0.27 && $asr < 0.33}
expect run {$live == 0 && $lost == 0}
