# What becomes of calls, of an upgrade and of a killed process while the scheduler that has them stands still?
seed 7
schedulers 1
module call 1.0
lines 1000-1009
allow restart

# 1002 rings; then nothing is handled: the answer waits, nobody is told anything
call c 1001 1002
expect c alerting
fault scheduler 0 stall
answer 1002
advance 2s
expect scheduler 0 stalled {$late_us == 2000000}
expect c alerting
expect line 1001 {$tone eq "ringback"}

# once it goes on, what has waited is done in its order, and no call is lost
heal scheduler 0
expect scheduler 0 running
expect c active {$hears_a eq "speech"}

# who is killed meanwhile comes back when his supervisor has heard of it
fault scheduler 0 stall -for 3s
fault process recorder kill
expect process recorder restarting {$restarts == 0}
expect supervisor database running {$restarts == 0}
advance 2999ms
expect process recorder restarting
advance 1ms
expect process recorder running {$restarts == 1}
expect supervisor database {$restarts == 1}

# so does a supervisor, with a new one of whom it looks after
advance 6s
fault scheduler 0 stall -for 1s
fault supervisor upgrade kill
expect supervisor upgrade restarting
advance 1s
expect supervisor upgrade running
expect process release_handler running {$restarts == 0}

# an upgrade that is ordered meanwhile converts the call when it can
fault scheduler 0 stall -for 5s
upgrade call 2.0 -background
advance 4s
expect c active {$version eq "1.0"}
expect upgrade installed {$converted == 1 && $lost == 0} -within 2s
expect c active {$version eq "2.0"}

hangup 1001
hangup 1002
expect cdr c {$cause == 16 && $bill_ms == 15000}
