/*
 * office: see office.h for what it is.
 *
 * Its making and its end, the lock, and what can be looked at from anywhere.
 * Subscribers come in through office_line.c, far ends through office_trunk.c,
 * the operator through office_provision.c and operator.c, calls through verbs.
 *
 * An attempt is begun by who comes in, and is counted; its process is asked of
 * a pool (reception.c), and ties itself to the attempt with its first verb
 * (verbs.c).  How it ends stands in office_attempt.c.
 *
 * Invariants, of which audit.c checks the first three:
 *   1. attempts = gapped + live + ended (A1);
 *   2. records = ended, and no live call has one (A2);
 *   3. a taken line is owned by one live process that says so (A3);
 *   4. there is room for as many attempts as there are lines;
 *   5. with several schedulers the mutex is held from office_enter() to
 *      office_leave(), around the work of each verb, commit, undo and release
 *      and of each function of office_*.c; so two calls never get one line, and
 * a signal is on its way before its call can see the fact it tells of. Only
 * home adds lines and tariffs: it may look for them without.
 */
#include "calls/exchange/office.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/office_internal.h"
#include "calls/exchange/reception.h"
#include "calls/exchange/trace.h"
#include "switch/object.h"
#include "switch/scheduler.h"

enum { NOTICES_AT_ONCE = 64 };

/*
 * Mostly held for less than a microsecond, and wanted by all: so whoever finds
 * it taken spins for a moment before he sleeps.
 */
static void
make_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;

	(void)pthread_mutexattr_init(&attributes);
	(void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
	(void)pthread_mutex_init(mutex, &attributes);
	(void)pthread_mutexattr_destroy(&attributes);
}

/* Up to now as many were live as when this was counted last. */
static void
count_time(struct office *office, uint64_t now)
{
	if (now <= office->counted_at)
		return; /* another scheduler's clock was ahead */
	office->counts.busy_us +=
	    office->counts.live * (now - office->counted_at);
	office->counted_at = now;
	office->before = office->counts;
}

struct office *
office_enter(struct scheduler *at)
{
	struct office *office = scheduler_office(at);

	CHECK_OBJ(office, OFFICE_MAGIC);
	if (office->is_shared) {
		(void)pthread_mutex_lock(&office->mutex);
		office->lines->at = at;
		office->trunks->at = at;
	}
	count_time(office, scheduler_now(at));
	return office;
}

void
office_leave(struct office *office)
{
	if (office->is_shared)
		(void)pthread_mutex_unlock(&office->mutex);
}

/* At home: what calls on any scheduler have put there. */
static void
tell_terminals(void *arg)
{
	struct office *office = arg;
	struct notice notices[NOTICES_AT_ONCE];
	uint32_t count, i;

	do {
		office_enter(office->scheduler);
		count =
		    lines_take_notices(office->lines, notices, NOTICES_AT_ONCE);
		office_leave(office);
		for (i = 0; i < count; i++)
			lines_tell(office->lines, notices[i]);
	} while (count == NOTICES_AT_ONCE);
	office_tell_far_ends(office);
}

int
office_alloc(struct office **ret_office, struct scheduler *scheduler)
{
	struct office *office;
	int status;

	if (ALLOC_OBJ(office, OFFICE_MAGIC) == NULL)
		return -ENOMEM;
	office->scheduler = scheduler;
	office->is_shared = scheduler_count(scheduler) > 1;
	make_mutex(&office->mutex);
	status = lines_alloc(&office->lines, scheduler);
	if (status == 0)
		status = trunks_alloc(&office->trunks, scheduler);
	if (status == 0)
		status = routing_alloc(&office->routing);
	if (status == 0)
		status = tariffs_alloc(&office->tariffs);
	if (status == 0)
		status = services_alloc(&office->services);
	if (status == 0)
		status = attempts_alloc(&office->attempts);
	if (status == 0)
		status = legs_alloc(&office->legs);
	if (status == 0)
		status = accounts_alloc(&office->accounts);
	if (status == 0)
		status = credits_alloc(&office->credits);
	if (status == 0)
		status = measures_alloc(&office->measures);
	if (status == 0)
		status = marks_alloc(&office->marks);
	if (status == 0)
		status = reception_alloc(&office->reception, office);
	if (status != 0) {
		office_free(&office);
		return status;
	}
	verbs_install(office);
	scheduler_set_office(scheduler, office);
	scheduler_set_attendant(scheduler, tell_terminals, office);
	gate_install(&office->gate, scheduler);
	*ret_office = office;
	return 0;
}

