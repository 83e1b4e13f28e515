# Does a call to a line that is out of service, or has failed, hear so, and others go on?
seed 6
module call 2.0
lines 1000-1009
service 1005 call-waiting on

call a 1001 1002
answer 1002
block line 1002
expect line 1002 busy
expect a active

# nobody gets there any more, though it talks (T13)
call b 1003 1002
expect b treated
expect line 1003 {$tone eq "announcement"}
hangup 1003
expect cdr b {$cause == 27 && $disposition eq "failed"}
hangup 1001
hangup 1002
expect cdr a {$cause == 16}
expect line 1002 blocked
unblock line 1002
expect line 1002 idle

# a line that fails in a call is one whose subscriber has gone
call c 1004 1005
answer 1005
advance 5s
fault line 1005 down
expect line 1005 down
expect c clearing
expect line 1004 {$tone eq "disconnect"}
hangup 1004
expect cdr c {$cause == 27 && $bill_ms == 5000 && $release_side eq "B"}

# and one that rings, one that does not answer
call d 1006 1007
expect d alerting
fault line 1007 down
expect d treated
hangup 1006
expect cdr d {$cause == 27}
call e 1006 1005
expect e treated
hangup 1006
expect cdr e {$cause == 27}

# one that fails for a while is back by itself, unless it has failed anew
heal line 1005
fault line 1007 down -for 10s
fault line 1007 down -for 30s
advance 20s
expect line 1007 down
expect line 1007 idle -within 10s
call f 1006 1007
answer 1007
hangup 1006
hangup 1007
