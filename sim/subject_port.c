/*
 * subject_port: how the lines, circuits and trunk groups of the office are at
 * this instant.
 *
 * As the office has them; which call has a circuit is said by the name that
 * the scenario gave it.
 */
#include "sim/subject_internal.h"

#include <errno.h>

#include "calls/exchange/office_trunk.h"
#include "sim/trunk_figures.h"
#include "sim/units.h"

/* The name that the scenario gave to the call of that number. */
static const char *
name_of_call(const struct look *look, uint64_t number)
{
	unsigned int i;

	for (i = 0; number != 0 && i < look->scenario->calls_count; i++)
		if (look->scenario->calls[i].number == number)
			return look->scenario->calls[i].name;
	return "";
}

/* The group that the key names, or TRUNK_NONE. */
static uint32_t
trunk_of(const struct look *look)
{
	uint32_t trunk = office_find_trunk(look->scenario->office, look->key);

	if (trunk == TRUNK_NONE)
		(void)subject_refuse(look,
		    "there is no trunk group '%.40s' (`trunk` makes one)",
		    look->key);
	return trunk;
}

int
look_at_trunk(const struct look *look)
{
	uint32_t trunk = trunk_of(look);
	struct trunk_figures figures;
	struct trunk_info info;

	if (trunk == TRUNK_NONE)
		return -EINVAL;
	office_trunk_look(look->scenario->office, trunk, &info);
	trunk_figures_look(look->scenario->office, trunk, NULL, &figures);
	subject_set_state(look->into,
	    info.is_down	  ? "down"
		: info.is_blocked ? "blocked"
				  : "up");
#define COLUMN_ADD(name) subject_add_value(look->into, #name, figures.name);
	TRUNK_FIGURES(COLUMN_ADD)
#undef COLUMN_ADD
	return 0;
}

int
look_at_circuit(const struct look *look)
{
	uint32_t trunk = trunk_of(look), port = PORT_NONE;
	struct circuit_info info;
	uint64_t number;

	if (trunk == TRUNK_NONE)
		return -EINVAL;
	if (units_number(look->second_key, TRUNK_CIRCUITS_MAX, &number))
		port = office_circuit(
		    look->scenario->office, trunk, (uint32_t)number);
	if (port == PORT_NONE)
		return subject_refuse(look,
		    "trunk group '%.40s' has no circuit %.20s", look->key,
		    look->second_key);
	office_circuit_look(look->scenario->office, port, &info);
	subject_set_state(look->into, circuit_state_word(info.state));
	subject_add(look->into, "call", "%s", name_of_call(look, info.number));
	return 0;
}

int
look_at_line(const struct look *look)
{
	uint32_t line = office_find(look->scenario->office, look->key);
	char number[DIGITS_MAX + 1] = "";
	struct line_info info;

	if (line == LINE_NONE)
		return subject_refuse(
		    look, "no line has the number %.40s", look->key);
	office_line(look->scenario->office, line, &info);
	if (info.peer != LINE_NONE)
		office_number(look->scenario->office, info.peer, number);
	subject_set_state(look->into, line_state_word(info.state));
	subject_add(look->into, "tone", "%s", tone_word(info.tone));
	subject_add(look->into, "talking_to", "%s", number);
	subject_add_number(look->into, "calls", info.calls);
	subject_add_number(look->into, "offhook", info.is_offhook);
	return 0;
}
