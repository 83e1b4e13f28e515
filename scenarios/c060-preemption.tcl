# Does an emergency call get a circuit when all are busy, and is it told to whom that cost his?
seed 60
module call 2.0
tariff long -setup 0.10 -first 0.01/1s -next 0.01/1s
lines 1000-1099
lines 1100-1109 -class priority
trunk T1 2
route 08 T1 -tariff long
route 112 T1 -class emergency -tariff long
foreach {call from} {a 1101 b 1002} {
    call $call $from 0811
    signal $call.b alerting
    answer $call.b
    expect $call active
    advance 10s
}

# who is no emergency hears congestion (T15), be he of priority
call c 1102 0812
expect c treated
expect line 1102 {$tone eq "congestion"}
hangup 1102
expect cdr c {$cause == 34 && $class eq "priority"}

# an emergency is another matter: b is asked, not a, and gives his circuit (T55, T56, T57)
call e 1003 112
expect e presented {$class eq "emergency" && $out_circuit == 2}
expect b clearing
expect line 1002 {$tone eq "preemption"}
expect a active
signal e.b alerting
answer e.b
expect e active
hangup 1002
expect cdr b {$cause == 8 && $local_reason eq "PREEMPTED" && $release_side eq "net"}
expect cdr b {$bill_ms == 10000 && $charge_micro == 200000}

# the next one costs a his; then only emergencies are left, and none goes for another (T15)
call f 1004 112
expect f presented {$out_circuit == 1}
expect line 1101 {$tone eq "preemption"}
hangup 1101
expect cdr a {$cause == 8}
call g 1005 112
expect g treated
hangup 1005
expect cdr g {$cause == 34}

advance 20s
foreach line {1003 1004} {hangup $line}
expect cdr e {$class eq "emergency" && $bill_ms == 20000 && $charge_micro == 0}
expect run {$live == 0 && $gapped == 0}
