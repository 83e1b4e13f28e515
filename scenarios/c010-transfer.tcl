# Does who holds one and has called another leave the two together, whoever they are and however far?
seed 31
module call 3.0
lines 1000-1009
service 1001 transfer on

proc talk {call from to} {
    call $call $from $to
    advance 1s
    answer $to
}

phase "attended (T28, T29)"
talk a 1001 1002
hold 1001
consult b 1001 1003
advance 1s
answer 1003
expect line 1002 {$tone eq "hold"}
transfer 1001
expect b ended
expect a active {$held_a == 0 && $version eq "3.0"}
expect line 1001 parked
expect line 1002 {$talking_to eq "1003"}
hangup 1001
hangup 1002
hangup 1003
expect cdr a {$cause == 16 && $calling eq "1001" && $connected eq "1002"}
expect cdr b {$cause == 16 && $local_reason eq "XFER_ATT" && $connected eq "1003"}

phase "to one who rings, by hanging up (T30, T34)"
talk c 1001 1002
flash 1001 ;# T68
expect line 1001 {$tone eq "dial"}
dial 1001 1003
hangup 1001
expect c transferring
expect line 1002 {$tone eq "ringback"}
expect line 1003 ringing
answer 1003
expect c active
expect line 1003 {$talking_to eq "1002"}
hangup 1002
hangup 1003

phase "who transferred is rung again when it comes to nothing (T35, T23)"
talk d 1001 1002
hold 1001
consult e 1001 1003
hangup 1001
reject 1003 -cause 17
expect d alerting
expect line 1001 ringing
expect line 1002 {$tone eq "ringback"}
advance 30s
expect d treated
hangup 1002
expect cdr d {$cause == 19}
