# Does a busy subscriber hear a second call, and go from one to the other as he likes?
#
# T12 T24 T26 T27 T64 T65 T66 T67 T90
seed 1
module call 2.0
tariff town -first 0.05/60s
lines 1000-1009 -tariff town
service 1002 call-waiting on

call b 1001 1002
answer 1002

phase "a call waits in vain"
call late 1003 1002
expect late alerting {$waiting == 1}
expect line 1002 waiting {$tone eq "waiting" && $calls == 2 && $talking_to eq "1001"}
advance 60s
expect late treated
expect line 1002 busy {$tone eq "speech"}
hangup 1003
expect cdr late {$cause == 19}

phase "another is taken, by the hook"
call w 1003 1002
flash 1002
expect w active {$waiting == 0 && $hears_b eq "speech"}
expect b active {$held_b == 1 && $hears_a eq "hold"}
expect line 1002 busy {$talking_to eq "1003"}

phase "to and fro"
swap 1002
expect line 1002 {$talking_to eq "1001"}
flash 1002
expect line 1002 {$talking_to eq "1003"}
hold 1002
expect w active {$held_b == 1}
retrieve b.b
expect b active {$held_b == 0 && $hears_a eq "speech"}
expect line 1002 {$talking_to eq "1001"}

phase "he hangs up, but one of them is still there"
hangup 1002
expect b clearing
expect w alerting
expect line 1002 ringing
hangup 1001
answer 1002
expect w active {$hears_a eq "speech" && $hears_b eq "speech"}

phase "on-hook is an answer of its own"
call again 1004 1002
expect again alerting {$waiting == 1}
hangup 1002
expect again alerting {$waiting == 0}
expect line 1002 ringing
hangup 1003
answer 1002
hangup 1002
hangup 1004
expect cdr again {$cause == 16}
