# Does a call keep the charging rule of its answer through 1.0, 1.1 and 2.0, and to the micro-unit?
seed 9
module call 1.0
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 1000-1099 -tariff town

# 1.0 is wrong: of 100 s it charges 60 and 30, and the begun third interval is free
call was 1001 1002
expect was alerting -within 2s
answer 1002
advance 100s; hangup 1001; hangup 1002
expect cdr was {$bill_ms == 100000 && $pulses == 2 && $charge_micro == 170000}

# two calls of 1.0: one will end on 2.0, one goes all the way back
foreach {name from to} {old 1003 1004 round 1005 1006} {
    call $name $from $to
    expect $name alerting -within 2s
    answer $to
}
advance 35s

upgrade call 1.1
expect upgrade installed {$converted == 2 && $failed == 0 && $pinned == 0}
make-permanent call 1.1
call new 1007 1008
expect new alerting -within 2s
answer 1008
advance 35s

upgrade call 2.0
expect upgrade installed {$converted == 3 && $failed == 0 && $pinned == 0}
call late 1009 1010
expect late alerting -within 2s
answer 1010
advance 30s

# 100 s each, and the few ms of the upgrades; on 2.0: by rule 1 for the one of 1.0, by rule 2 for the one of 1.1
hangup 1003; hangup 1004
expect cdr old {$version_end eq "2.0" && $upgrades == 2 && $bill_ms / 1000 == 100}
expect cdr old {$pulses == 2 && $charge_micro == 170000}
advance 35s; hangup 1007; hangup 1008
expect cdr new {$version_start eq "1.1" && $version_end eq "2.0" && $bill_ms / 1000 == 100}
expect cdr new {$pulses == 3 && $charge_micro == 190000}

# back to 1.1, where what was answered on 2.0 is charged as it would be there
rollback call
expect upgrade rolled-back {$converted == 2 && $failed == 0 && $pinned == 0}
advance 35s; hangup 1009; hangup 1010
expect cdr late {$version_start eq "2.0" && $version_end eq "1.1" && $bill_ms / 1000 == 100}
expect cdr late {$pulses == 3 && $charge_micro == 190000}
advance 30s; hangup 1005; hangup 1006
expect cdr round {$version_end eq "1.1" && $upgrades == 3 && $bill_ms / 1000 == 200}
expect cdr round {$pulses == 5 && $charge_micro == 230000}

# each call's charge is the version's in which it ended, and all of them the run's
expect version call 1.0 {$charge_micro == 170000}
expect version call 1.1 {$charge_micro == 420000}
expect version call 2.0 {$charge_micro == 360000}
expect run {$charge_micro == 950000}
