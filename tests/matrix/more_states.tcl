# Calls of release $from, 2.0 or 3.0, that wait, are held or rung again, or were sent on.
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 1000-1099 -tariff town
service 1012 call-waiting on
service 1022 call-waiting on
service 1032 call-waiting on
service 1042 call-waiting on
service 1052 cfu 1053
service 1062 cfb 1063
service 1072 cfnr 1073
set bound {waits rings left again sent on may}
set free {talks taken}
set all [concat $bound $free]

phase "a call in each state of $from"
call talks 1011 1012
call left 1021 1022
call before 1031 1032
call again 1041 1042
call sent 1051 1052
call engaged 1062 1069
answer 1012
answer 1022
answer 1032
answer 1042
answer 1053
answer 1069
call waits 1013 1012
call taken 1023 1022
call rings 1033 1032
call last 1043 1042
flash 1022
flash 1042
hangup 1032
hangup 1031
hangup 1042
hangup 1043
call on 1061 1062
hangup 1062
hangup 1069
call may 1071 1072
advance 1s
expect waits alerting {$waiting == 1}
expect left active {$held_b == 1}
expect taken active
expect rings alerting {$waiting == 0}
expect again alerting {$hears_a eq "ringback"}
expect sent active {$legs == 2}
expect on alerting {$legs == 2}
expect line 1063 ringing
expect may alerting
