# Can the call software be replaced while 100,000 calls talk, and be taken back, without losing one?
seed 2026
module call 1.0
param calls 100000
lines 200000-299999; lines 400000-499999
lines 50000-59999
lines 7000-7019; lines 8000-8009 -kind isdn

phase "filling the exchange"
traffic crowd -from 200000-299999 -to 400000-499999 -arrivals constant \
    -rate [expr {$calls / 10.0}]/s -for 10s -hold fixed:20m
advance 30s
expect traffic crowd stopped {$live == $calls && $answers == $calls}
traffic street -from 50000-54999 -to 55000-59999 -rate 100/s -hold exp:20s

phase "a call in every other state of 1.0"
call friend 7000 7001
call rings 7002 7003
call clears 7004 7005
answer friend.b; answer clears.b
hangup clears.a
call busy 7006 7000; call isdn 7008 8000
offhook dials 7010; dial dials.a 70
advance 1s
expect dials collecting; expect isdn presented; expect rings alerting
expect friend active;    expect busy treated;   expect clears clearing

phase "from 1.0 to 2.0 while they talk"
upgrade call 2.0
expect upgrade installed {$converted > $calls && $failed == 0 && $lost == 0}

phase "each goes on where it stood, and one uses what 1.0 could not do"
dial dials.a 11
signal isdn.b alerting
answer isdn.b; answer rings.b
hangup busy.a; hangup clears.b
hold friend.a
expect friend active {$version eq "2.0" && $hears_b eq "hold"}
retrieve friend.a

phase "an event crashes on 2.0, which is on trial: 1.0 has it, the call goes on"
fault rings crash -on onhook
hangup rings.b
expect rings clearing {$version eq "1.0"} -within 1s
expect run {$crashes == 1}

phase "back to 1.0, past a broken release, and up again"
rollback call
expect upgrade rolled-back {$converted > $calls && $lost == 0}
upgrade call faulty/loses-field
expect upgrade refused {$reason eq "plan"}
upgrade call 2.0
expect upgrade installed {$converted > $calls && $lost == 0}

phase "everyone hangs up"
stop crowd -now; stop street -now
foreach side {friend.a friend.b rings.a isdn.a isdn.b dials.a} {hangup $side}
advance 5s
expect run {$live == 0 && $lost == 0 && $ended == $cdrs}
expect cdr friend {$upgrades == 3 && $version_end eq "2.0"}
