# Do a few subscribers block each other less than very many would who call as much?
seed 33
module call 1.0
records -cdr off -events off
lines 10000-10999
lines 20000-20011
trunk few 6
trunk many 6
route 07 few
route 08 many

# 4 erlangs each: twelve telephones that are each busy a third of the time, and a thousand
traffic few -from 20000-20011 -to few -erlangs 4E -sources 12 -hold exp:60s -answer-after fixed:0s
traffic many -from 10000-10999 -to many -erlangs 4E -hold exp:60s -answer-after fixed:0s
advance 20h
# who talks does not call meanwhile: Engset has 8.7 % here where Erlang has 11.7 %
expect trunk few {$blocking > 0.075 && $blocking < 0.8 * $erlang_b}
expect trunk many {$blocking > 0.9 * $erlang_b && $blocking < 1.1 * $erlang_b}
expect trunk many {abs($blocking - $erlang_b) < 4 * $blocking_se}
stop all
expect run {$live == 0} -within 1h
