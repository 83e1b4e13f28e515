/*
 * action_module: the release that a run begins with.
 *
 * Named by the scenario, or else the one that was made permanent last in this
 * database.  Naming one is the operator's word for this run alone: what is
 * permanent stays so, but that the first release a database hears of becomes
 * the permanent one, as that of a new OTP system is.
 *
 * A run whose calls have no code is none: what is wrong here ends it.
 */
#include "sim/action_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "calls/database/recorder.h"
#include "sim/options.h"
#include "switch/behaviour.h"
#include "switch/scheduler.h"
#include "upgrade/code.h"
#include "upgrade/release_record.h"

__attribute__((format(printf, 3, 4))) static int
give_up(struct scenario *scenario, const struct arguments *arguments,
    const char *format, ...)
{
	char why[WHY_SIZE];
	va_list values;

	va_start(values, format);
	(void)vsnprintf(why, sizeof why, format, values);
	va_end(values);
	(void)snprintf(scenario->impossible, sizeof scenario->impossible,
	    "%s:%u: module: %s", scenario->verdict->scenario, scenario->at,
	    why);
	return action_refuse(scenario, arguments, "%s", why);
}

/* Of names in order the last that is a number, as 3.0. */
static bool
take_newest(const char *known, char *version, size_t size)
{
	bool is_found = false;
	size_t length;

	for (; *known != '\0'; known += length, known += *known == ' ') {
		length = strcspn(known, " ");
		if (strspn(known, "0123456789.") != length)
			continue;
		is_found = true;
		(void)snprintf(version, size, "%.*s", (int)length, known);
	}
	return is_found;
}

/* The release that the database says is permanent, or that is the newest. */
static int
find_release(struct scenario *scenario, const struct arguments *arguments,
    char *version, size_t size, bool *ret_is_permanent)
{
	const char *module = action_word(arguments, 0);
	const char *database = scenario->options->database;
	int result =
	    recorder_permanent(scenario->recorder, module, version, size);
	char known[CODE_WHY_MAX], shown[CODE_WHY_MAX];

	*ret_is_permanent = result == 0;
	if (result == 0)
		return 0;
	if (result != -ENOENT)
		return give_up(scenario, arguments,
		    "which release of '%s' is permanent cannot be read: %s",
		    module, recorder_error(scenario->recorder));
	code_known(scenario->code, module, known, sizeof known);
	if (scenario->console != NULL &&
	    take_newest(known, version, size)) /* nobody is there to be asked */
		return 0;
	code_abridge(known, shown, sizeof shown);
	return give_up(scenario, arguments,
	    "database '%.200s' knows no permanent release of '%s' yet: say "
	    "which is the first, there are: %.200s",
	    database, module, shown);
}

static int
record_start(struct scenario *scenario)
{
	struct release_record record = { .at = scheduler_now(
					     scenario->scheduler) };
	char permanent[sizeof record.version];
	int result = recorder_permanent(
	    scenario->recorder, scenario->module, permanent, sizeof permanent);

	if (result != 0 && result != -ENOENT)
		return result;
	record.is_permanent = result == -ENOENT;
	(void)snprintf(
	    record.module, sizeof record.module, "%s", scenario->module);
	(void)snprintf(
	    record.version, sizeof record.version, "%s", scenario->version);
	result = recorder_take(
	    scenario->recorder, RECORD_RELEASE, &record, sizeof record);
	if (result == 0 && record.is_permanent)
		result = recorder_flush(scenario->recorder);
	return result;
}

static int
begin_release(struct scenario *scenario, const struct arguments *arguments,
    const char *version, bool is_permanent)
{
	const char *module = action_word(arguments, 0);
	char why[CODE_WHY_MAX], known[256] = "";
	uint16_t id;

	if (is_permanent)
		(void)snprintf(known, sizeof known,
		    "; database '%.200s' says that it is the permanent one",
		    scenario->options->database);
	if (code_load(scenario->code, module, version, &id, why) != 0)
		return give_up(scenario, arguments, "%s%s", why, known);
	behaviour_make_current(scheduler_behaviours(scenario->scheduler), id);
	code_note_current(scenario->code, module);
	(void)snprintf(scenario->module, sizeof scenario->module, "%s", module);
	(void)snprintf(
	    scenario->version, sizeof scenario->version, "%s", version);
	if (record_start(scenario) != 0)
		return give_up(scenario, arguments,
		    "that %s begins cannot be written: %s", version,
		    recorder_error(scenario->recorder));
	return 0;
}

int
action_module(struct scenario *scenario, const struct arguments *arguments)
{
	const char *module = action_word(arguments, 0);
	const char *version = action_word(arguments, 1);
	char found[sizeof scenario->version];
	bool is_permanent = false;

	if (strcmp(module, "call") != 0)
		return action_refuse(scenario, arguments,
		    "calls are handled by "
		    "module 'call', not by '%s'",
		    module);
	if (scenario->module[0] != '\0')
		return action_refuse(scenario, arguments,
		    "'%s' %s is current since "
		    "the start, `upgrade` goes to another",
		    scenario->module, scenario->version);
	if (version == NULL) {
		if (find_release(scenario, arguments, found, sizeof found,
			&is_permanent) != 0)
			return -EINVAL;
		version = found;
	}
	return begin_release(scenario, arguments, version, is_permanent);
}
