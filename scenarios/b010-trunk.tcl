# Does a call over a trunk ring, answer, pay, and give its circuit back, in either direction?
seed 10
module call 1.0
tariff long -setup 0.10 -first 0.01/1s -next 0.01/1s
lines 1000-1999
trunk T1 30 -kind isdn -control even
route 08 T1 -tariff long -strip 1 -prepend 0046

# out: the far end is the party c.b (T16, T17, T21, T37)
call c 1001 0855123
expect c presented {$out_trunk eq "T1" && $out_circuit == 1 && $route_attempts == 1}
expect circuit T1 1 busy {$call eq "c"}
signal c.b proceeding
signal c.b alerting
expect c alerting {$hears_a eq "ringback"}
advance 6s
answer c.b
expect c active {$hears_a eq "speech" && $hears_b eq "speech"}
expect line 1001 {$talking_to eq "0046855123"}
advance 90s
hangup c.b
expect c clearing
expect circuit T1 1 idle
expect line 1001 {$tone eq "disconnect"}
hangup 1001
expect c ended
expect cdr c {$cause == 16 && $release_side eq "B" && $ring_ms == 6000 && $bill_ms == 90000}
expect cdr c {$called_dialled eq "0855123" && $called_translated eq "0046855123"}
expect cdr c {$charge_micro == 1000000}

# out, and the caller hangs up: DISCONNECT is answered with RELEASE (T40, T41)
call d 1001 0855123
answer d.b
hangup 1001
expect d ended
expect circuit T1 1 idle

# in, all digits at once or one after the other (T46, T47, T24)
call e T1 1002 -calling 0790123
expect e alerting {$hears_a eq "ringback" && $calling eq "0790123"}
answer 1002
expect e active
hangup 1002
expect e ended
expect cdr e {$calling eq "0790123" && $cause == 16}
call f T1 1003 -overlap 500ms
expect f collecting {$hears_a eq "none"}
expect f alerting -within 3s
hangup f.a
expect cdr f {$local_reason eq "CANCEL"}

# from one trunk to another, and nobody says who he is
call g T1 0855999
expect g presented {$out_trunk eq "T1"}
reject g.b -cause 17
expect g treated {$hears_a eq "busy"}
hangup g.a
expect cdr g {$cause == 17}
expect trunk T1 up {$busy == 0 && $bids == 3 && $seizures == 3 && $answers == 2}
