# Does a canary never have an emergency call, one that lives, is born or is yet to be dialled, and with -only the calls of tests alone?
seed 40
module call 1.0
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 110-119 -class emergency -tariff town
lines 1000-1099 -tariff town
lines 1100-1109 -class test -tariff town
lines 1200-1209 -class priority

phase "a call is of the class of its caller, and an emergency call by whom it is for"
call c 1001 112
call d 1003 1004
call t 1101 1102
call p 1201 1202
offhook e 1005
foreach call {c d t p} {expect $call alerting -within 2s}
foreach line {112 1004 1102 1202} {answer $line}
expect c active {$class eq "emergency"}
expect d active {$class eq "ordinary"}
expect t active {$class eq "test"}
expect p active {$class eq "priority"}
expect e collecting {$class eq "ordinary"}

phase "the canary is to have all, but has neither these nor who may still dial 113"
upgrade call 2.0 -canary 100% -watch 10s -background
advance 1s
expect upgrade canary
foreach call {d t p} {expect $call active {$version eq "2.0"}}
foreach call {c e} {expect $call {$version eq "1.0"}}
dial 1005 113
call f 1006 114
call g 1007 1008
expect e alerting {$class eq "emergency" && $version eq "1.0"} -within 2s
expect f alerting {$class eq "emergency" && $version eq "1.0"} -within 2s
expect g alerting {$class eq "ordinary" && $version eq "2.0"} -within 2s
rollback call

phase "with -only it has the calls of test lines, and no others"
upgrade call 2.0 -canary 100% -only {$class eq "test"} -watch 10s -background
advance 1s
call u 1103 1104
call v 1009 1010
expect u alerting {$class eq "test" && $version eq "2.0"} -within 2s
expect v alerting {$version eq "1.0"} -within 2s
expect t active {$version eq "2.0"}
foreach call {c d p} {expect $call active {$version eq "1.0"}}
rollback call

foreach line {1001 1003 1005 1006 1007 1009 1101 1103 1201} {hangup $line}
advance 1m
expect c ended {$class eq "emergency"}
expect cdr c {$class eq "emergency" && $bill_ms > 0 && $charge_micro == 0}
expect cdr t {$class eq "test"}
expect cdr d {$charge_micro == 150000}
expect run {$live == 0 && $lost == 0}
