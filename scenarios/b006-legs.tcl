# Does every call leave a leg, with who pays what for it?
seed 6
module call 1.0
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
lines 1000-1999 -tariff town

call c 1001 1002
expect c alerting -within 2s
answer 1002
advance 90s
hangup 1001
hangup 1002
expect cdr c {$legs == 1 && $pulses == 2 && $charge_micro == 170000}
expect leg c 1 {$kind eq "dialled" && $number eq "1002"}
expect leg c 1 {$payer eq "1001" && $tariff eq "town" && $cause == 16}
expect leg c 1 {$bill_ms == 90000 && $pulses == 2 && $charge_micro == 170000}

# One that is refused has tried a path, and one that dials nothing has none to
# try: it leaves a leg all the same.
call d 1003 1004
expect d alerting -within 2s
reject 1004
hangup 1003
expect leg d 1 {$number eq "1004" && $cause == 21 && $charge_micro == 0}
expect cdr d {$legs == 1 && $cause == 21}
offhook e 1005
hangup 1005
expect leg e 1 {$number eq "" && $payer eq "1005" && $cause == 16}

# T39: it ends with its call, whatever ends that, and is charged up to there.
call f 1006 1007
expect f alerting -within 2s
answer 1007
advance 30s
fault f crash -count 2
hangup 1006
hangup 1007
expect cdr f {$cause == 41 && $local_reason eq "CRASH" && $legs == 1}
expect leg f 1 {$cause == 41 && $bill_ms == 30000 && $charge_micro == 150000}
expect run {$crashes == 2}
expect d ended
