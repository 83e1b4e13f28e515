# Are lines whose numbers have * and # called as others are, and is a # the end of a number elsewhere?
seed 14
module call 1.0
lines 1001-1009
lines *100-*199; lines 10#-12#; lines #31
trunk T1 4
route 08 T1; route 08*# T1

call c 1001 *123
expect c alerting -within 2s
expect line *123 ringing
answer *123
hangup 1001
hangup *123
expect cdr c {$cause == 16 && $called_dialled eq "*123"}

# digit by digit; where no number goes on with #, it ends what was dialled (T5)
offhook d 1002
dial 1002 11# -every 200ms
expect d alerting {$called eq "11#"} -within 2s
expect line 11# ringing
hangup 1002
offhook e 1002
dial 1002 1003#
expect e alerting -within 100ms
hangup 1002
expect cdr e {$called_dialled eq "1003"}

offhook f *100
dial *100 #31
expect f alerting -within 100ms
answer #31
expect line *100 {$talking_to eq "#31"}
hangup *100
hangup #31
offhook i 1003
dial 1003 0812#
expect i presented -within 100ms
hangup 1003
expect cdr i {$called_dialled eq "0812"}
call j 1003 08*#12
expect j presented
hangup 1003
expect cdr j {$called_dialled eq "08*#12"}
call g T1 12#
expect g alerting
hangup g.a
call h 1001 10
expect h treated {$hears_a eq "announcement"}
hangup 1001
expect cdr h {$cause == 1}
