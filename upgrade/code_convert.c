/*
 * code_convert: a state of one version becomes that of another.
 *
 * The behaviours' converter, called on the thread of the scheduler that has
 * the process, between two of its events.  The code of the newer version may
 * be run there: code_change, and check of the version it comes to.
 */
#include <errno.h>

#include "switch/fault.h"
#include "switch/object.h"
#include "upgrade/code_internal.h"
#include "upgrade/conversion.h"

static bool
passes_check(const struct module *module, const void *state)
{
	enum fault_mark before;
	bool passes;

	if (module->check == NULL)
		return true;
	before = fault_set_mark(MARK_MODULE);
	passes = module->check(state);
	fault_set_mark(before);
	return passes;
}

static int
convert(void *arg, struct state_change *change)
{
	const struct conversion *plan =
	    code_plan(arg, change->from->id, change->to->id);
	const struct behaviour *newer;
	struct lost_timers lost;
	int error;

	if (plan == NULL)
		return -ENOENT;
	newer = conversion_is_down(plan) ? change->from : change->to;
	lost = conversion_lost_timers(plan);
	change->lost_timer = lost.first;
	change->lost_end = lost.end;
	change->hook = conversion_has_hook(plan) ? newer : NULL;
	change->may_skip_hook =
	    change->hook != NULL && conversion_is_down(plan);
	change->skips_hook = change->skips_hook && change->may_skip_hook;
	change->checks = false;
	error = (change->skips_hook ? conversion_run_plan : conversion_run)(
	    plan, change->old_state, change->new_state);
	if (error != 0)
		return error;
	if (change->restore != NULL)
		conversion_restore(plan, change->restore, change->new_state);
	change->kept = conversion_keep(plan, change->old_state, change->keep);
	change->checks = true;
	return passes_check(change->to->module, change->new_state) ? 0
								   : -EBADMSG;
}

static void
attempted(void *arg, struct pid pid, int result, uint64_t cpu_ns)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->listener.attempted != NULL)
		code->listener.attempted(
		    code->listener.arg, pid, result, cpu_ns);
}

static void
goes(void *arg, const struct departure *departure)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->listener.goes != NULL)
		code->listener.goes(code->listener.arg, departure);
}

static void
barred(void *arg, struct pid pid, int error)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->listener.barred != NULL)
		code->listener.barred(code->listener.arg, pid, error);
}

static unsigned int
state_number(void *arg, uint16_t behaviour, const void *state)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	return code->listener.state == NULL
	    ? 0
	    : code->listener.state(code->listener.arg, behaviour, state);
}

static void
waits(void *arg, unsigned int scheduler, unsigned int state, int change)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->listener.waits != NULL)
		code->listener.waits(
		    code->listener.arg, scheduler, state, change);
}

static bool
chooses(void *arg, struct pid pid, const struct message *start)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	return code->listener.chooses != NULL &&
	    code->listener.chooses(code->listener.arg, pid, start);
}

static void
left(void *arg, unsigned int scheduler, uint16_t behaviour)
{
	const struct code *code = arg;

	CHECK_OBJ(code, CODE_MAGIC);
	if (code->listener.left != NULL)
		code->listener.left(code->listener.arg, scheduler, behaviour);
}

void
code_listen(struct code *code, const struct code_listener *listener)
{
	CHECK_OBJ(code, CODE_MAGIC);
	code->listener = listener == NULL
	    ? (struct code_listener){ .arg = NULL }
	    : *listener;
}

struct converter
code_converter(struct code *code)
{
	return (struct converter){
#ifdef HOTSWITCH_HARD
		.exercise = code_exercise,
#endif
		.arg = code,
		.convert = convert,
		.attempted = attempted,
		.goes = goes,
		.barred = barred,
		.state = state_number,
		.waits = waits,
		.chooses = chooses,
		.left = left
	};
}
