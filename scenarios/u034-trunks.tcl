# Do calls over trunks go from release to release, in each state they can be in?
seed 34
module call 1.0
tariff long -first 0.01/1s -next 0.01/1s
lines 1000-1999
trunk T1 9 -kind isdn -control all
trunk T2 9 -kind isdn
route 08 T1 T2 -tariff long

call sent 1001 081
signal sent.b proceeding
call rings 1002 082
signal rings.b alerting
call talks 1003 083
answer talks.b
call comes T1 1004
call digits T1 1234 -overlap 5s
advance 6s
expect digits collecting

upgrade call 3.0
expect upgrade installed {$converted == 5 && $failed == 0}
expect sent presented {$version eq "3.0" && $out_trunk eq "T1"}

# T310 runs as it was begun (U15), and the next route is known there (T61)
advance 5s
expect sent presented {$out_trunk eq "T2" && $route_attempts == 2}
reject sent.b -cause 34
expect sent treated
allow cause
rollback call
expect upgrade rolled-back {$failed == 0}
expect talks active {$version eq "1.0"}
hangup talks.b
hangup 1003
expect cdr talks {$bill_ms >= 11000 && $charge_micro == 110000 && $upgrades == 2}
hangup 1002
answer 1004
hangup comes.a
hangup 1004
hangup 1001
expect sent ended
hangup digits.a
expect digits ended
expect trunk T1 {$busy == 0}
