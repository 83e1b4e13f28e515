# Does every call end, and end right, when what the far end says is lost, late, or said twice?
# T20, T23, T43, T61, T83, T85: what a lost signal leads to.
seed 3
module call 2.0
lines 1000-1009
trunk T1 4 -kind isdn -direction both
route 08 T1

# its first ALERTING is lost: nothing is heard, but the call goes on
fault messages drop -on alerting -count 1
call c 1001 0812345
signal c.b alerting
expect c presented
signal c.b alerting
expect c alerting
answer c.b
expect c active

# it says goodbye, and nobody hears it: so it says it again, 4 s later
fault messages drop -on disconnect -count 1
hangup c.b
expect c active
expect line 1001 {$tone eq "disconnect"} -within 5s
expect messages {$dropped == 2}
hangup 1001
expect cdr c {$cause == 16 && $release_side eq "B"}

# an answer that is late is behind the RELEASE, and comes to nobody
fault messages delay -on answer -for 1m
call d 1002 0812346
signal d.b alerting
answer d.b
expect d alerting
hangup 1002
expect cdr d {$disposition eq "cancelled"}
advance 1m
expect messages {$delayed == 1}

# one that comes twice is answered once
fault messages duplicate
call e 1003 0812347
signal e.b alerting
answer e.b
expect e active
advance 30s
hangup e.b
hangup 1003
expect cdr e {$cause == 16 && $bill_ms == 30000}
expect messages {$duplicated == 3}

# and when no answer is ever heard, T301 ends the call
heal messages
fault messages drop -on answer
call f 1004 0812348
signal f.b alerting
answer f.b
expect line 1004 {$tone eq "no-answer"} -within 200s
hangup 1004
expect cdr f {$cause == 19}
