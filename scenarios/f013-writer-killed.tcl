# Is every record kept when the writer's process is killed at each step of its work, also while the disk is full?
seed 13
module call 1.0
lines 1000-1999
lines 2000-2999
traffic t -from 1000-1999 -to 2000-2999 -rate 100/s -hold fixed:2s -answer-after fixed:1s
allow restart
advance 5s

# a batch is given a tenth of a second after its first record, and is answered a millisecond later
foreach later {0ms 20ms 40ms 60ms 80ms 99ms 100ms 101ms 102ms 120ms} {
    advance 6s
    advance $later
    fault process recorder kill
    expect process recorder running
    expect database ok
}

# what waits belongs to its supervisor, and the next one begins with the first of it
fault database full
expect database down -within 5s
expect alarm database-down raised
foreach n {1 2 3} {
    advance 6s
    fault process recorder kill
    expect database down {$waiting > 500}
}
heal database
expect database ok -within 10s
expect alarm database-down cleared {$count == 1}

stop t
advance 10s
expect run {$live == 0 && $restarts == 13 && $ended > 8000 && $cdrs == $ended}
expect database ok {$waiting == 0}
