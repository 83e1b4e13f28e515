# Does the record of each path that a timer has ended, or the clearing of which it has, say by diagnostic 102 which one it was?
# T20 T23 T35 T61 T66 T82 T84 T85; Q.931 5.2.4, 5.3.4; Q.764, table A.1
seed 28
module call 3.0
lines 1000-1009
lines 1100 -control calling
lines 2000-2001 -kind isdn
service 1000-1009 transfer on; service 1003 call-waiting on
trunk I 9 -kind isdn -far silent
trunk S 9 -kind ss7 -far silent
route 07 I S
route 08 S; route 09 I
allow cause; allow alarm

phase "T303 on the first way and ISUP-T7 on the next one (T20 T61), T310, T301 where nobody answers (T23)"
call a 1001 071
advance 33s; expect a treated; hangup 1001
expect leg a 1 {$cause == 18 && $out_trunk eq "I" && $diagnostic == 102 && $timer eq "T303"}
expect leg a 2 {$cause == 18 && $out_trunk eq "S" && $diagnostic == 102 && $timer eq "ISUP-T7"}
call b 1001 091; signal b.b proceeding; advance 10s; hangup 1001
expect leg b 1 {$cause == 18 && $diagnostic == 102 && $timer eq "T310"}
call c 1001 1002; call d 1004 081; signal d.b alerting; advance 180s; hangup 1001; hangup 1004
expect leg c 1 {$cause == 19 && $diagnostic == 102 && $timer eq "T301"}
expect leg d 1 {$cause == 19 && $diagnostic == 102 && $timer eq "ISUP-T9"}

phase "who waits (T66), who has hung up and does not come back (T82), and who is not rung in vain (T35)"
call e 1003 1005; answer 1005; call w 1006 1003; advance 60s; hangup 1006; hangup 1003; hangup 1005
expect leg w 1 {$cause == 19 && $diagnostic == 102 && $timer eq "Tcw"}
expect leg e 1 {$cause == 16 && $diagnostic == 0 && $timer eq ""}
call f 1001 1100; answer 1100; hangup 1100; advance 90s; hangup 1001
expect leg f 1 {$cause == 16 && $diagnostic == 102 && $timer eq "Tsusp"}
call x 1001 1002; answer 1002; transfer 1001 091; hangup 1001; advance 4s
expect x alerting; answer 1001; hangup 1002; hangup 1001
expect leg x 2 {$kind eq "transfer" && $cause == 18 && $diagnostic == 102 && $timer eq "T303"}

phase "RELEASE without an answer, at the side that was called, at both, and where there is no path (T85)"
call g 1001 081; answer g.b; hangup 1001; advance 330s
expect leg g 1 {$cause == 16 && $diagnostic == 102 && $timer eq "ISUP-T5"}
call h I 2000; signal 2000 alerting; answer 2000; fault line 2000 silent; clear h; advance 38s
expect h ended; expect cdr h {$cause == 31 && $diagnostic == 102}
expect leg h 1 {$diagnostic == 102 && $timer eq "T308"}
call i I 999; advance 38s; expect cdr i {$cause == 3 && $diagnostic == 102}
expect leg i 1 {$cause == 3 && $diagnostic == 102 && $timer eq "T308"}
call j 1001 1002; answer 1002; transfer 1001 2001; signal 2001 alerting; answer 2001
fault line 2001 silent; hangup 1002; advance 38s
expect leg j 1 {$diagnostic == 0}; expect leg j 2 {$number eq "2001" && $timer eq "T308"}
