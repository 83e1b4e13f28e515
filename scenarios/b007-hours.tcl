# Does a call cost what its hours say, and change its price where they change?
seed 7
date 2026-11-30T17:58:30+01:00
module call 1.1
tariff town -setup 0.10 -first 0.05/60s -next 0.05/60s
tariff town -first 0.02/60s -next 0.01/60s -hours 18-8 -days mon-fri
tariff town -first 0.01/60s -next 0.01/60s -days sat,sun
account anna
lines 1001-1009 -account anna -tariff town

# Monday, 17:58:30 to 18:02:00: 0.15 for the first minute, 0.05 for the one
# that begins at 17:59:30, 0.01 for each that begins after 18:00.
call c 1001 1002
expect c alerting -within 2s
answer 1002
advance 210s
hangup 1001
hangup 1002
expect leg c 1 {$tariff eq "town" && $pulses == 4 && $charge_micro == 220000}

# In the evening, over midnight: 0.02 and then 0.01; no set-up.
advance 3h
call d 1003 1004
expect d alerting -within 2s
answer 1004
advance 4h
hangup 1003
hangup 1004
expect cdr d {$pulses == 240 && $charge_micro == 2410000}

# On Saturday, at one in the morning: the band that was given last counts.
advance 4d
call e 1005 1006
expect e alerting -within 2s
answer 1006
advance 90s
hangup 1005
hangup 1006
expect cdr e {$pulses == 2 && $charge_micro == 20000}
expect account anna {$charged_micro == 2650000}
