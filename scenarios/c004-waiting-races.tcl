# Does no line stay busy, whatever two of three subscribers do about a waiting call at one instant?
#
# T24 T37 T63 T64 T65 T67 T90, in an order of the seed: records and lines must agree in each
seed 4
module call 2.0
lines 1000-1009
service 1002 call-waiting on
allow late; allow unexpected-signal
allow cause

proc nothing {} {}
set deeds {
    nothing {} gives-up {hangup 1003} leaves {hangup 1001}
    hangs-up {hangup 1002} takes {flash 1002} answers {answer 1002} refuses {reject 1002}
}
set n 0
foreach {one first} $deeds {
    foreach {two second} $deeds {
        if {$one eq $two} continue
        incr n
        phase "$one, $two"
        call talk$n 1001 1002
        answer 1002
        call wait$n 1003 1002
        expect wait$n alerting {$waiting == 1}
        race [list catch $first] [list catch $second]
        foreach line {1001 1003 1002} {catch {hangup $line}}
        catch {answer 1002}
        catch {hangup 1002}
        foreach line {1001 1002 1003} {expect line $line idle -within 91s}
        expect talk$n ended
        expect wait$n ended
    }
}
expect run {$live == 0 && $crashes == 0}
