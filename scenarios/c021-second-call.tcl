# Does a subscriber who talks hear, take, refuse and leave a second call, also when an upgrade comes just before?
# T12 T21 T24 T44 T63 T64 T65 T66 T67 T90, on 2.0, and from there to 3.0 and back
# while the second call is dialled, waits, or talks
seed 21
module call 2.0
lines 1000-1099
service 1020-1029 call-waiting on
service 1025 cfnr 1041 -after 70s

proc onward {to} {
    if {$to ne $::now} {
        upgrade call $to
        expect upgrade installed {$converted == 20 && $failed == 0 && $pinned == 0}
        make-permanent call $to
    }
    set ::now $to
}

set now 2.0
foreach to {2.0 3.0 2.0} {
    incr n
    phase "ten talk on $now, and hear another"
    foreach i {0 1 2 3 4 5 6 7 8 9} {
        call first$i-$n 101$i 102$i; answer 102$i
        if {$i != 8} {call wait$i-$n 103$i 102$i; expect wait$i-$n alerting {$waiting == 1}}
    }
    foreach line {1020 1029} {flash $line}
    offhook wait8-$n 1038; dial 1038 102
    advance 10s

    phase "and do something about it, on $to"
    onward $to
    dial 1038 8; expect wait8-$n alerting {$waiting == 1}; expect line 1028 waiting {$tone eq "waiting"} ;# T12
    flash 1021; expect wait1-$n active; expect first1-$n active {$held_b == 1} ;# T64
    answer 1022; expect wait2-$n active; expect line 1022 {$talking_to eq "1032"} ;# T64
    hangup 1023; expect wait3-$n alerting {$waiting == 0}; expect line 1023 ringing ;# T65
    expect line 1013 {$tone eq "disconnect"}
    hangup 1036; expect line 1026 busy {$calls == 1 && $talking_to eq "1016"} ;# T24
    reject 1027 -cause 17; expect line 1037 {$tone eq "busy"}; expect line 1027 busy {$tone eq "speech"} ;# T63
    swap 1029; expect line 1029 {$talking_to eq "1019"}; expect wait9-$n active {$held_b == 1} ;# T67
    flash 1029; expect line 1029 {$talking_to eq "1039"}; expect first9-$n active {$held_b == 1} ;# T67
    hangup 1020; expect first0-$n alerting; expect line 1020 ringing; expect line 1010 {$tone eq "ringback"} ;# T90
    expect line 1030 {$tone eq "disconnect"}
    answer 1020; expect first0-$n active {$hears_a eq "speech" && $held_b == 0} ;# T21
    answer 1023; expect wait3-$n active {$version eq $::to} ;# T21
    advance 50010ms
    expect line 1034 {$tone eq "no-answer"}; expect line 1024 busy {$tone eq "speech" && $calls == 1} ;# T66
    expect line 1041 ringing; expect wait5-$n alerting {$legs == 2} ;# T66
    foreach i {0 1 2 3 4 5 6 7 8 9} {
        foreach line "101$i 103$i 102$i" {catch {hangup $line}}
    }
    catch {answer 1028}; catch {hangup 1028}
    foreach i {0 1 2 3 4 5 6 7 8 9} {expect line 102$i idle; expect first$i-$n ended; expect wait$i-$n ended}
    expect cdr wait4-$n {$cause == 19}; expect cdr wait7-$n {$cause == 17}; expect cdr wait6-$n {$local_reason eq "CANCEL"}
}
expect run {$live == 0 && $unexpected == 0}
