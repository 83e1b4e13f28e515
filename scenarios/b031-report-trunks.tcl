# Do the reports on trunk groups tell how they are used, and how calls went there?
seed 31
records -interval 1m
module call 1.0
lines 1000-1009
trunk T1 1
trunk T2 3
route 0 T1 T2

call c 1001 01
call d 1002 02
expect c presented
signal c.b alerting
signal d.b alerting
advance 2s
answer c.b
answer d.b
expect d active
block circuit T2 3
report circuits
advance 5m
hangup 1001
hangup 1002
advance 1m
report routes
report traffic object=office -limit 3