void
office_free(struct office **officep)
{
	struct office *office = *officep;

	if (office != NULL) {
		trace_free(&office->trace_kept);
		reception_free(&office->reception);
		marks_free(&office->marks);
		measures_free(&office->measures);
		credits_free(&office->credits);
		accounts_free(&office->accounts);
		legs_free(&office->legs);
		attempts_free(&office->attempts);
		services_free(&office->services);
		ringing_clear(&office->ringing);
		tariffs_free(&office->tariffs);
		routing_free(&office->routing);
		trunks_free(&office->trunks);
		lines_free(&office->lines);
		(void)pthread_mutex_destroy(&office->mutex);
	}
	FREE_OBJ(officep, OFFICE_MAGIC);
}

uint64_t
office_stamp(const struct office *office)
{
	return scheduler_now(office->lines->at) + 1;
}

/*--------------------------------------------------------------------
 * Looking
 */

uint32_t
office_find(struct office *office, const char *number)
{
	uint32_t id;
	bool is_gone;

	CHECK_OBJ(office, OFFICE_MAGIC);
	id = numbering_find(office->lines->numbering, number);
	if (id == LINE_NONE ||
	    !numbering_is_withdrawn(office->lines->numbering, id))
		return id;
	office_enter(office->scheduler); /* calls may still have it */
	is_gone = line_state_seen(lines_at(office->lines, id)) ==
	    LINE_STATE_withdrawn;
	office_leave(office);
	return is_gone ? LINE_NONE : id;
}

uint32_t
office_lines(const struct office *office)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return office->lines->count;
}

void
office_number(const struct office *office, uint32_t port, char *text)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_port_text(office, port, text);
}

void
office_set_terminal(
    struct office *office, office_terminal_f *terminal, void *arg)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office->lines->terminal = terminal;
	office->lines->terminal_arg = arg;
}

const struct office_counts *
office_counts_before(struct office *office)
{
	office_enter(office->scheduler);
	office->seen = office->before;
	office_leave(office);
	return &office->seen;
}

const struct office_counts *
office_counts(struct office *office)
{
	office_enter(office->scheduler);
	office->seen = office->counts;
	office_leave(office);
	return &office->seen;
}

void
office_pool_name(
    const struct scheduler *scheduler, unsigned int number, char *name)
{
	if (scheduler_count(scheduler) == 1)
		memcpy(name, OFFICE_POOL, sizeof OFFICE_POOL);
	else
		snprintf(name, OFFICE_POOL_NAME_SIZE, "pool-%u", number);
}

const char *
signal_word(uint16_t kind)
{
#define SIGNAL_WORD(symbol, number, word) [SIGNAL_##symbol] = (word),
	static const char *const words[] = { SIGNALS(SIGNAL_WORD) };
#undef SIGNAL_WORD

	return kind < sizeof words / sizeof words[0] ? words[kind] : NULL;
}

const char *
tone_word(enum tone tone)
{
#define TONE_WORD(symbol) [TONE_##symbol] = #symbol,
	static const char *const words[] = { TONES(TONE_WORD) };
#undef TONE_WORD

	return tone == TONE_no_answer ? "no-answer" : words[tone];
}

const char *
leg_kind_word(uint8_t kind)
{
#define LEG_WORD(symbol) [LEG_##symbol] = #symbol,
	static const char *const words[] = { LEG_KINDS(LEG_WORD) };
#undef LEG_WORD

	return words[kind];
}

const char *
redirect_reason_word(uint8_t reason)
{
	static const char *const words[] = { [REDIRECT_none] = "",
		[REDIRECT_unconditional] = "unconditional",
		[REDIRECT_busy] = "busy",
		[REDIRECT_no_reply] = "no-reply" };

	return words[reason];
}
