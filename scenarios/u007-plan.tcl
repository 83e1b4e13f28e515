# Does a scenario see what an upgrade would do, without anything being done?
seed 7
module call 1.0
lines 1000-1009
call c 1001 1002
expect c alerting -within 2s
answer 1002
expect c active

plan call 1.0 2.0
plan call 2.0 1.0
expect c active {$version eq "1.0"}
expect version call 2.0 absent

hangup 1001
hangup 1002
expect cdr c {$cause == 16 && $upgrades == 0}
