# Does a call find its way when a trunk group is full, fails, or refuses it?
seed 11
module call 1.0
lines 1000-1999
trunk direct 1 -kind isdn
trunk round 1
trunk far 1 -kind isdn
route 08 direct round far

# no free circuit: the next one (T14); none on any route: congestion (T15)
call a 1001 081
call b 1002 082
expect a presented {$out_trunk eq "direct"}
expect b presented {$out_trunk eq "round" && $route_attempts == 2}
call c 1003 083
call d 1004 084
expect c presented {$out_trunk eq "far" && $route_attempts == 3}
expect d treated {$hears_a eq "congestion"}
hangup 1004
expect cdr d {$cause == 34 && $route_attempts == 3}
expect trunk direct {$bids == 4 && $overflow == 3 && $blocking == 0.75}
hangup 1003
hangup 1002
hangup 1001

# crankback: what is no fault of the called one is tried elsewhere (T19)
call e 1001 081
reject e.b -cause 34
expect e presented {$out_trunk eq "round"}
reject e.b -cause 17
expect e treated {$hears_a eq "busy"}
hangup 1001
expect cdr e {$cause == 17 && $route_attempts == 2 && $legs == 2}

# an exchange that says nothing: T303 twice by Q.931, ISUP-T7 once (T61)
call f 1001 081
advance 8s
expect f presented {$out_trunk eq "round"}
advance 25s
expect f presented {$out_trunk eq "far" && $route_attempts == 3}
hangup 1001
expect cdr f {$local_reason eq "CANCEL"}

# a group out of service is passed over, one that fails gives up its calls
block trunk direct
call g 1001 081
expect g presented {$out_trunk eq "round"}
answer g.b
fault trunk round down
expect g clearing
hangup 1001
expect cdr g {$cause == 38 && $local_reason eq "TRUNK"}
call h 1001 081
expect h presented {$out_trunk eq "far"}
hangup 1001
heal trunk round
unblock trunk direct
expect trunk direct up
