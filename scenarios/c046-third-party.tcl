# Is a line busy to others while three talk there, and while it is left alone for a consultation?
seed 46
module call 3.0
lines 1000-1009
service 1000-1009 transfer on
service 1000-1009 three-way on
service 1000-1009 call-waiting on
timer T301 20s

# 1002 is held, and 1001 asks 1003: the call is in CONSULT, not ACTIVE (T12, T13)
call c 1001 1002
answer 1002
hold 1001
consult d 1001 1003
call w 1005 1002
expect w treated {$hears_a eq "busy"}
hangup 1005
answer 1003

# three talk: nobody of them can be asked to hold the others (T32, T12, T13)
conference 1001
expect c conference
foreach line {1001 1002 1003} {
  call w$line 1005 $line
  expect w$line treated {$hears_a eq "busy"}
  hangup 1005
}

# one leaves (T76): the other two are in a call as any
hangup 1003
expect c active
call y 1005 1002
expect y alerting {$waiting == 1}
hangup 1005
hangup 1001
hangup 1002

# T301 has run since it rings at the target, for as long as is set (T30, T35)
call e 1001 1002
answer 1002
hold 1001
consult f 1001 1003
expect f alerting
advance 5s
transfer 1001
expect e transferring
hangup 1001
advance 16s
expect line 1001 ringing
hangup 1002
expect cdr e {$cause == 16}
