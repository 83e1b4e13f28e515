# Is a consultation in the books that another event ends before it has begun?
#
# A flash meets another event at one instant, in an order of the seed, and the
# consultation that it begins ends before its process has run (T28 T29 T31 T32):
# it has its record, which counts its one leg (A2).
module call 3.0
lines 1000-1009
service 1000-1009 transfer on
allow cause; allow late

set n 0
foreach other {{flash 1001} {hangup 1001} {hangup 1002} {retrieve 1001}} {
    foreach round {1 2 3 4} {
        incr n
        phase "flash 1001, $other"
        call talk$n 1001 1002
        answer 1002
        race {flash 1001} [list catch $other]
        advance 1s
        foreach line {1001 1002} {catch {hangup $line}}
        foreach line {1001 1002} {expect line $line idle -within 91s}
        expect talk$n ended
    }
}

# Digits of a number that is whole already are none of the call's.
call late 1001 1002
answer 1002
dial 1001 1003
expect late {$called eq "1002"}
hangup 1001
hangup 1002
expect run {$live == 0 && $crashes == 0}
