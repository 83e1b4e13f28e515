# table: of the samples of tools/bench, the medians; what is missed is told.
#
# First file: tests/bench/measures.  Second: SIDE NAME VALUE VALUE-BY-CPU.
BEGIN {
	FS = "\t"
	n = split(wanted, list, /[ \n]+/)
	for (i = 1; i <= n; i++)
		is_wanted[list[i]] = 1
}

NR == FNR && /^#/ { next }
NR == FNR {
	if (!($1 in is_wanted))
		next
	names[++count] = $1
	unit[$1] = $2
	on[$1] = $3
	must[$1] = $4
	aim[$1] = $5
	better[$1] = $6
	next
}
FNR == 1 { FS = " "; $0 = $0 }
{
	key = $1 " " $2
	number = ++samples[key]
	wall[key, number] = $3
	cpu[key, number] = $4
}

# A key's samples, the least first, into `sorted`; how many there are.
function sort(values, key, sorted,    i, j, n, one) {
	n = samples[key]
	for (i = 1; i <= n; i++) {
		one = values[key, i]
		for (j = i; j > 1 && sorted[j - 1] > one + 0; j--)
			sorted[j] = sorted[j - 1]
		sorted[j] = one + 0
	}
	return n
}

# The middle one of them, or "".
function median(values, key,    sorted, n) {
	n = sort(values, key, sorted)
	if (n == 0)
		return ""
	return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

# One sample for each pair: what the loaded one takes more, in percent.
function pair_up(    i, key) {
	key = "switch upgradable"
	samples[key] = samples["switch events-loaded"]
	for (i = 1; i <= samples[key]; i++)
		wall[key, i] = cpu[key, i] = (cpu["switch events-fixed", i] / \
		    cpu["switch events-loaded", i] - 1) * 100
}

# Cost on one of two processors, of a rate that both give.
function cost(rate) { return rate == "" ? "" : 2e9 / rate }

function value_of(name, values,    linked, loaded) {
	if (name == "ten-million")
		return median(values, "switch memory-10m") * 10000000 / 1e9
	if (name == "ten-million-upgrade") {
		loaded = median(cpu, "switch convert-10m")
		linked = median(cpu, "switch convert-1m")
		return loaded == "" || linked == "" ? "" : linked / loaded
	}
	if (name ~ /^convert-/)
		return cost(median(cpu, "switch " name))
	if (name ~ /^event-/)
		return cost(median(cpu, "switch events" substr(name, 6)))
	if (name ~ /^start-/)
		return cost(median(cpu, "switch starts" substr(name, 6)))
	if (name ~ /^bytes-/)
		return median(values, "switch toy-memory" substr(name, 6))
	return median(values, "switch " name)
}

function times(name, value, other) {
	if (value == "" || other == "" || value == 0 || other == 0)
		return ""
	return better[name] == "less" ? other / value : value / other
}

# Of what has one: for events across schedulers it is that of any event.
function floor_of(name, values) {
	sub(/^resume$/, "fault", name)
	sub(/-across$/, "", name)
	if (name ~ /^(event|start)-/)
		return cost(median(cpu, "switch floor-" substr(name, 1, 5) "s" substr(name, 6)))
	return median(values, "switch floor-" name)
}

# 1 met, 0 missed, "" nothing to meet or nothing measured.
function is_met(name, limit, ratio, value,    actual) {
	if (limit == "-")
		return ""
	actual = on[name] == "ratio" ? ratio : value
	if (actual == "")
		return ""
	return better[name] == "more" ? actual >= limit : actual <= limit
}

function limit_text(name, limit) {
	return limit == "-" ? "-" : limit (on[name] == "ratio" ? "x" : "")
}

function number_text(number) {
	if (number == "")
		return "-"
	if (number >= 1e8)
		return sprintf("%.0f M", number / 1e6)
	if (number >= 1e6)
		return sprintf("%.2f M", number / 1e6)
	if (number >= 1e4)
		return sprintf("%.1f k", number / 1e3)
	return sprintf(number >= 100 || number <= -100 ? "%.0f" : "%.2f", number)
}

function ratio_text(ratio) {
	return ratio == "" ? "-" : sprintf("%.1fx", ratio)
}

function json_number(number) { return number == "" || number == "-" ? "null" : sprintf("%.6g", number) }
function json_bool(flag) { return flag == "" ? "null" : flag ? "true" : "false" }

function print_json(    i, name) {
	print "["
	for (i = 1; i <= count; i++) {
		name = names[i]
		printf "  {\"measure\": \"%s\", \"unit\": \"%s\", ", name, unit[name]
		printf "\"value\": %s, \"erlang\": %s, ", json_number(value[name]), json_number(erlang[name])
		printf "\"ratio\": %s, \"ratio_by_cpu\": %s, ", json_number(ratio[name]), json_number(by_cpu[name])
		printf "\"floor_share\": %s, ", json_number(share[name])
		printf "\"must\": %s, \"aim\": %s, ", json_number(must[name]), json_number(aim[name])
		printf "\"limits_on\": %s, ", on[name] == "-" ? "null" : "\"" on[name] "\""
		printf "\"met\": %s}%s\n", json_bool(met[name]), i < count ? "," : ""
	}
	print "]"
}

function print_text(    i, name) {
	printf "%-22s%-8s%10s%10s%9s%9s%8s%8s%8s  %s\n", "measure", "unit", "value",
	    "erlang", "ratio", "by cpu", "floor", "must", "aim", "met"
	for (i = 1; i <= count; i++) {
		name = names[i]
		printf "%-22s%-8s%10s%10s%9s%9s%8s%8s%8s  %s\n", name, unit[name],
		    number_text(value[name]), number_text(erlang[name]),
		    ratio_text(ratio[name]), ratio_text(by_cpu[name]),
		    share[name] == "" ? "-" : sprintf("%.0f %%", share[name] * 100),
		    limit_text(name, must[name]), limit_text(name, aim[name]),
		    met[name] == "" ? "-" : !met[name] ? "MISSED" : \
		    is_met(name, aim[name], ratio[name], value[name]) == 1 ? "aim" : "must"
	}
}

# How far the pairs are apart: a median of such that are says little.
function tell_pairs(    sorted, n, quarter) {
	n = sort(cpu, "switch upgradable", sorted)
	quarter = int(n / 4) + 1
	if (n > 0)
		printf "bench: upgradable: %d pairs, half of them between %.1f and %.1f %%\n",
		    n, sorted[quarter], sorted[n + 1 - quarter] > "/dev/stderr"
}

# Others had a part of the machine: then by cpu says more than ratio.
function tell_machine(    b, a, busy) {
	split(before, b, " ")
	split(after, a, " ")
	busy = a[1] - b[1]
	printf "bench: the processors were %.0f %% busy with all that ran here\n",
	    100 * busy / (busy + a[2] - b[2]) > "/dev/stderr"
}

END {
	pair_up()
	for (i = 1; i <= count; i++) {
		name = names[i]
		value[name] = value_of(name, wall)
		erlang[name] = median(wall, "erlang " name)
		ratio[name] = times(name, value[name], erlang[name])
		by_cpu[name] = times(name, value_of(name, cpu), median(cpu, "erlang " name))
		share[name] = times(name, value_of(name, cpu), floor_of(name, cpu))
		met[name] = is_met(name, must[name], ratio[name], value[name])
		if (met[name] == "0" || met[name] == 0 && met[name] != "")
			missed = missed " " name
	}
	if (format == "json")
		print_json()
	else
		print_text()
	tell_pairs()
	tell_machine()
	if (missed != "")
		print "bench: missed:" missed > "/dev/stderr"
}
