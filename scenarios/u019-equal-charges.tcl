# Does traffic pay the same, call by call, whether or not it is upgraded between releases of one rule?
seed 19
param upgrades yes
module call 1.1
tariff town -setup 0.10 -first 0.05/60s -next 0.02/30s
tariff second -first 0.0005/1s -next 0.000333/1s
lines 10000-14999
lines 20000-22499 -tariff town
lines 22500-24999 -tariff second

proc between {version} {
    if {$::upgrades eq "yes"} {
        upgrade call $version
        expect upgrade installed {$failed == 0 && $lost == 0}
        make-permanent call $version
    }
}

# Its end is an instant of its own: to load a release takes time.
traffic t -from 10000-14999 -to 20000-24999 -rate 20/s -hold exp:90s -answer-after exp:6s -for 129s
advance 61s
between 2.0
advance 20s
between 3.0
advance 7s
between 1.1
advance 7s
between 2.0
advance 41s
between 3.0
advance 11s
between 2.0
advance 22s
between 1.1
advance 1h
expect run {$live == 0 && $lost == 0}
