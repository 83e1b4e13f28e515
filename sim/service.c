/*
 * service: the command that gives lines a service, or takes it away.
 *
 * Which value suits which service stands in calls/exchange.h; here that is
 * held against what a person has written, by `check` and before a run does it.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office.h"
#include "sim/units.h"
#include "switch/nearest.h"

/* The service of that word; SERVICES_COUNT: there is none. */
static enum service_kind
find(const char *word)
{
	unsigned int kind = 0;

	while (kind < SERVICES_COUNT &&
	    strcmp(service_word((enum service_kind)kind), word) != 0)
		kind++;
	return (enum service_kind)kind;
}

/* Two words, of which a value may be a misspelt one. */
static bool
is_word(const char *value, const char *words, char *why, size_t size)
{
	char nearest[NEAREST_WORD_MAX + 1];
	const char *dash = strchr(words, ' ');

	if (strcmp(value, "off") == 0 ||
	    (strlen(value) == (size_t)(dash - words) &&
		strncmp(value, words, strlen(value)) == 0))
		return true;
	if (nearest_word(value, words, nearest, sizeof nearest))
		(void)snprintf(why, size,
		    "unknown word '%.20s', did you mean '%s'?", value, nearest);
	else
		(void)snprintf(why, size,
		    "unknown word '%.20s', expected one of: %s", value, words);
	return false;
}

static bool
is_number(const char *value, char *why, size_t size)
{
	if (strcmp(value, "off") == 0 ||
	    (units_digits(value) && strlen(value) <= DIGITS_MAX))
		return true;
	(void)snprintf(why, size,
	    "'%.20s' is not a number of 1 to 15 digits, * or #, nor off",
	    value);
	return false;
}

static bool
value_suits(enum service_kind kind, const char *value, char *why, size_t size)
{
	switch (service_value(kind)) {
	case SERVICE_VALUE_ON:
		return is_word(value, "on off", why, size);
	case SERVICE_VALUE_ALL:
		return is_word(value, "all off", why, size);
	case SERVICE_VALUE_NUMBER:
		return is_number(value, why, size);
	case SERVICE_VALUE_NAME:
		break;
	}
	if (strcmp(value, "off") == 0 || command_is_name(value))
		return true;
	(void)snprintf(why, size,
	    "'%.20s' is not a name: a letter, then letters, digits, - or _",
	    value);
	return false;
}

bool
service_suits(const struct arguments *arguments, char *why, size_t size)
{
	const char *word = arguments->positional[1];
	const char *value = arguments->positional[2];
	const char *after = arguments_option(arguments, "-after");
	enum service_kind kind;

	if (strcmp(arguments->command->name, "service") != 0 || word == NULL)
		return true; /* of a word not yet known nothing is known */
	kind = find(word);
	if (value != NULL && !value_suits(kind, value, why, size))
		return false;
	if (after == NULL ||
	    (kind == SERVICE_cfnr &&
		(value == NULL || strcmp(value, "off") != 0)))
		return true;
	(void)snprintf(why, size,
	    "-after is how long cfnr waits, '%s%s' has no such time", word,
	    kind == SERVICE_cfnr ? " off" : "");
	return false;
}

/* -EINVAL with why not, which is after all a matter of memory. */
static int
read_service(struct scenario *scenario, const struct arguments *arguments,
    enum service_kind kind, struct service *ret_service)
{
	const char *value = action_word(arguments, 2);
	const char *after = arguments_option(arguments, "-after");
	struct service service = { .is_on = strcmp(value, "off") != 0 };

	if (after != NULL && action_duration(after) / 1000 > UINT32_MAX)
		return action_refuse(scenario, arguments,
		    "-after %s is longer than 49 days", after);
	if (after != NULL)
		service.after_ms = (uint32_t)(action_duration(after) / 1000);
	if (after != NULL && service.after_ms == 0)
		return action_refuse(scenario, arguments,
		    "-after %s is no time, cfu forwards at once", after);
	if (service.is_on && service_value(kind) == SERVICE_VALUE_NUMBER)
		(void)snprintf(
		    service.number, sizeof service.number, "%s", value);
	if (service.is_on && service_value(kind) == SERVICE_VALUE_NAME)
		service.group = office_group(scenario->office, value);
	if (service.is_on && service_value(kind) == SERVICE_VALUE_NAME &&
	    service.group == 0)
		return action_refuse(
		    scenario, arguments, "there are too many groups");
	*ret_service = service;
	return 0;
}

/* Each of the range is a line, so that all get it or none. */
static int
find_lines(struct scenario *scenario, const struct arguments *arguments,
    const struct range *range, enum service_kind kind,
    const struct service *service)
{
	char number[DIGITS_MAX + 1];
	uint64_t i, count = range_count(range);
	uint32_t line;
	int result = 0;

	for (i = 0; i < count && result == 0; i++) {
		range_number(range, i, number);
		result = party_line(scenario, arguments, number, &line);
		if (result == 0 &&
		    !office_may_set_service(
			scenario->office, line, kind, service))
			result = action_refuse(scenario, arguments,
			    "line %s has %d bars, and there is no place for "
			    "more (bar-out off ends them)",
			    number, BARS_MAX);
	}
	if (result == 0 &&
	    office_reserve_services(scenario->office, (uint32_t)count) != 0)
		result =
		    action_refuse(scenario, arguments, "no memory is left");
	return result;
}

int
action_service(struct scenario *scenario, const struct arguments *arguments)
{
	const enum service_kind kind = find(action_word(arguments, 1));
	char number[DIGITS_MAX + 1];
	struct service service;
	struct range range;
	uint64_t i;
	int result = read_service(scenario, arguments, kind, &service);

	(void)units_range(action_word(arguments, 0), &range);
	if (result == 0)
		result =
		    find_lines(scenario, arguments, &range, kind, &service);
	for (i = 0; result == 0 && i < range_count(&range); i++) {
		range_number(&range, i, number);
		office_set_service(scenario->office,
		    office_find(scenario->office, number), kind, &service);
	}
	return result;
}
