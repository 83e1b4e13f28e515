# Is nothing lost of the calls that end while the disk is full, or the file may only be read?
seed 11
module call 1.0
lines 1000-1999
lines 2000-2999
traffic t -from 1000-1999 -to 2000-2999 -rate 40/s -hold fixed:2s -answer-after fixed:1s
advance 5s

foreach {harm told} {full "the disk is full" readonly "it may only be read"} {
    fault database $harm
    expect database down -within 5s
    expect alarm database-down raised {$text eq $::told}
    advance 20s
    expect database down {$waiting > 400}
    expect traffic t running {$gapped == 0 && $unmade == 0}
    heal database
    expect database ok -within 10s
    expect alarm database-down cleared
}

stop t
advance 10s
expect run {$live == 0 && $ended > 1500 && $cdrs == $ended}
expect database ok {$waiting == 0}
expect alarm database-down cleared {$count == 2}
