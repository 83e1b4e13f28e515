# May who has two calls join, swap and end them, also when 2.0, which knows of no such thing, is there already?
# T23 T26 T27 T28 T29 T30 T31 T32 T44 T45 T69 T71 T72 T73 T74 T75, on 3.0, where U18
# keeps these calls while 2.0 is installed, and whence they follow afterwards
seed 23
module call 3.0
lines 1000-1999
lines 2000 -kind isdn
service 1110-1112 transfer on
service 1114 three-way on
service 1121 transfer on

proc other_release {is_there} {
    if {$is_there} {
        upgrade call 2.0
        expect upgrade installed {$pinned == 26 && $converted == 0 && $failed == 0}
    }
}

foreach is_there {0 1} {
    incr n
    phase "thirteen consult (T26 T28)"
    foreach i {10 11 12 13 14 15 16 17 18 19 20 21 22} {
        call x$i-$n 11$i 12$i; answer 12$i; hold 11$i
        consult y$i-$n 11$i [expr {$i == 21 ? 2000 : "13$i"}]
        expect x$i-$n consulting; expect line 12$i {$tone eq "hold"}
    }
    foreach i {10 13 14 15 19 20 22} {answer 13$i; expect y$i-$n active}
    advance 1s
    other_release $is_there

    phase "and do with their two calls what they may"
    transfer 1110; expect x10-$n active; expect line 1210 {$talking_to eq "1310"}; expect y10-$n ended ;# T29
    transfer 1111; expect x11-$n transferring; expect line 1211 {$tone eq "ringback"} ;# T30
    hangup 1112; expect x12-$n transferring; expect line 1112 idle ;# T30
    conference 1114; expect x14-$n conference; expect line 1214 {$tone eq "speech"} ;# T32
    swap 1115; expect line 1115 {$talking_to eq "1215"}; expect line 1315 {$tone eq "hold"} ;# T71
    flash 1115; retrieve x15-$n.a; expect line 1115 {$talking_to eq "1315"}; expect x15-$n consulting {$held_a == 1} ;# T71 T27
    flash 1116; expect x16-$n active {$hears_b eq "speech"}; expect line 1316 idle ;# T72
    retrieve 1117; expect x17-$n active; expect line 1317 idle ;# T72
    transfer 1118; conference 1118; expect x18-$n consulting; expect y18-$n alerting ;# T73
    hangup 1219; expect x19-$n ended; expect y19-$n active; expect line 1119 {$talking_to eq "1319"} ;# T74
    dial 1220 5; expect x20-$n consulting; clear x20-$n; expect x20-$n clearing; expect y20-$n active ;# T69 T45
    hangup 1121; expect x21-$n alerting; expect line 1121 ringing; expect line 2000 idle ;# T75
    hangup 1122; expect x22-$n alerting; expect line 1322 parked ;# T75, who may not transfer
    hangup 1313; advance 31s; expect y13-$n ended; expect x13-$n active {$held_a == 1} ;# T31
    expect x21-$n treated {$hears_a eq "no-answer"} ;# T23
    foreach i {10 11 12 13 14 15 16 17 18 19 20 21 22} {foreach line "12$i 13$i 11$i" {catch {hangup $line}}}
    catch {hangup 1118}; catch {hangup 1115}
    expect run {$live == 0 && $unexpected == 0}
}
allow cause
