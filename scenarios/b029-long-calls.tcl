# Is a call charged whole that lasts longer than its release counts, and once, whatever releases it passes through?
# T37 T44, telephony.md 1.7; 1.0 counts 65,535 intervals, which is 18 h of one second each
seed 29
module call 1.0
account ann
tariff second -first 0.01/1s -next 0.01/1s
tariff noon -first 0.01/1s -next 0.01/1s
tariff noon -first 0.02/1s -next 0.02/1s -hours 12-13
lines 1000-1009 -tariff second -account ann
lines 2000-2009 -tariff noon

foreach {call from to} {full 1001 1002 up 1003 1004 back 1005 1006 hour 1007 2001} {
    call $call $from $to; answer $to
}
phase "20 h and half a second: rule 1 lets the begun one go; an hour of it costs twice"
advance 72000500ms
foreach line {1001 1002 1007 2001} {hangup $line}
expect cdr full {$bill_ms == 72000500 && $pulses == 72000 && $charge_micro == 720000000}
expect cdr hour {$bill_ms == 72000500 && $pulses == 72000 && $charge_micro == 756000000}

phase "one more hour on 3.0, and one more on 1.0 again"
upgrade call 3.0; make-permanent call 3.0
advance 3599500ms; hangup 1003; hangup 1004
expect cdr up {$pulses == 75600 && $charge_micro == 756000000}
upgrade call 1.0
advance 1h; hangup 1005; hangup 1006
expect cdr back {$version_end eq "1.0" && $upgrades == 2 && $pulses == 79200 && $charge_micro == 792000000}
expect account ann {$charged_micro == 3024000000}
