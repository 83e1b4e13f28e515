# Does a talking call survive the upgrade from 1.0 to 2.0, and can it be held there?
seed 42
module call 1.0
lines 1000-1999

call c 1001 1002
expect c alerting -within 2s
answer 1002
expect c active {$version eq "1.0"}

upgrade call 2.0
expect upgrade installed {$converted == 1 && $failed == 0 && $lost == 0}
expect c active {$version eq "2.0" && $hears_a eq "speech"}

hold 1001
expect c active {$held_a == 1 && $hears_b eq "hold"}
advance 20s
retrieve 1001
expect c active {$held_a == 0 && $hears_b eq "speech"}

hangup 1001
hangup 1002
expect cdr c {$cause == 16 && $hold_ms == 20000 && $upgrades == 1}
expect cdr c {$version_start eq "1.0" && $version_end eq "2.0"}
