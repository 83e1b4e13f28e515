# Do those who are left of three talk on, or hear that it is over, also when 2.0 is there already?
# T32 T44 T45 T69 T76 T77 T78, on 3.0, where U18 keeps these calls while 2.0 is
# installed, and whence they follow when two are left
seed 25
module call 3.0
lines 1000-1999
service 1110-1117 three-way on
service 1110-1114 transfer on

proc other_release {is_there} {
    if {$is_there} {
        upgrade call 2.0
        expect upgrade installed {$pinned == 8 && $converted == 0 && $failed == 0}
    }
}

foreach is_there {0 1} {
    incr n
    phase "eight times three talk (T32)"
    foreach i {0 1 2 3 4 5 6 7} {
        call x$i-$n 111$i 121$i; answer 121$i; hold 111$i
        consult y$i-$n 111$i 131$i; answer 131$i
        conference 111$i
        expect x$i-$n conference; expect cdr y$i-$n {$local_reason eq "CONF"}
        foreach line "111$i 121$i 131$i" {expect line $line {$tone eq "speech"}}
    }
    advance 10s
    other_release $is_there
    set then [expr {$is_there ? "2.0" : "3.0"}]

    phase "and one of them leaves"
    foreach {line call one other} {1110 0 1210 1310  1211 1 1111 1311  1312 2 1112 1212} {
        hangup $line; expect x$call-$n active {$version eq $::then} ;# T76
        expect line $one {$talking_to eq $::other}
    }
    flash 1113; expect x3-$n active; expect line 1313 parked; expect line 1113 {$talking_to eq "1213"} ;# T78
    dial 1114 5; dial 1314 5; expect x4-$n conference {$hears_a eq "speech"} ;# T69
    hangup 1115; expect x5-$n clearing; foreach line {1215 1315} {expect line $line {$tone eq "disconnect"}} ;# T77
    hangup 1216; expect x6-$n active; expect line 1116 {$talking_to eq "1316"} ;# T76, of who may not transfer
    clear x7-$n; expect x7-$n clearing; foreach line {1117 1217 1317} {expect line $line {$tone eq "disconnect"}} ;# T45
    foreach i {0 1 2 3 4 5 6 7} {foreach line "111$i 121$i 131$i" {catch {hangup $line}}}
    expect cdr x5-$n {$cause == 16 && $release_side eq "A"}; expect cdr x7-$n {$cause == 31}
}
expect run {$live == 0 && $unexpected == 0}
