/*
 * shadow: see shadow.h for what it is.
 *
 *      the event is about to be handled            shadow_open
 *        its verbs are noted, and what they answer   verb_note, verb_answer
 *        |-- it faults: the noting is dropped        shadow_close
 *        v
 *      handle() has returned, its state is whole    shadow_try
 *        that state is put aside, since there is one scratch
 *        the state before is copied, and converted up
 *        handle() of the other version, on that, its verbs noted
 *        who listens is told, and may convert and compare
 *        the scratch is as it was, and the event goes on to its commit
 *
 * The message is given as a copy too.  What is left of the real thing in the
 * reach of the copy's code is what any module could reach by a wild write.
 *
 * Invariants:
 *   1. self.shadow is set from shadow_open() to the end of shadow_try(), or
 *      to the fault of the event, and only for an event that is sampled;
 *   2. while `is_copy`, no verb gets further than its noting or a look;
 *   3. running, outbox and counts are the same after shadow_try() as before.
 */
#include "switch/shadow.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "switch/object.h"
#include "switch/record.h"
#include "switch/scheduler_internal.h"

struct shadow {
	unsigned int magic;
#define SHADOW_MAGIC 0x5ad0e11f
	struct scheduler *scheduler;
	struct shadow_order order;
	const struct behaviour *to;
	bool is_over; /* enough was seen */
	/* Of the event in hand. */
	bool is_copy;
	unsigned int depth; /* verbs that were entered and not yet left */
	uint32_t asked;	    /* the outermost of these */
	bool passes;	    /* the check of `to` */
	struct message message;
	struct noting real, copy;
	uint8_t before[BEHAVIOUR_STATE_MAX], after[BEHAVIOUR_STATE_MAX];
	uint8_t copied[BEHAVIOUR_STATE_MAX], kept[BEHAVIOUR_STATE_MAX];
};

/*--------------------------------------------------------------------
 * What verbs say
 */

bool
verb_is_copy(const struct self *self)
{
	return self->shadow != NULL && self->shadow->is_copy;
}

static struct noting *
noting_of(struct shadow *shadow)
{
	return shadow->is_copy ? &shadow->copy : &shadow->real;
}

/* Notes the outermost; what the real run was answered, if this is its copy. */
__attribute__((format(printf, 3, 0))) static const struct noted *
note(struct shadow *shadow, bool is_question, const char *format, va_list args)
{
	if (shadow->depth++ > 0)
		return NULL;
	shadow->asked =
	    noting_add(noting_of(shadow), is_question, format, args);
	if (!shadow->is_copy || shadow->asked == NOTING_NONE)
		return NULL;
	return noting_give(
	    &shadow->real, shadow->copy.noted[shadow->asked].text);
}

bool
verb_note(
    struct self *self, int *ret_status, int unasked, const char *format, ...)
{
	struct shadow *shadow = self->shadow;
	const struct noted *noted;
	va_list args;

	va_start(args, format);
	noted = note(shadow, false, format, args);
	va_end(args);
	if (!shadow->is_copy)
		return false;
	*ret_status = unasked;
	if (noted != NULL)
		memcpy(ret_status, noted->answer, sizeof *ret_status);
	return true;
}

bool
verb_ask(
    struct self *self, void *ret_answer, size_t size, const char *format, ...)
{
	const struct noted *noted;
	va_list args;

	va_start(args, format);
	noted = note(self->shadow, true, format, args);
	va_end(args);
	if (noted == NULL)
		return false;
	memcpy(ret_answer, noted->answer, size);
	return true;
}

void
verb_answer(struct self *self, const void *answer, size_t size)
{
	struct shadow *shadow = self->shadow;

	assert(shadow->depth > 0);
	if (--shadow->depth == 0)
		noting_answer(noting_of(shadow), shadow->asked, answer, size);
}

/*--------------------------------------------------------------------
 * The event
 */

/* Slots are given in a row: spread over all 32 bits (Knuth 6.4). */
bool
shadow_takes(uint32_t share, struct pid pid)
{
	uint32_t hash = (pid.slot ^ pid.generation * 0x85ebca6bU) * 2654435769U;

	return share == UINT32_MAX || (hash ^ hash >> 15) < share;
}

static bool
is_sampled(const struct scheduler *scheduler, const struct shadow *shadow)
{
	const struct running *running = &scheduler->running;
	const struct behaviour *behaviour = running->behaviour;

	return !shadow->is_over && running->callback == CALLBACK_HANDLE &&
	    !behaviour->native && behaviour->id != shadow->order.to &&
	    strcmp(behaviour->name, shadow->to->name) == 0 &&
	    shadow_takes(shadow->order.share, running->pid);
}

void
shadow_open(struct scheduler *scheduler)
{
	struct shadow *shadow = scheduler->shadow;

	CHECK_OBJ(shadow, SHADOW_MAGIC);
	if (!is_sampled(scheduler, shadow))
		return;
	shadow->is_copy = false;
	shadow->depth = 0;
	noting_clear(&shadow->real);
	noting_clear(&shadow->copy);
	scheduler->self.shadow = shadow;
}

