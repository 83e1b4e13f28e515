# Is who has paid in warned, and cut off, whatever he does meanwhile, and also when 2.0 began the call?
# T38 T44, on 3.0 in each state in which somebody pays, and after an upgrade from 2.0
# while two talk, one holds, or one has hung up
seed 46
module call 3.0
tariff second -first 0.01/1s -next 0.01/1s
lines 2000-2999 -tariff second -control calling
lines 3000-3999

foreach from {3.0 2.0} {
    incr n
    phase "each has paid in for 10 s of a call of $from"
    if {$from eq "2.0"} {upgrade call 2.0; make-permanent call 2.0}
    set calls [expr {$from eq "3.0" ? {0 1 2 3 4 5} : {0 1 2}}]
    foreach i $calls {
        account paid$n$i -prepaid 0.10 -warn 0.055
        lines 1${n}0$i -account paid$n$i
        service 1${n}0$i transfer on; service 1${n}0$i three-way on
        call c$n$i 1${n}0$i 2${n}0$i; answer 2${n}0$i
    }
    hold 1${n}01; hangup 2${n}02
    expect c${n}1 active {$held_a == 1}; expect c${n}2 suspended
    if {$from eq "3.0"} {
        foreach i {3 4} {hold 1${n}0$i; consult with$n$i 1${n}0$i 3${n}0$i; answer 3${n}0$i}
        conference 1${n}04; transfer 1${n}05 3${n}05
        expect c${n}3 consulting; expect c${n}4 conference; expect c${n}5 transferring
    }
    advance 1s
    if {$from eq "2.0"} {upgrade call 3.0; make-permanent call 3.0}
    foreach i $calls {expect c$n$i {$version eq "3.0"}}

    phase "he is warned when there is half of it left (T38)"
    advance 3s
    foreach i {0 1 2 4} {
        if {$i in $calls} {expect line 1${n}0$i {$tone eq "warning"} -within 1010ms}
    }
    advance 2s
    foreach {i what} {0 speech 1 speech 2 none 4 speech} {
        if {$i in $calls} {expect line 1${n}0$i {$tone eq $::what}}
    }

    phase "and cut off when there is none (T38)"
    advance 3s
    foreach i $calls {expect c$n$i clearing -within 1010ms}
    foreach i {0 1 2 4} {
        if {$i in $calls} {expect line 1${n}0$i {$tone eq "credit"}}
    }
    advance 40s
    foreach i $calls {
        expect cdr c$n$i {$cause == 31 && $local_reason eq "CREDIT" && $bill_ms >= 10000 && $bill_ms < 10050}
        foreach line "1${n}0$i 2${n}0$i 3${n}0$i" {catch {hangup $line}}
        expect account paid$n$i {$charged_micro == 100000 && $balance_micro == 0}
    }
}
