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
include states.tcl

# 1.x cannot say that a call is held or suspended: such ones stay on 2.0 or 3.0;
# none but 3.0 can say that one consults, with the two calls that it takes, that
# a call is being transferred, or that three talk in it
set stay 0
if {$mode ne "drain"} {
    set stay [expr {($to in $ancient ? [llength [concat $late $recalled]] : 0) + [llength [concat $linked $joined]]}]
}
# who is still dialling may come to dial for the fire brigade: no canary has it
set shy [expr {$mode eq "canary" ? {dials} : {}}]
incr stay [llength $shy]

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
