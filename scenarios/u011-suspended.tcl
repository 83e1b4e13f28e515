# Is a call whose called party has hung up for a moment kept off 1.0, and does it follow when he is back?
seed 11
module call 2.0
lines 1000-1009 -control calling

call c 1001 1002
advance 1s
answer 1002
advance 10s
hangup 1002
expect c suspended {$hears_a eq "none"}
upgrade call 1.0
expect upgrade installed {$converted == 0 && $pinned == 1 && $failed == 0}
expect c suspended {$version eq "2.0"}

# the handset is lifted again, and the call has a state that 1.0 knows
advance 20s
answer 1002
expect c active {$version eq "1.0" && $hears_b eq "speech"} -within 1s
expect version call 2.0 {$holders == 0}
rollback call
hangup 1002
advance 89s
expect c suspended
expect c ended -within 2s
expect cdr c {$cause == 16 && $release_side eq "B" && $bill_ms >= 30000 && $bill_ms < 30100}
hangup 1001
