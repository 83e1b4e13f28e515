# Is a call to a busy line forwarded once, does the forwarding line pay its part, and does a loop end?
seed 2
module call 2.0
account anna
account berit
tariff town -setup 0.10 -first 0.05/60s -next 0.05/60s
lines 1001 -account anna -tariff town
lines 1002 -account berit -tariff town
lines 1003-1009 -tariff town
service 1002 cfb 1003

call b 1002 1009
expect b alerting -within 2s
answer 1009
expect b active

call c 1001 1002
expect c alerting -within 2s
expect line 1003 ringing
expect line 1002 {$tone eq "speech" && $calls == 1}
answer 1003
expect c active {$legs == 2}
advance 60s
hangup 1001
hangup 1003
expect cdr c {$called_dialled eq "1002" && $connected eq "1003" && $orig_called eq "1002"}
expect cdr c {$redirect_reason eq "busy" && $redirect_count == 1 && $charge_micro == 300000}
expect leg c 1 {$payer eq "1001" && $number eq "1002" && $charge_micro == 150000}
expect leg c 2 {$payer eq "1002" && $number eq "1003" && $kind eq "forward" && $charge_micro == 150000}
expect account anna {$charged_micro == 150000}

# 1003 sends everything back to 1002, which has forwarded this call already: busy tone, not a loop
service 1003 cfu 1002
call loop 1004 1002
expect loop treated -within 5s
expect line 1004 {$tone eq "busy"}
hangup 1004
expect cdr loop {$cause == 17 && $redirect_count == 2 && $charge_micro == 0}

# with call waiting the same line is not busy: waiting comes before forwarding
service 1002 call-waiting on
call w 1005 1002
expect w alerting {$waiting == 1} -within 2s
expect line 1002 {$tone eq "waiting"}
flash 1002
expect w active
expect b active {$held_a == 1}
hangup 1005
hangup 1009
hangup 1002
expect w ended
expect b ended
