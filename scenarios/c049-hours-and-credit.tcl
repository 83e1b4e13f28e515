# Is each interval paid at the price of its hour, by rule and account of who pays, also of legs that move and calls that share?
# T29 T38 T44 T54; telephony.md 1.7; what each comes to was worked out by hand
seed 49
date 2026-12-04T21:58:30+01:00 ;# a Friday
module call 1.0
tariff town -first 0.02/60s -next 0.01/10s
tariff town -setup 0.10 -first 0.06/60s -next 0.03/30s -hours 8-22 -days mon-fri
account ann -prepaid 0.215
account bob -prepaid 0.16
account fam -prepaid 4.50
lines 1000 -account ann; lines 1001 -account bob; lines 1010-1019 -account fam
lines 2000-2999 -tariff town
service 2000-2999 transfer on

phase "answered on 1.0, whose rule lets the last begun interval go, also in the call of another release and at the other price"
call old 2001 2002; answer 2002
upgrade call 3.0; make-permanent call 3.0

phase "0.16 for the first minute, 0.03 up to 22:00, 0.01 for each that begins later"
call a 1000 2003; answer 2003; call b 1001 2004; answer 2004
for {set i 0} {$i < 10} {incr i} {call f$i 101$i 201$i; answer 201$i}
hold 2001; consult new 2001 2005; answer 2005; transfer 2001; hangup 2001
expect account ann {$reserved_micro == 160000}
advance 60s; expect b clearing
advance 30s; expect account ann {$reserved_micro == 200000}
advance 10s; expect account ann {$reserved_micro == 210000}
advance 10s; expect a clearing
foreach line {1000 2003 1001 2004} {hangup $line}
expect cdr a {$bill_ms == 110000 && $pulses == 4 && $charge_micro == 210000 && $local_reason eq "CREDIT"}
expect cdr b {$bill_ms == 60000 && $pulses == 1 && $charge_micro == 160000 && $local_reason eq "CREDIT"}

phase "ten calls of one account: 0.19 each up to 22:00, then 0.01 each 10 s, for which there is enough 26 times"
advance 230s; expect f0 active; expect account fam {$reserved_micro == 4500000}
advance 10s
for {set i 0} {$i < 10} {incr i} {
    expect f$i clearing; hangup 101$i; hangup 201$i
    expect cdr f$i {$bill_ms == 350000 && $pulses == 28 && $charge_micro == 450000 && $local_reason eq "CREDIT"}
}
foreach {name left} {ann 5000 bob 0 fam 0} {expect account $name {$balance_micro == $::left && $reserved_micro == 0}}

phase "the one leg by rule 1, the other by rule 2: 0.19 and 26 or 27 of 0.01"
advance 5s; hangup 2002; hangup 2005
expect leg old 1 {$number eq "2002" && $payer eq "2001" && $charge_micro == 190000 + 10000 * floor(($bill_ms - 90000) / 10000.0)}
expect leg old 2 {$number eq "2005" && $payer eq "2001" && $charge_micro == 190000 + 10000 * ceil(($bill_ms - 90000) / 10000.0)}
