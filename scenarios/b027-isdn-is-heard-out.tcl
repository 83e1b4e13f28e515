# Is an ISDN terminal heard out when its call is over, and its line blocked if it says nothing, also on another release?
# T24 T40 T41 T44 T84 T85, in REL and its timer T308 while 1.1, 2.0 and 3.0 come
seed 27
module call 1.0
lines 1000-1009
lines 2000-2009 -kind isdn
records -events all

proc talk {call from to} {call $call $from $to; signal $to alerting; answer $to; expect $call active}

phase "one that answers RELEASE is free at once; an analog line is parked"
talk a 1001 2001
hangup 1001
expect line 2001 {$tone eq "disconnect"}
advance 30s ;# T305
expect a ended
expect line 2001 idle
talk b 2001 2002
hangup 2002
hangup 2001
expect cdr b {$cause == 16 && $release_side eq "B" && $diagnostic == 0}

phase "a silent one is told twice, 4 s apart, and then its line is out of service"
foreach release {1.1 2.0 3.0} {
    incr n
    talk c$n 100$n 200$n
    fault line 200$n silent
    hangup 100$n
    advance 32s
    expect c$n releasing
    expect line 200$n busy
    upgrade call $release
    expect upgrade installed {$converted == 1 && $failed == 0}
    make-permanent call $release
    advance 2s
    expect c$n releasing ;# T84
    advance 4s
    expect c$n ended ;# T85
    expect line 200$n blocked
    expect alarm line-blocked raised {$count == $::n}
    expect cdr c$n {$cause == 16 && $diagnostic == 102 && $upgrades == 1}
    expect leg c$n 1 {$cause == 16 && $diagnostic == 102 && $timer eq "T308"}
}

phase "abandoned while it rings (T24); mended, and back in service"
call d 1004 2004
signal 2004 alerting
fault line 2004 silent
hangup 1004
expect d releasing
signal 2004 release-complete
expect cdr d {$cause == 16 && $local_reason eq "CANCEL" && $diagnostic == 0}
foreach line {2001 2002 2003} {heal line $line; unblock line $line}
expect alarm line-blocked cleared
talk e 1001 2001
hangup 2001
hangup 1001
