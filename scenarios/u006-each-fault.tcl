# Does traffic flow on while each broken release that there is gets refused, or is contained and taken back?
seed 6
module call 1.0
lines 1000-1999
lines 20000-29999

call c 1001 1002
expect c alerting -within 2s
answer 1002
traffic t -from 20000-24999 -to 25000-29999 -rate 100/s -hold exp:3s
advance 5s

phase "refused: what they are, what they say, what they do to a live state"
foreach {broken why} {
    calls-system admission      has-constructor admission
    not-an-elf admission        truncated admission
    wrong-abi admission         loses-field plan
    converts-wrongly plan
} {
    upgrade call faulty/$broken
    expect upgrade refused {$reason eq $::why}
    advance 1s
}
expect run {$crashes == 0 && $lost == 0}

# N12: before the faults of a version take the calls, the version is taken back
phase "let in, as they convert well: their events go to 1.0, and so do they"
allow crash
foreach broken {crash-on-answer loops overruns-state overruns-stack crash-always} {
    upgrade call faulty/$broken
    expect upgrade installed {$failed == 0 && $lost == 0}
    expect upgrade rolled-back {$reason eq "faults" && $lost == 0} -within 2s
    expect c active {$version eq "1.0" && $hears_a eq "speech"}
    advance 1s
}
expect run {$crashes > 25 && $lost == 0}

phase "nothing faults and no check sees it: only who compares would know"
upgrade call faulty/answers-differently
expect upgrade installed {$failed == 0 && $lost == 0}
call d 1003 1004
expect d alerting -within 2s
answer 1004
expect d active {$hears_a eq "busy"}
rollback call
expect upgrade rolled-back {$failed == 0 && $lost == 0}

stop t
foreach line {1001 1002 1003 1004} {hangup $line}
expect cdr c {$cause == 16 && $crashes == 0}
advance 5m
expect run {$live == 0}
