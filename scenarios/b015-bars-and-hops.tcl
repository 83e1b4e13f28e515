# May a line have several bars, and does a call that goes round between exchanges come to its end?
seed 15
module call 1.0
lines 1001-1009
trunk T1 9
trunk T2 9
route 0 T2
service 1001 bar-out 00
service 1001-1002 bar-out 0900
service 1001 bar-out 00

call a 1001 0046123
expect a treated {$hears_a eq "announcement"}
hangup 1001
call b 1001 0900555
expect b treated
hangup 1001
call c 1001 0812
expect c presented
hangup 1001
call d 1002 0046123
expect d presented
hangup 1002
service 1001 bar-out off
call e 1001 0046123
expect e presented
hangup 1001
expect cdr a {$cause == 52}
expect cdr b {$cause == 52}

# T9: the last exchange that a hop counter lets it pass sends it no further
call f T1 0812 -hops 2
expect f presented {$out_trunk eq "T2"}
hangup f.a
call g T1 0812 -hops 1
expect g treated
hangup g.a
expect cdr g {$cause == 25 && $route_attempts == 0}
call h T1 1009 -hops 1
expect h alerting
hangup h.a
