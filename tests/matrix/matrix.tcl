# Does a call in each state live through each upgrade there is, and come to its normal end with the right record?
#
# Run by tests/matrix/run, for each ordered pair of releases and each mode:
#   sweep   all are converted; who has no image stays, and follows when it has
#   drain   all end on the old code
#   canary  all are converted to be watched, and taken back by command
seed 3
param from 1.0
param to 2.0
param mode sweep
module call $from
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 1000-1999 -tariff town
lines 2000-2009 -kind isdn -tariff town
lines 3000-3009 -control calling -tariff town
service 1040 transfer on
service 1050 transfer on
service 1050 three-way on
service 1060 transfer on

# 1.x cannot say that a call is held or suspended: such ones stay on 2.0 or 3.0;
# none but 3.0 can say that one consults, with the two calls that it takes, that
# a call is being transferred, or that three talk in it
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
set count [expr {[llength [concat $calls $late $linked $joined $recalled]]}]
set stay 0
if {$mode ne "drain"} {
    set stay [expr {($to in $ancient ? [llength [concat $late $recalled]] : 0) + [llength [concat $linked $joined]]}]
}
# who is still dialling may come to dial for the fire brigade: no canary has it
set shy [expr {$mode eq "canary" ? {dials} : {}}]
incr stay [llength $shy]

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

phase "$mode from $from to $to"
if {$mode eq "sweep"} {
    upgrade call $to
    expect upgrade installed {$converted == $::count - $::stay && $pinned == $::stay && $failed == 0 && $lost == 0}
    set then $to
} elseif {$mode eq "drain"} {
    upgrade call $to -mode drain -background
    expect upgrade converting -within 1s
    set then $from
} else {
    upgrade call $to -canary 100% -watch 1h -background
    expect version call $to {$holders == $::count - $::stay} -within 1s
    rollback call
    expect upgrade rolled-back {$failed == 0 && $lost == 0 && $pinned == 0}
    set then $from
}
foreach c $calls {expect $c {$version eq $::then}}
foreach c [concat $late $recalled] {
    set where [expr {$to in $ancient ? $from : $then}]
    expect $c {$version eq $::where}
}
foreach c [concat $linked $joined] {expect $c {$version eq "3.0"}}

phase "each goes on where it stood"
dial dials.a 02
signal presented.b alerting
advance 1s
answer dials.b
answer presented.b
answer rings.b
hangup busy.a
hangup clears.b
if {$late ne {}} {retrieve 1020; answer 3000}
if {$linked ne {}} {
    answer 1032
    hangup 1032
    flash 1030
    answer 1042
    expect transfers active {$version eq $::then}
    expect line 1041 {$talking_to eq "1042"}
    answer 1060
    expect recalls active {$version eq $::then}
    expect line 1060 {$talking_to eq "1061"}
    hangup 1052
    expect confers active {$version eq $::then}
    expect line 1050 {$talking_to eq "1051"}
    expect consulted ended
    expect consults active {$hears_a eq "speech" && $hears_b eq "speech" && $version eq $::then}
}
foreach c {dials presented rings talks} {
    expect $c active {$hears_a eq "speech" && $hears_b eq "speech"}
}
advance 50s
foreach c [concat $calls $late [lrange $linked 0 0]] {
    if {$c in {busy clears}} continue
    hangup $c.a
    hangup $c.b
}
if {$joined ne {}} {foreach line {1041 1042 1050 1051 1060 1061} {hangup $line}}
advance 1s
expect run {$live == 0 && $lost == 0 && $crashes == 0}

phase "and its record says so"
# the running interval is paid by the rule of the release that answered: 1.0
# lets a begun one go free, all others count it
set talked [expr {$from eq "1.0" ? 150000 : 170000}]
set moved [expr {$mode eq "sweep" ? 1 : $mode eq "drain" ? 0 : 2}]
foreach c {dials presented rings} {
    expect cdr $c {$cause == 16 && $bill_ms >= 50000 && $bill_ms < 50100 && $charge_micro == 150000}
}
foreach c [concat talks $late [lrange $linked 0 0]] {
    expect cdr $c {$cause == 16 && $bill_ms >= 77000 && $bill_ms < 77100 && $charge_micro == $::talked}
}
expect cdr busy {$cause == 17 && $charge_micro == 0}
expect cdr clears {$cause == 16 && $bill_ms == 25000 && $charge_micro == 150000}
foreach c $calls {
    if {$c in $shy} {
        expect cdr $c {$version_end eq $::from && $upgrades == 0}
    } else {
        expect cdr $c {$version_start eq $::from && $version_end eq $::then && $upgrades == $::moved}
    }
}
foreach c [concat $linked $joined $recalled] {
    expect cdr $c {$cause == 16 && $version_start eq "3.0" && $version_end eq $::then}
}
foreach c $late {
    expect cdr $c {$version_start eq $::from && $version_end eq $::then && $upgrades <= 2}
}
if {$mode eq "drain"} {
    expect upgrade installed {$converted == 0 && $lost == 0} -within 1s
}
