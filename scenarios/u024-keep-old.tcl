# Is one call that cannot be converted reason enough to go back, or does it stay behind alone, as the operator says?
seed 24
module call 1.0
lines 1000-1009
call rings 1003 1004
call talks 1001 1002
advance 1s
answer 1002
advance 1s

phase "the rehearsal knows it before: refused, nothing has changed"
upgrade call faulty/refuses-answered
expect upgrade refused {$reason eq "rehearsal" && $failed == 1}

phase "unrehearsed: the first failure takes all back"
upgrade call faulty/refuses-answered -rehearse 0
expect upgrade rolled-back {$reason eq "failed-conversion" && $failed == 1 && $lost == 0}
expect upgrade {$returned == $converted && $pinned == 0}
expect talks active {$version eq "1.0"}
expect rings alerting {$version eq "1.0"}

phase "or it alone stays, and talks on"
upgrade call faulty/refuses-answered -on-error keep-old
expect upgrade installed {$converted == 1 && $failed == 1 && $pinned == 0}
expect talks active {$version eq "1.0" && $hears_a eq "speech"}
expect rings alerting {$version eq "faulty/refuses-answered"}
hangup 1001
expect talks clearing {$version eq "1.0"}
hangup 1002
answer 1004
hangup 1003
hangup 1004
expect cdr talks {$cause == 16 && $version_end eq "1.0"}
# There before the other failed, back and there; on a scheduler of its own it may
# not have been there yet, but it came back as often as it went.
expect cdr rings {$cause == 16 && $upgrades % 2 == 1}
