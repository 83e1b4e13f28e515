# Does who dials digit by digit wait for the dial tone, where the switch is late with it?
seed 37
module call 1.0
lines 1000-2999; lines 4000-5999
capacity 400/s
behaviour slow -answer 100% -dial-every fixed:200ms

# a call is some eighteen events: more than can be handled in time
traffic t -from 1000-2999 -to 4000-5999 -rate 25/s -hold exp:10s -behaviour slow -for 1m
advance 30s
expect version call 1.0 {$calls > 0}
advance 5m

# whoever had begun before it would have lost his first digits, and reached another number or none
expect traffic t stopped {$answers == $attempts && $live == 0}
