# Does a transfer that crashes leave three talking as before, and one whose other call crashes still come about?
seed 35
module call 3.0
lines 1000-1009
service 1001 transfer on

proc consulting {call second} {
    call $call 1001 1002
    advance 1s
    answer 1002
    hold 1001
    consult $second 1001 1003
    advance 1s
    answer 1003
}
proc all_hang_up {} {
    foreach line {1001 1002 1003} {
        try {hangup $line} on error {} {}
    }
}

phase "the first call crashes: nothing has happened, and it is asked again (T29, T89)"
consulting a b
fault a crash -on transfer
transfer 1001
expect a consulting
expect b active
transfer 1001
expect a active
expect line 1002 {$talking_to eq "1003"}
all_hang_up
expect cdr a {$cause == 16 && $crashes == 1}
expect cdr b {$cause == 16 && $local_reason eq "XFER_ATT" && $crashes == 0}

phase "the handset is down all the same (T75, T89)"
consulting c d
fault c crash -on onhook
hangup 1001
expect c active
expect line 1002 {$talking_to eq "1003"}
all_hang_up
expect cdr c {$cause == 16 && $crashes == 1}

phase "either is given up: each has its record, and no line stays busy (T39, T31)"
consulting e f
fault f crash -count 2
hangup 1003
expect f ended
expect e active {$held_a == 1}
all_hang_up
consulting g h
fault g crash -count 2
hangup 1002
expect g ended
expect line 1001 {$talking_to eq "1003"}
all_hang_up
foreach call {f g} {expect cdr $call {$cause == 41 && $local_reason eq "CRASH"}}
expect run {$crashes == 6 && $live == 0}
