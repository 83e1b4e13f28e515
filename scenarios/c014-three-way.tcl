# Do three talk in one call, and who talks on when one of them leaves?
seed 34
module call 3.0
lines 1000-1009
service 1001 transfer on
service 1001 three-way on
service 1004 three-way on

proc three {call second} {
    call $call 1001 1002
    advance 1s
    answer 1002
    hold 1001
    consult $second 1001 1003
    advance 1s
    answer 1003
    conference 1001
    expect $call conference
    expect $second ended
}

phase "whoever leaves, the two others talk on (T32, T76)"
foreach {who one other} {1001 1002 1003  1002 1001 1003  1003 1001 1002} {
    three c$who d$who
    foreach line {1001 1002 1003} {expect line $line {$tone eq "speech"}}
    hangup $who
    expect c$who active
    expect line $one {$talking_to eq $::other}
    hangup $one
    hangup $other
    expect cdr c$who {$cause == 16 && $calling eq "1001"}
    expect cdr d$who {$local_reason eq "CONF"}
}

phase "the hook releases who joined last (T78)"
three e f
flash 1001
expect e active
expect line 1003 parked
expect line 1001 {$talking_to eq "1002"}
foreach line {1001 1002 1003} {hangup $line}

phase "who may not transfer takes all with him (T77)"
call g 1004 1005
advance 1s
answer 1005
hold 1004
consult h g.a 1006
answer 1006
conference g.a
hangup 1004
expect g clearing
expect line 1005 {$tone eq "disconnect"}
expect line 1006 {$tone eq "disconnect"}
hangup g.b
hangup g.c
expect cdr g {$cause == 16 && $release_side eq "A"}
