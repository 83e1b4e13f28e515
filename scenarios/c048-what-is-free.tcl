# Is the way to an emergency free and every other way paid, whatever calls they come to be parts of?
# T29 T30 T32 T33 T75, design 7: emergency is free, and who dials a target pays for it to its end
seed 48
module call 3.0
tariff second -first 0.01/1s -next 0.01/1s
account ann
account bob -prepaid 1.00
lines 1000-1009 -tariff second -account ann
lines 1010-1019 -tariff second -account bob
lines 1020-1029 -tariff second
lines 911 -class emergency -tariff second
service 1000-1019 transfer on; service 1000-1019 three-way on

foreach {n x} {a 1001 b 1011} {
    phase "$x has talked for 10 s when he asks for help, and leaves it to the other while it rings (T30)"
    call ring$n $x 1021; answer 1021; advance 10s; hold $x; consult help$n $x 911
    expect help$n alerting {$class eq "emergency"}
    transfer $x; hangup $x; advance 5s; answer 911; advance 10s; hangup 911; hangup 1021
    expect leg ring$n 1 {$payer eq $::x && $bill_ms == 25000 && $charge_micro == 250000}
    expect leg ring$n 2 {$payer eq $::x && $number eq "911" && $bill_ms == 10000 && $tariff eq "" && $charge_micro == 0}

    phase "he has help, asks another, and they are three (T32); or two without him (T29)"
    call three$n $x 911; answer 911; advance 10s; hold $x; consult two$n $x 1022; answer 1022; advance 5s
    conference $x; advance 5s; hangup 911; hangup 1022; hangup $x
    expect leg three$n 1 {$number eq "911" && $bill_ms == 20000 && $charge_micro == 0}
    expect leg three$n 2 {$number eq "1022" && $bill_ms == 10000 && $tariff eq "second" && $charge_micro == 100000}
    call left$n $x 911; answer 911; hold $x; consult to$n $x 1023; transfer $x; hangup $x
    answer 1023; advance 7s; hangup 1023; hangup 911
    expect leg left$n 1 {$charge_micro == 0}
    expect leg left$n 2 {$number eq "1023" && $bill_ms == 7000 && $charge_micro == 70000}
    expect cdr left$n {$charge_micro == 70000}
}
expect account ann {$charged_micro == 420000}
expect account bob {$charged_micro == 420000 && $balance_micro == 580000 && $reserved_micro == 0}

phase "what was reserved for a call that comes to an emergency in the end is free again (T22)"
service 1024 cfnr 911 -after 5s
call sent 1012 1024
expect account bob {$reserved_micro == 10000}
advance 5s; answer 911
expect account bob {$reserved_micro == 0}
advance 10s; expect sent active {$class eq "emergency"}
hangup 1012; hangup 911
expect cdr sent {$legs == 2 && $bill_ms == 10000 && $charge_micro == 0}
expect account bob {$charged_micro == 420000 && $reserved_micro == 0}
