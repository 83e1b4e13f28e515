# Is it seen before an upgrade what it will charge otherwise, and is nothing charged twice?
seed 27
module call 1.0
lines 1000-1199; lines 2000-2199
traffic street -from 1000-1199 -to 2000-2199 -rate 5/s \
    -answer-after uniform:1s-3s -hold exp:20s
advance 30s

# 1.1 counts a begun interval that 1.0 gives away: it notes another rule at answer.
upgrade call 1.1 -shadow 100% -watch 20s -background
advance 19s
expect upgrade canary {$differences > 20 && $crashes == 0}
expect version call 1.1 old {$holders == 0}
advance 5s

# The watch is over, nothing was in the way: now all run it.
expect upgrade installed {$differences > 20 && $lost == 0 && $failed == 0 && $pinned == 0}
expect version call 1.1 current {$holders > 50}
stop street -now
expect run {$live == 0 && $crashes == 0} -within 5s
