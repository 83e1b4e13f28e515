# Does a canary take only the calls that -only says, those that live and those that are born, each by what is known of it?
seed 26
module call 1.0
lines 1000-1999

call c 1001 1002
call d 1003 1004
expect c alerting -within 2s
expect d alerting -within 2s
answer 1002
answer 1004
advance 10s

upgrade call 2.0 -canary 100% -only {$calling in {1001 1005} && $elapsed_ms < 60000} -watch 10s -background
advance 1s
expect upgrade canary
expect c active {$version eq "2.0"}
expect d active {$version eq "1.0"}

phase "births are chosen by their line; a number that nobody has dialled yet is no reason"
call e 1005 1006
call f 1007 1008
expect e alerting {$version eq "2.0"} -within 2s
expect f alerting {$version eq "1.0"} -within 2s
rollback call
expect upgrade rolled-back {$lost == 0}
expect c active {$version eq "1.0"}

upgrade call 2.0 -canary 100% -only {$called ne "1002"} -watch 10s -background
advance 1s
expect c active {$version eq "1.0"}
expect d active {$version eq "2.0"}
offhook g 1009
expect g collecting {$version eq "1.0"}
hangup 1009
rollback call
expect upgrade rolled-back {$lost == 0}

foreach line {1001 1002 1003 1004 1005 1007} {hangup $line}
advance 1m
expect run {$live == 0 && $crashes == 0}
