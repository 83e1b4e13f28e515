# Where do digits lead: the longest prefix, a ported number, a line by another name?
seed 13
module call 1.0
lines 1000-1999
trunk near 9 -kind isdn
trunk abroad 9 -kind isdn
route 0 near -min 4 -max 8
route 00 abroad -min 6
route 77 local -strip 2 -prepend 1
route 66 announcement
route 25 local -min 4 -max 4
port 1005 0812345

call a 1001 0612345
expect a presented {$out_trunk eq "near"}
hangup 1001
call b 1001 0046123
expect b presented {$out_trunk eq "abroad"}
hangup 1001

# digit by digit: the longest number that the route allows ends it (T5), a pause
# ends a shorter one (T51), and what is too short is no number
offhook c 1001
dial 1001 06123456 -every 200ms
expect c presented {$called eq "06123456"} -within 2s
hangup 1001
offhook d 1001
dial 1001 0612
advance 4s
expect d presented {$called eq "0612"}
hangup 1001
offhook e 1001
dial 1001 061
advance 15s
expect e treated {$hears_a eq "reorder"}
hangup 1001

# a line by another number; one that has gone to another exchange
call f 1001 77002
expect line 1002 ringing
hangup 1001
call g 1001 1005
expect g presented {$out_trunk eq "near"}
expect line 1005 idle
hangup 1001
expect cdr g {$called_dialled eq "1005" && $called_translated eq "0812345"}

call h 1001 661
expect h treated {$hears_a eq "announcement"}
hangup 1001
expect cdr h {$cause == 22}

# a number of this exchange that no line has (T8)
offhook i 1001
dial 1001 2500
expect i treated {$hears_a eq "announcement"}
hangup 1001
expect cdr i {$cause == 1}
allow cause
