# Does a call begin all the same when its first event crashes on a release that is on trial?
seed 46
module call 1.0
lines 1000-1009
lines 20000-29999
trunk T1 2 -kind isdn
call c 1001 1002
expect c alerting -within 2s
answer 1002

allow crash
upgrade call faulty/crash-on-start
expect upgrade installed {$converted == 1 && $failed == 0}

phase "U21: it is born of the release before, and stays there"
call d 1003 1004
expect d alerting {$version eq "1.0"} -within 2s
answer 1004
expect d active {$hears_a eq "speech"}
call e T1 1005 -calling 0790123
expect e alerting {$version eq "1.0" && $calling eq "0790123"} -within 2s
expect c active {$version eq "faulty/crash-on-start"}
expect upgrade installed {$crashes_to == 2 && $retried == 2 && $failed == 2}
expect version call faulty/crash-on-start {$calls == 1 && $crashes == 2}
hangup 1003
hangup 1004
hangup e.a
expect cdr e {$local_reason eq "CANCEL" && $version_start eq "1.0"}
expect cdr d {$cause == 16 && $version_start eq "1.0" && $version_end eq "1.0" && $upgrades == 0 && $crashes == 0}

phase "N12: and as it does that to each, it is taken back"
traffic t -from 20000-24999 -to 25000-29999 -rate 20/s -hold exp:3s
expect upgrade rolled-back {$reason eq "faults" && $lost == 0} -within 10s
expect version call faulty/crash-on-start {$calls == 0 && $crashes > 5 && $crashes < 20}
expect traffic t {$unmade == 0 && $lost == 0}
expect c active {$version eq "1.0"}
stop t
hangup 1001
hangup 1002
expect cdr c {$cause == 16 && $crashes == 0}
expect run {$live == 0} -within 5m
