# Does a canary get its share of the calls that begin with an off-hook, when their number is known and not before?
seed 41
module call 1.0
lines 110-119 -class emergency
lines 1000-1099

phase "two are being dialled when the watch begins, of these one for the fire brigade"
offhook a 1001
offhook b 1003
upgrade call 2.0 -canary 100% -watch 20s -background
advance 1s
expect upgrade canary {$converted == 0 && $canaries == 0}
foreach call {a b} {expect $call collecting {$version eq "1.0"}}
dial 1001 1002
dial 1003 112
expect a alerting {$version eq "2.0"} -within 1s
never b {$version eq "2.0"} -for 1s
expect b alerting {$class eq "emergency" && $version eq "1.0"}

phase "one is born there meanwhile, and hangs up before anybody knows"
offhook c 1005
offhook d 1007
advance 1s
expect c collecting {$version eq "1.0"}
hangup 1007
dial 1005 1006 -every 100ms
expect c alerting {$version eq "2.0"} -within 2s
rollback call
expect upgrade rolled-back {$canaries == 2 && $failed == 0 && $lost == 0}
foreach call {a b c} {expect $call alerting {$version eq "1.0"}}

phase "of many it has half: those are births"
hangup 1001
hangup 1003
hangup 1005
upgrade call 2.0 -canary 50% -watch 20s -background
for {set i 0} {$i < 20} {incr i} {
    offhook e$i [expr {1020 + $i}]
    dial [expr {1020 + $i}] [expr {1050 + $i}]
}
advance 1s
expect version call 2.0 {$holders == 10}
rollback call
for {set i 0} {$i < 20} {incr i} {hangup [expr {1020 + $i}]}
advance 1m
expect run {$live == 0 && $lost == 0}
