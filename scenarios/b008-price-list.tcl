# Does each call cost what a price list says, and do stories share what they have in common?
# The list is a file that others keep, and `talk` a step that other scenarios
# have as well: both stand in files of their own, here or in a folder below.
seed 8
module call 1.0
data prices lib/prices.csv
include lib/talk.tcl

foreach price $prices {
	dict with price {
		tariff $name -setup $setup -first $minute/60s
		lines $range -tariff $name
	}
}
lines 1000

foreach price $prices {
	dict with price {
		phase "two minutes to $name"
		talk c$name 1000 [lindex [split $range -] 0] 120s
		expect cdr c$name {$bill_ms == 120000}
		expect cdr c$name {$charge_micro == $::two_minutes}
	}
}
