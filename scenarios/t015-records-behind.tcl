# Where the machine is too slow for the records of all calls, do they lag no more than there is room for, and is none missing at the end?
seed 15
module call 1.0
lines 20000-24999; lines 25000-29999
lines 112 -class emergency
lines 30000-30009
capacity 1000/s
behaviour slow -answer 100% -dial-every fixed:200ms
gate -delay 20ms
allow overload

# a call is ten events and twenty records, and the recorder is one process of the many that want to run
records -events all -reserve 4000
phase "calls are let in as long as there is room for records, those counted that are on their way"
traffic thrice -from 20000-24999 -to 25000-29999 -rate 114/s -hold exp:5s -behaviour slow -for 1m
advance 30s
expect run {$ended > 500 && $ended - $cdrs < 200}
expect gate closed {$reason eq "records"} -within 10s
offhook e 30000
dial 30000 112 -every 200ms
expect e alerting {$class eq "emergency"} -within 1s
hangup 30000
advance 30s
expect run {$ended > 1000 && $ended - $cdrs < 200}
expect run {$live == 0} -within 1m

phase "with room for very many they lag, and the run ends before they are there"
records -events all -reserve 1000000
traffic more -from 20000-24999 -to 25000-29999 -rate 114/s -hold exp:5s -behaviour slow -for 20s
advance 20s
expect run {$live == 0} -within 1m
expect run {$ended - $cdrs > 100}