void
shadow_close(struct scheduler *scheduler)
{
	scheduler->self.shadow = NULL;
}

/* A fault_body_f, with the state on the scratch. */
static void
handle_copy(void *arg)
{
	struct shadow *shadow = arg;
	struct scheduler *scheduler = shadow->scheduler;
	const struct module *module = shadow->to->module;
	void *state = scheduler->running.state;

	(void)fault_set_mark(MARK_MODULE);
	module->handle(&scheduler->self, state, &shadow->message);
	shadow->passes = module->check == NULL || module->check(state);
	(void)fault_set_mark(MARK_HOST);
}

/* Converts the copy, where it can be handled; or says why it cannot be. */
static bool
convert(struct shadow *shadow, struct shadow_trial *trial)
{
	struct scheduler *scheduler = shadow->scheduler;
	struct state_change up = { .from = trial->from,
		.to = shadow->to,
		.old_state = shadow->before,
		.restore = process_kept(scheduler, trial->pid, shadow->to->id),
		.keep = shadow->kept };
	int error = process_try_change(scheduler, &up, &trial->reason);

	if (error == -EDOM)
		trial->outcome = SHADOW_PINNED;
	else if (error != 0)
		trial->outcome = SHADOW_UNCONVERTED;
	if (up.kept > 0)
		trial->kept = shadow->kept;
	scheduler->running.state = up.new_state;
	return error == 0;
}

static void
handle(struct shadow *shadow, struct shadow_trial *trial)
{
	struct scheduler *scheduler = shadow->scheduler;
	const struct behaviour *to = shadow->to;
	uint32_t size = to->module->schema.size;
	struct fault_caught caught = { .signal = 0 };

	scheduler->running.behaviour = behaviour_at(
	    scheduler->behaviours, to->id); /* the same, to be written to */
	fault_begin(scheduler->fault, to->name, to->image, to->image_size);
	shadow->is_copy = true;
	shadow->depth = 0;
	if (!fault_contain(scheduler->fault, handle_copy, shadow, &caught) ||
	    !fault_canary_is_whole(scheduler->fault, size)) {
		trial->outcome = SHADOW_CRASHED;
		trial->reason = record_reason(to, &caught);
		return;
	}
	trial->outcome = shadow->passes ? SHADOW_RAN : SHADOW_UNSOUND;
	memcpy(shadow->copied, scheduler->running.state, size);
	trial->copied = shadow->copied;
}

/* The scratch is again what the event is committed from. */
static void
put_back(struct shadow *shadow, const struct running *running)
{
	struct scheduler *scheduler = shadow->scheduler;
	const struct behaviour *behaviour = running->behaviour;
	uint32_t size = behaviour->module->schema.size;

	scheduler->running = *running;
	fault_begin(scheduler->fault, behaviour->name, behaviour->image,
	    behaviour->image_size);
	memcpy(fault_scratch(scheduler->fault, size), shadow->after, size);
	shadow_close(scheduler);
}

/* Apart: few events are tried, and each would save registers for it. */
__attribute__((noinline)) void
shadow_try(struct scheduler *scheduler)
{
	struct shadow *shadow = scheduler->shadow;
	const struct running running = scheduler->running;
	uint32_t size = running.behaviour->module->schema.size;
	char word[32];
	struct shadow_trial trial = { .pid = running.pid,
		.from = running.behaviour,
		.to = shadow->to,
		.real = &shadow->real,
		.copy = &shadow->copy,
		.before = shadow->before,
		.after = shadow->after };

	shadow->message = *message_at(scheduler, running.message);
	trial.event =
	    event_word(scheduler, &shadow->message, word, sizeof word);
	memcpy(shadow->before,
	    store_at(scheduler->store, running.process->state), size);
	memcpy(shadow->after, running.state, size);
	if (convert(shadow, &trial))
		handle(shadow, &trial);
	if (!shadow->order.tried(shadow->order.arg, &trial))
		shadow->is_over = true;
	put_back(shadow, &running);
}

/*--------------------------------------------------------------------
 * Life
 */

int
shadow_alloc(struct shadow **ret_shadow, struct scheduler *scheduler,
    const struct shadow_order *order)
{
	struct shadow *shadow;

	CHECK_OBJ(scheduler, SCHEDULER_MAGIC);
	assert(scheduler->shadow == NULL && order->tried != NULL);
	if (ALLOC_OBJ(shadow, SHADOW_MAGIC) == NULL)
		return -ENOMEM;
	shadow->scheduler = scheduler;
	shadow->order = *order;
	shadow->to = behaviour_at(scheduler->behaviours, order->to);
	scheduler->shadow = shadow;
	scheduler_note_watchers(scheduler);
	*ret_shadow = shadow;
	return 0;
}

void
shadow_free(struct shadow **shadowp)
{
	struct shadow *shadow = *shadowp;

	if (shadow == NULL)
		return;
	CHECK_OBJ(shadow, SHADOW_MAGIC);
	assert(shadow->scheduler->self.shadow == NULL);
	shadow->scheduler->shadow = NULL;
	scheduler_note_watchers(shadow->scheduler);
	FREE_OBJ(shadowp, SHADOW_MAGIC);
}
