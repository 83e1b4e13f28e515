# Do calls find a trunk group full as often as Erlang says, and what overflows another as Wilkinson says?
seed 12
module call 1.0
lines 10000-12999
trunk T1 10
trunk T2 12
trunk T3 8
route 07 T1
route 08 T2 T3
traffic one -from 10000-10999 -to 0700-0799 -erlangs 8E -hold exp:100s -answer-after fixed:0s -for 30h
traffic two -from 11000-11999 -to 0800-0899 -erlangs 12E -hold exp:100s -answer-after fixed:0s -for 30h
advance 30h
expect trunk T1 {$blocking > 0.9 * $erlang_b && $blocking < 1.1 * $erlang_b}
expect trunk T2 {$blocking > 0.9 * $erlang_b && $blocking < 1.1 * $erlang_b}
expect trunk T3 {$peakedness > 1.2 && $blocking > 0.7 * $wilkinson && $blocking < 1.4 * $wilkinson}
expect traffic one {$unmade == 0}
advance 1h
expect run {$live == 0}
