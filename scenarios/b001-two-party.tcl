# Do two subscribers reach each other, talk for 90 s, and leave one record of it?
seed 1
module call 1.0
lines 1000-1009

offhook c 1001
expect c collecting
expect line 1001 {$tone eq "dial"}
dial 1001 1002 -every 200ms
expect c alerting -within 2s
expect line 1002 ringing
expect line 1001 {$tone eq "ringback"}
advance 6s
answer 1002
expect c active {$hears_a eq "speech" && $hears_b eq "speech"}
advance 90s

hangup 1001
expect c clearing
expect line 1001 idle
expect line 1002 {$tone eq "disconnect"}
hangup 1002
expect c ended
expect line 1002 idle
expect cdr c {$cause == 16 && $release_side eq "A" && $disposition eq "answered"}
expect cdr c {$ring_ms == 6000 && $bill_ms == 90000}

# The two ends hang up at one instant: one record, and no line is left busy.
call d 1003 1004
expect d alerting -within 2s
answer d.b
race {hangup 1003} {hangup 1004}
expect d ended
expect cdr d {$cause == 16}
