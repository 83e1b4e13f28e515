/*
 * call 1.1: what 1.0 is, with the rule by which it charges put right.
 *
 * A call that is answered here is charged by rule 2.  One that was answered on
 * 1.0 carries rule 1 and is charged by that to its end: a rule holds from the
 * answer on.  Nothing else differs, least of all the format.
 */
#include "calls/call/format_1.h"

#include "calls/call/basic_rows.h"

static const struct row active_rows[] = { ACTIVE_ROWS };

static const struct release release = {
	.states = { BASIC_STATES,
	    [STATE_active] = ROWS(active_rows, PARTY_A | PARTY_B, 0) },
	.charge_rule = CHARGE_RULE_CEIL,
};

static const char *const no_way_back[] = { NULL };
static const char *const rules[] = { NULL };
#define CODE_CHANGE NULL

const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "1.1", call_fields, call_handle);
