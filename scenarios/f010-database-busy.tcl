# Do calls go on, and is every record kept, while another program holds the database, and while it is slow?
seed 10
module call 1.0
lines 1000-1099
lines 2000-2099
traffic t -from 1000-1099 -to 2000-2099 -rate 5/s -hold fixed:2s -answer-after fixed:1s

advance 5s
expect database ok
fault database busy -for 30s

# a lock may pass by itself: for five seconds nobody is troubled with it
advance 3s
expect database waiting {$waiting > 0}
expect alarm database-down cleared {$count == 0}
expect database down -within 10s
expect alarm database-down raised {$severity eq "major" && $text eq "another program holds it"}
expect traffic t running {$gapped == 0 && $unmade == 0}

# it is tried again and again, and then all that has waited is written
expect database ok -within 30s
expect alarm database-down cleared {$count == 1}

fault database slow
advance 2s
heal database
stop t
advance 10s
expect run {$live == 0 && $ended > 100 && $cdrs == $ended}
expect database ok {$waiting == 0 && $written >= 100}
