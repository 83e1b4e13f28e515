# Offered three times what the machine can carry, over trunks digit by digit, is as much carried as at its best, and is help to be had?
# T2 T7 T47 T48 T50 T51
seed 16
module call 1.0
lines 910-919 -class emergency
lines 10000-14999; lines 15000-19999; lines 20000-20009
trunk T1 6000
trunk T2 20 -kind isdn
capacity 1000/s
behaviour slow -answer 100% -dial-every fixed:200ms
allow overload; allow cause

# heard in a call of its own, each is some 22 events: 2,700 are all that can be carried in a minute
set best 2600
phase "at its best, with no gate"
traffic best -from T1 -to 10000-14999 -rate 45/s -hold exp:5s -behaviour slow -for 1m
advance 2m
expect run {$live == 0}
expect traffic best stopped {$answers > $::best && $answers < 1.05 * $::best && $gapped == 0}

phase "three times that: no process before the number is whole (T47) and let in (T2)"
gate -delay 20ms
traffic thrice -from T1 -to 15000-19999 -rate 135/s -hold exp:5s -behaviour slow -for 1m
advance 30s
call e T2 912 -overlap 200ms
expect e collecting {$route_attempts == 0}
expect e alerting {$class eq "emergency"} -within 1s
hangup e.a
advance 90s
expect traffic thrice stopped {$unmade == 0 && $gapped > 0 && $live == 0}
expect traffic thrice stopped {$answers > 0.9 * $::best}
expect version call 1.0 {$pdd_p95_ms < 100}
expect run {$attempts == $gapped + $ended && $cdrs == $ended && $live == 0}

phase "closed for good: who sends a number costs nothing, who sends none hears so (T50 T51), who goes is gapped (T7)"
gate -live 1
call keeps 20000 20001; expect keeps alerting -within 1s; answer 20001; expect gate closed {$reason eq "live"}
call n T2 20002 -overlap 200ms; advance 900ms; expect n collecting {$class eq "ordinary"}
advance 200ms; expect n ended; expect line 20002 idle; expect circuit T2 1 idle
call half T2 200 -overlap 200ms; call wrong T2 8 -overlap 200ms; call gone T2 20002 -overlap 5s
advance 300ms; expect wrong treated {$hears_a eq "announcement"}; hangup gone.a; expect gone ended
advance 16s; expect half treated {$hears_a eq "reorder"}; hangup half.a; hangup wrong.a; advance 1s
expect cdr half {$cause == 28 && $called_dialled eq "200" && $in_trunk eq "T2"}; expect cdr wrong {$cause == 3}
hangup 20000; hangup 20001
