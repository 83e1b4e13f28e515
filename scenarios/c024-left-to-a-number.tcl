# Does who is left to a number get through, hear why not, or get back who left him, also when 2.0 is there already?
# T11 T33 T34 T35 T36 T44 T45 T59 T60 T69 T79, on 3.0, where U18 keeps these
# calls while 2.0 is installed, and whence they follow afterwards
seed 24
module call 3.0
lines 1000-1999
lines 2000-2009 -kind isdn
trunk T1 9 -kind isdn
route 08 T1
service 1100-1119 transfer on
service 1399 cfb 1398
timer T303 8s
timer T310 12s
timer T301 20s

proc other_release {is_there} {
    if {$is_there} {
        upgrade call 2.0
        expect upgrade installed {$pinned == 12 && $converted == 1 && $failed == 0}
    }
}

call talks 1391 1399; answer 1399
foreach is_there {0 1} {
    incr n
    phase "thirteen leave the other to a number (T33)"
    foreach i {10 11 12 13 14 15 16 17 18 19} {
        call x$i-$n 12$i 11$i; answer 11$i
        if {$i < 12} {hold 11$i}
        transfer 11$i [lindex {1310 2001 1312 1313 081 2005 1316 081 1318 2009} [expr {$i - 10}]]
        expect x$i-$n transferring {$hears_a eq "ringback"}
        if {$i ni {13 19}} {hangup 11$i}
    }
    service 1100 transfer on; call x20-$n 1220 1100; answer 1100; transfer 1100 2006; service 1100 transfer off; hangup 1100
    call x21-$n 1221 1101; answer 1101; transfer 1101 1399; expect line 1398 ringing; hangup 1101 ;# T11
    advance 1s
    other_release $is_there

    phase "which answers, or says something else"
    answer 1310; expect x10-$n active; expect line 1210 {$talking_to eq "1310"} ;# T34
    signal 2001 alerting; answer 2001; expect x11-$n active ;# T79 T34
    reject 1312 -cause 17; expect x12-$n alerting; expect line 1112 ringing ;# T35
    reject 1313 -cause 17; expect x13-$n treated {$hears_a eq "busy"} ;# T35, not idle
    signal x14-$n.b proceeding; expect x14-$n transferring {$hears_a eq "ringback"} ;# T59
    signal x17-$n.b progress; expect x17-$n transferring {$hears_a eq "speech"} ;# T60
    hangup 1216; expect x16-$n ended; expect line 1316 idle ;# T36
    hangup x17-$n.b -cause 38; expect x17-$n alerting; expect line 1117 ringing ;# T35
    dial 1218 5; clear x18-$n; expect x18-$n clearing; expect line 1318 idle ;# T69 T45
    signal 2009 disconnect -cause 21; expect x19-$n treated ;# T35
    advance 8010ms; expect x15-$n alerting; expect line 1115 ringing; expect x20-$n treated ;# T35, after T303
    advance 4s; expect x14-$n alerting; expect line 1114 ringing ;# T35, after T310
    advance 8s; expect x21-$n alerting; expect line 1398 idle; expect line 1101 ringing ;# T35, after T301

    foreach line {1210 1310 1211 2001 1212 1213 1113 1214 1215 1115 1217 1218 1219 1119 1220 1221} {catch {hangup $line}}
    foreach {call why} {12 16 13 17 15 16 18 31 19 21 20 18 17 16} {expect cdr x$call-$n {$cause == $::why}}
}
hangup 1399; hangup 1391
expect run {$live == 0 && $unexpected == 0}
