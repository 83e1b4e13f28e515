# Does a database that is deleted under the switch come back with every record, and a damaged one when it is mended?
seed 12
module call 1.0
lines 1000-1099
lines 2000-2099
traffic t -from 1000-1099 -to 2000-2099 -rate 10/s -hold fixed:2s -answer-after fixed:1s
call first 1000 2000
answer 2000
hangup 1000
hangup 2000
advance 10s

# the switch has it open still, and writes all of it anew
fault database vanish
expect database down -within 2s
expect alarm database-down raised {$text eq "it has vanished"}
expect database ok -within 2s
expect alarm database-down cleared {$count == 1}
expect cdr first {$cause == 16}

# N13: what is damaged is not written to until somebody has mended it
advance 10s
fault database corrupt
expect database down -within 2s
expect alarm database-down raised {$text eq "it is damaged"}
advance 10s
expect database down {$waiting > 90}
heal database
expect database ok -within 10s

stop t
advance 10s
expect run {$live == 0 && $ended > 300 && $cdrs == $ended}
expect cdr first {$cause == 16}
