# Do calls that wait, or were sent on, live through each upgrade there is, and go on by the event that comes next?
#
# Run by tests/matrix/run, as matrix.tcl is: T12 T22 T64 T65 T90, each after an upgrade in its state (T44)
seed 4
param from 2.0
param to 3.0
param mode sweep
module call $from
include more_states.tcl

# 1.x cannot say that a call waits, has waited, is rung again, is held, was sent
# on or will be: such ones stay until they have come to something else
set ancient [expr {$to in {1.0 1.1}}]
set stay [expr {$ancient && $mode ne "drain" ? [llength $bound] : 0}]

phase "$mode from $from to $to"
if {$mode eq "sweep"} {
    upgrade call $to
    expect upgrade installed {$converted == 9 - $::stay && $pinned == $::stay && $failed == 0 && $lost == 0}
    set then $to
} elseif {$mode eq "drain"} {
    upgrade call $to -mode drain -background
    expect upgrade converting -within 1s
    set then $from
} else {
    upgrade call $to -canary 100% -watch 1h -background
    expect version call $to {$holders == 9 - $::stay} -within 1s
    rollback call
    expect upgrade rolled-back {$failed == 0 && $lost == 0 && $pinned == 0}
    set then $from
}
set kept [expr {$ancient ? $from : $then}]
foreach c $free {expect $c {$version eq $::then}}
foreach c $bound {expect $c {$version eq $::kept}}

phase "each goes on where it stood"
advance 12s
expect line 1072 ringing
advance 2s
expect line 1073 ringing
expect may alerting {$legs == 2 && $version eq $::kept}
answer 1073
answer 1063
answer 1032
answer 1042
if {$ancient && $mode eq "sweep"} {
    hangup 1012
    expect talks clearing
    hangup 1011
    answer 1012
    hangup 1022
    answer 1022
    hangup 1023
} else {
    flash 1012
    expect talks active {$held_b == 1}
    flash 1012
    expect waits active {$held_b == 1}
    flash 1022
    expect left active {$held_b == 0}
    expect taken active {$held_b == 1}
    hangup 1022
    expect line 1022 ringing
    answer 1022
    hangup 1011
    hangup 1021
    hangup 1012
    answer 1012
}
foreach c {waits rings again} {
    expect $c active {$hears_a eq "speech" && $hears_b eq "speech" && $version eq $::then}
}
# what was sent on has more than one who pays, for as long as it lives
foreach c {sent on may} {expect $c active {$version eq $::kept}}
advance 61s
foreach line {1013 1012 1033 1032 1041 1042 1051 1053 1061 1063 1071 1073} {hangup $line}
hangup [expr {$ancient && $mode eq "sweep" ? 1021 : 1023}]
hangup 1022
advance 1s
expect run {$live == 0 && $lost == 0 && $crashes == 0 && $unexpected == 0}

phase "and its record says so"
foreach c {sent on may} {
    expect cdr $c {$cause == 16 && $redirect_count == 1 && $legs == 2 && $version_start eq $::from && $version_end eq $::kept}
}
foreach c {on may} {expect cdr $c {$charge_micro == 340000}}
foreach c [concat $free waits rings again left] {
    expect cdr $c {$cause == 16 && $version_start eq $::from && $version_end eq $::then}
}
if {$mode eq "drain"} {
    expect upgrade installed {$converted == 0 && $lost == 0} -within 1s
}
