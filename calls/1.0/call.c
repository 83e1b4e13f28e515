/*
 * call 1.0: a call between two lines.
 *
 * Dialled or en bloc, busy, no answer, refused, abandoned, released by either
 * side or by the operator (rows of basic_rows.h, all of them and no more);
 * charged in pulses, by rule 1.
 */
#include "calls/call/format_1.h"

#include "calls/call/basic_rows.h"

static const struct row active_rows[] = { ACTIVE_ROWS };

static const struct release release = {
	.states = { BASIC_STATES,
	    [STATE_active] = ROWS(active_rows, PARTY_A | PARTY_B, 0) },
	.charge_rule = CHARGE_RULE_FLOOR,
};

static const char *const no_way_back[] = { NULL };
static const char *const rules[] = { NULL };
#define CODE_CHANGE NULL

const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "1.0", call_fields, call_handle);
