# Does every call pay the same whether or not it is taken through all releases and back, by the rule of its answer?
# U19, told by the test equal_charges, which runs it with upgrades and without
seed 42
param upgrades yes
module call 1.0
tariff second -first 0.0007/1s -next 0.000333/1s
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
tariff flat -setup 0.10 -first 0.05/10h
lines 10000-19999
lines 20000-22999 -tariff second
lines 23000-25999 -tariff town
lines 30000-33999 -tariff flat

proc onward {version} {
    if {$::upgrades eq "yes"} {
        upgrade call $version
        expect upgrade installed {$failed == 0 && $pinned == 0 && $lost == 0}
        make-permanent call $version
    }
}

phase "answered on 1.0, which lets a begun interval go free"
traffic early -from 10000-14999 -to 20000-25999 -rate 30/s -hold exp:60s -answer-after uniform:1s-5s -for 60s
phase "answered on any, where 1.0 charges as all others do"
traffic ever -from 15000-19999 -to 30000-33999 -rate 20/s -hold exp:30s -answer-after exp:6s -for 169s
advance 66s

phase "up and down, while both talk, ring and end"
foreach version {1.1 2.0 3.0 2.0 1.1 1.0 3.0 1.0} {
    onward $version
    advance 13s
}
advance 1h
expect run {$live == 0 && $lost == 0}
