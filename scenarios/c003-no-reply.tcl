# Who is rung when the one that was called does not answer, refuses, or has left for a while?
#
# T10 T19 T22 T63 T66
seed 3
module call 2.0
tariff town -first 0.05/60s
lines 1000-1009 -tariff town; lines 2000 -kind isdn -tariff town
service 1002 cfnr 1003 -after 5s
service 1004 cfb 1003
service 2000 cfb 1003

phase "no answer within the time that the line says"
call c 1001 1002
advance 4999ms
expect line 1002 ringing
advance 1ms
expect line 1002 idle
expect line 1003 ringing
answer 1003
advance 60s
hangup c.b
hangup c.a
expect cdr c {$cause == 16 && $redirect_reason eq "no-reply" && $redirecting eq "1002"}
expect cdr c {$ring_ms == 5000 && $bill_ms == 60000 && $charge_micro == 100000 && $legs == 2}
expect leg c 2 {$kind eq "forward" && $payer eq "1002" && $number eq "1003"}

phase "an answer in time"
call early 1001 1002
advance 4s
answer 1002
advance 60s
expect early active {$legs == 1}
expect line 1003 idle
hangup 1001
hangup 1002

phase "the called one will not have it, or is busy before it rings"
call no 1001 1004
reject 1004 -cause 21
expect line 1003 ringing
hangup 1001
call busy 1001 2000
reject 2000 -cause 17
expect line 1003 ringing
hangup 1001
expect cdr busy {$redirect_reason eq "busy"}

phase "he waits in vain for who talks, and is sent on"
service 1002 call-waiting on
call talks 1001 1002
answer 1002
call waits 1005 1002
expect waits alerting {$waiting == 1}
advance 5s
expect waits alerting {$waiting == 0}
expect line 1003 ringing
expect line 1002 busy {$tone eq "speech" && $calls == 1}
hangup 1005
hangup 1001
hangup 1002
