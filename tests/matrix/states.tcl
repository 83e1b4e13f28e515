# A call in each state that release $from has: dials presented rings talks busy clears, and the later ones.
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 1000-1999 -tariff town
lines 2000-2009 -kind isdn -tariff town
lines 3000-3009 -control calling -tariff town
service 1040 transfer on
service 1050 transfer on
service 1050 three-way on
service 1060 transfer on

set ancient {1.0 1.1}
set calls {dials presented rings talks busy clears}
set late {}
if {$from ni $ancient} {set late {held suspended}}
set linked {}
set joined {}
set recalled {}
if {$from eq "3.0"} {
    set linked {consults consulted}
    set joined {transfers confers}
    set recalled {recalls} ;# which 1.x lacks, as what is late
}
set all [concat $calls $late $linked $joined $recalled]
set count [llength $all]

phase "a call in each state of $from"
call talks 1005 1006
call clears 1007 1008
if {$late ne {}} {
    call held 1020 1021
    call suspended 1022 3000
}
if {$linked ne {}} {
    call consults 1030 1031
    call transfers 1040 1041
    call confers 1050 1051
    call recalls 1060 1061
}
advance 1s
answer 1006
answer 1008
if {$late ne {}} {answer 1021; answer 3000}
if {$linked ne {}} {
    answer 1031
    answer 1041
    answer 1051
    answer 1061
    hold 1040
    hold 1050
    consult asked 1040 1042
    consult third 1050 1052
    advance 1s
    transfer 1040
    answer 1052
    conference 1050
    hangup 1040
    advance 24s
} else {
    advance 25s
}
offhook dials 1001
dial dials.a 10
call presented 1010 2000
call rings 1003 1004
call busy 1011 1005
hangup 1007
if {$late ne {}} {hold 1020; hangup 3000}
if {$linked ne {}} {
    hold 1030
    consult consulted 1030 1032
    flash 1060
    hangup 1060
}
advance 1s
expect dials collecting
expect presented presented
expect rings alerting
expect talks active
expect busy treated
expect clears clearing
if {$late ne {}} {
    expect held active {$held_a == 1}
    expect suspended suspended
}
if {$linked ne {}} {
    expect consults consulting
    expect consulted alerting
    expect transfers transferring
    expect confers conference
    expect recalls alerting
    expect line 1060 ringing
}
