# Does a call held on 2.0 consult on 3.0, and do the two stay together through a rollback until it is over?
seed 12
module call 2.0
lines 1000-1009

call c1 1001 1002
advance 1s
answer 1002
hold 1001
upgrade call 3.0
expect c1 active {$held_a == 1 && $version eq "3.0"}

# 2.0 has no word for a consultation: neither it nor its first call goes there
consult c2 1001 1003
advance 1s
expect c1 consulting
expect c2 alerting {$version eq "3.0" && $hears_a eq "ringback"}
expect line 1001 {$calls == 2}
rollback call
expect upgrade rolled-back {$pinned == 2 && $converted == 0 && $lost == 0}
answer 1003
expect c2 active {$version eq "3.0"}

# the one is held and the other spoken to; when it is over both go, in one slice
swap 1001
expect line 1001 {$talking_to eq "1002"}
expect line 1003 {$tone eq "hold"}
swap 1001
hangup 1003
flash 1001
expect c2 ended
expect c1 active {$hears_a eq "speech" && $hears_b eq "speech"}
advance 1s
hangup 1001
hangup 1002
expect c1 ended -within 1s
expect version call 3.0 {$holders == 0}
expect cdr c1 {$cause == 16 && $version_start eq "2.0" && $version_end eq "2.0"}
expect cdr c2 {$cause == 16 && $version_start eq "3.0" && $version_end eq "2.0"}
