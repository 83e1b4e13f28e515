# Does an upgrade convert, pin and fail the calls that its rehearsal has said it would?
#
# Run by tests/matrix/foresee, which compares the two rows, for each population
# (states, more_states), each release that it is of and each other there is.
seed 5
param from 3.0
param to 2.0
param population states
module call $from
include $population.tcl
foreach event {crash cause refused rolled-back unexpected-signal late alarm} {allow $event}

phase "said"
rehearse call $to

phase "and done, with no event in between"
upgrade call $to -rehearse 0 -on-error keep-old

phase "all end"
foreach c $all {clear $c}
advance 1m
