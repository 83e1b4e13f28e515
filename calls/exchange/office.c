/*
 * office: see office.h for what it is.
 *
 * Subscribers and the operator come in here.  Whatever they do becomes, first,
 * a fact of the line, and then a signal to the call that owns it, if one does:
 * so a fact is never lost with an event, and a call can always ask (T89).
 *
 * An attempt begins here and is counted; its process is asked of a pool
 * (reception.c), and ties itself to the attempt with its first verb (verbs.c).
 * It ends in office_end_attempt(), wherever that is called from.
 *
 * Invariants, of which audit.c checks the first three:
 *   1. attempts = gapped + live + ended (A1);
 *   2. records = ended, and no live call has one (A2);
 *   3. a taken line is owned by one live process that says so (A3);
 *   4. there is room for as many attempts as there are lines;
 *   5. with several schedulers the mutex is held from office_enter() to
 *      office_leave(), around the work of each verb, commit, undo and release
 *      and of each function here; so two calls never get one line, and a
 *      signal is on its way before its call can see the fact it tells of.
 *      Only home adds lines and tariffs: it may look for them without.
 */
#include "calls/exchange/office.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "calls/exchange/class.h"
#include "calls/exchange/office_internal.h"
#include "calls/exchange/reception.h"
#include "calls/exchange/trace.h"
#include "switch/behaviour.h"
#include "switch/log.h"
#include "switch/object.h"
#include "switch/process.h"
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
		trace_free(&office->trace);
		reception_free(&office->reception);
		measures_free(&office->measures);
		credits_free(&office->credits);
		accounts_free(&office->accounts);
		legs_free(&office->legs);
		attempts_free(&office->attempts);
		services_free(&office->services);
		tariffs_free(&office->tariffs);
		routing_free(&office->routing);
		trunks_free(&office->trunks);
		lines_free(&office->lines);
		(void)pthread_mutex_destroy(&office->mutex);
	}
	FREE_OBJ(officep, OFFICE_MAGIC);
}

uint32_t
office_attempts_room(const struct office *office)
{
	/* Each of the two places of a line may begin one, and a circuit too. */
	return 2 * office->lines->count + office->trunks->circuits_count;
}

int
office_add_lines(struct office *office, const char *first, const char *last,
    enum line_kind kind)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = lines_add(office->lines, first, last, kind);
	if (status == 0) {
		status = attempts_reserve(
		    office->attempts, office_attempts_room(office));
		if (status == 0)
			status = legs_reserve(
			    office->legs, office_attempts_room(office));
		if (status != 0)
			lines_drop_last(office->lines);
	}
	office_leave(office);
	return status;
}

int
office_add_tariff_band(struct office *office, const char *name,
    const struct tariff_view *prices, const struct band *band)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = tariffs_add(office->tariffs, name, prices, band);
	office_leave(office);
	return status;
}

int
office_add_tariff(
    struct office *office, const char *name, const struct tariff_view *prices)
{
	return office_add_tariff_band(office, name, prices, NULL);
}

void
office_set_date(struct office *office, uint64_t week_us)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	office->week_us = week_us % BAND_WEEK_US;
	office_leave(office);
}

uint16_t
office_find_tariff(const struct office *office, const char *name)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return tariffs_find(office->tariffs, name);
}

void
office_set_tariff(
    struct office *office, uint32_t first, uint32_t count, uint16_t tariff)
{
	uint32_t line;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	for (line = first; line < first + count; line++)
		lines_at(office->lines, line)->tariff = tariff;
	office_leave(office);
}

int
office_add_account(struct office *office, const struct account_plan *plan)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = accounts_add(office->accounts, plan);
	office_leave(office);
	return status;
}

uint16_t
office_find_account(const struct office *office, const char *name)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return accounts_find(office->accounts, name);
}

void
office_set_account(
    struct office *office, uint32_t first, uint32_t count, uint16_t account)
{
	uint32_t line;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	for (line = first; line < first + count; line++)
		lines_at(office->lines, line)->account = account;
	office_leave(office);
}

bool
office_account(
    struct office *office, uint16_t number, struct account_info *ret_info)
{
	const struct account *account;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	account = accounts_at(office->accounts, number);
	if (account != NULL) {
		*ret_info = (struct account_info){
			.is_prepaid = account->is_prepaid,
			.deposit_micro = account->deposit_micro,
			.charged_micro = account->charged_micro,
			.reserved_micro = account->reserved_micro,
		};
		memcpy(ret_info->name, account->name, sizeof ret_info->name);
	}
	office_leave(office);
	return account != NULL;
}

void
office_set_control(struct office *office, uint32_t first, uint32_t count,
    enum line_control control)
{
	uint32_t line;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	for (line = first; line < first + count; line++)
		lines_at(office->lines, line)->control = (uint8_t)control;
	office_leave(office);
}

uint32_t
office_find(const struct office *office, const char *number)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return numbering_find(office->lines->numbering, number);
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

/*--------------------------------------------------------------------
 * What subscribers do
 */

/* Enters the office for the subscriber who sits at that line. */
static const struct line *
enter_from(struct office *office, uint32_t line)
{
	const struct line *found;

	office_enter(office->scheduler);
	found = lines_at(office->lines, line);
	assert(found != NULL);
	return found;
}

static int
leave(struct office *office, int status)
{
	office_leave(office);
	return status;
}

/* "line 1002 is idle: nothing rings there" */
static int
refuse(struct office *office, uint32_t line, const char *clause,
    const char **ret_why)
{
	const struct line *found = lines_at(office->lines, line);
	char number[DIGITS_MAX + 1];

	numbering_text(office->lines->numbering, line, number);
	snprintf(office->why, sizeof office->why, "line %s is %s: %s", number,
	    line_state_word(found->state), clause);
	*ret_why = office->why;
	return -ENOTSUP;
}

/* For the notice of what is done next. */
static int
make_room(struct office *office, uint32_t line, const char **ret_why)
{
	if (lines_promise(office->lines) != 0)
		return refuse(office, line, "no memory is left", ret_why);
	lines_redeem(office->lines);
	return 0;
}

static uint64_t
call_of(const struct office *office, const struct line *line)
{
	if (line->attempt == ATTEMPT_NONE)
		return 0;
	return attempts_at(office->attempts, line->attempt)->number;
}

/* A signal from the line to one of its calls. */
static int
post_to(struct office *office, uint32_t id, struct line_call to,
    enum signal_kind kind, uint8_t cause)
{
	struct signal signal = { .port = id, .cause = cause };

	if (to.attempt != ATTEMPT_NONE)
		signal.call = attempts_at(office->attempts, to.attempt)->number;
	return process_post(office->scheduler, to.owner, (uint16_t)kind,
	    &signal, sizeof signal);
}

/* Likewise, to the one that it is for. */
static int
post(struct office *office, uint32_t id, enum signal_kind kind, uint8_t cause)
{
	return post_to(
	    office, id, line_call_for(office, id, kind), kind, cause);
}

static int
post_or_refuse(struct office *office, uint32_t id, enum signal_kind kind,
    uint8_t cause, const char **ret_why)
{
	if (post(office, id, kind, cause) == 0)
		return 0;
	return refuse(
	    office, id, "the switch has no room for its signal", ret_why);
}

static void
log_attempt(const struct office *office, const struct attempt *attempt)
{
	struct log *log = scheduler_log(office->scheduler);
	char number[DIGITS_MAX + 1];

	if (!log_is_on(log))
		return;
	office_port_text(office, attempt->port_a, number);
	log_line(log, scheduler_now(office->scheduler), "call %llu from %s",
	    (unsigned long long)attempt->number, number);
}

int
office_announce(struct office *office, uint32_t place, const char *digits)
{
	const struct attempt *attempt = attempts_at(office->attempts, place);
	struct signal start = { .call = attempt->number,
		.port = attempt->port_a };

	snprintf(start.digits, sizeof start.digits, "%s", digits);
	return reception_announce(office, &start);
}

/* Sends the records that are owed, as long as there is memory. */
void
office_settle(struct office *office)
{
	uint32_t place;

	while ((place = attempts_owed(office->attempts)) != ATTEMPT_NONE &&
	    cdr_write_crash(office, attempts_at(office->attempts, place)) == 0)
		attempts_settle(office->attempts);
}

/* Off-hook, with the whole number or (digits "") with none. */
static int
begin(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call, const char **ret_why)
{
	struct attempt *attempt;
	uint32_t place;

	if (lines_at(office->lines, line)->state != LINE_STATE_idle)
		return refuse(office, line,
		    "only an idle line can begin a call", ret_why);
	if (lines_promise(office->lines) != 0)
		return refuse(office, line, "no memory is left", ret_why);
	office_settle(office);
	place = attempts_begin(
	    office->attempts, attempts_number(office->attempts), line);
	if (place == ATTEMPT_NONE) {
		lines_redeem(office->lines);
		return refuse(office, line,
		    "there are as many calls as the office has lines", ret_why);
	}
	if (office_announce(office, place, digits) != 0) {
		attempts_end(office->attempts, place);
		lines_redeem(office->lines);
		return refuse(office, line,
		    "the process '" OFFICE_PROCESS "' takes no calls", ret_why);
	}
	attempt = attempts_at(office->attempts, place);
	class_begin(attempt, office->lines);
	gate_mark(office, attempt,
	    gate_ask(office, (enum line_class)attempt->class, digits));
	office->counts.attempts++;
	office->counts.live++;
	*ret_call = attempt->number;
	log_attempt(office, attempt);
	lines_hook(office->lines, line, true);
	lines_reserve(office->lines, line, place);
	return 0;
}

int
office_offhook(struct office *office, uint32_t line, uint64_t *ret_call,
    const char **ret_why)
{
	enter_from(office, line);
	return leave(office, begin(office, line, "", ret_call, ret_why));
}

/* Keys of a telephone, one to `most`. */
static bool
are_keys(const char *digits, size_t most)
{
	size_t length = strspn(digits, "0123456789*#");

	return digits[length] == '\0' && length >= 1 && length <= most;
}

int
office_call(struct office *office, uint32_t from, const char *digits,
    uint64_t *ret_call, const char **ret_why)
{
	int status;

	enter_from(office, from);
	if (are_keys(digits, DIGITS_MAX))
		status = begin(office, from, digits, ret_call, ret_why);
	else
		status = refuse(office, from,
		    "a number has 1 to 15 digits, * and # among them", ret_why);
	return leave(office, status);
}

/* A signal with a number, to the only call of a line. */
static int
send_number(struct office *office, uint32_t line, enum signal_kind kind,
    const char *digits, uint64_t other, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	struct signal signal = { .port = line, .other = other };

	if (pid_is_none(own->owner) || !own->is_offhook)
		return refuse(office, line,
		    "only a line in a call can call another", ret_why);
	if (lines_other(office->lines, line) != NULL)
		return refuse(office, line, "it has two calls", ret_why);
	if (!are_keys(digits, DIGITS_MAX))
		return refuse(office, line,
		    "a number has 1 to 15 digits, * and # among them", ret_why);
	signal.call = call_of(office, own);
	snprintf(signal.digits, sizeof signal.digits, "%s", digits);
	if (process_post(office->scheduler, own->owner, (uint16_t)kind, &signal,
		sizeof signal) != 0)
		return refuse(office, line,
		    "the switch has no room for its signal", ret_why);
	return 0;
}

int
office_consult(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call, const char **ret_why)
{
	uint64_t number;
	int status;

	enter_from(office, line);
	number = attempts_number(office->attempts);
	status =
	    send_number(office, line, SIGNAL_CONSULT, digits, number, ret_why);
	if (status == 0)
		*ret_call = number;
	return leave(office, status);
}

int
office_blind(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	enter_from(office, line);
	return leave(office,
	    send_number(office, line, SIGNAL_BLIND, digits, 0, ret_why));
}

/* As many as fit a signal, from `digits` on; how many those are. */
static size_t
post_digits(struct office *office, uint32_t id, const char *digits)
{
	const struct line *line = lines_at(office->lines, id);
	struct signal signal = { .call = call_of(office, line), .port = id };
	size_t length = strnlen(digits, sizeof signal.digits - 1);

	memcpy(signal.digits, digits, length);
	if (process_post(office->scheduler, line->owner, SIGNAL_DIGIT, &signal,
		sizeof signal) != 0)
		return 0;
	return length;
}

static int
dial(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	size_t done;

	if (pid_is_none(own->owner) || !own->is_offhook)
		return refuse(
		    office, line, "no call hears its digits", ret_why);
	if (!are_keys(digits, SIZE_MAX))
		return refuse(
		    office, line, "its keys are the digits, * and #", ret_why);
	for (; *digits != '\0'; digits += done) {
		done = post_digits(office, line, digits);
		if (done == 0)
			return refuse(office, line,
			    "the switch has no room for its digits", ret_why);
	}
	return 0;
}

int
office_dial(struct office *office, uint32_t line, const char *digits,
    const char **ret_why)
{
	enter_from(office, line);
	return leave(office, dial(office, line, digits, ret_why));
}

int
office_answer(struct office *office, uint32_t line, const char **ret_why)
{
	const struct line *own = enter_from(office, line);
	const bool waits = lines_waits(office->lines, line);
	const bool comes_back = !own->is_called && !waits && !own->is_offhook &&
	    own->kind == LINE_ANALOG && !pid_is_none(own->owner);
	int status;

	if (own->is_called || waits || comes_back)
		status = post_or_refuse(office, line,
		    comes_back ? SIGNAL_OFFHOOK : SIGNAL_ANSWER, CAUSE_NONE,
		    ret_why);
	else
		status = refuse(office, line, "nothing rings there", ret_why);
	if (status == 0 && own->is_called)
		lines_answer(office->lines, line);
	else if (status == 0 && !own->is_offhook)
		lines_hook(office->lines, line, true);
	return leave(office, status);
}

int
office_reject(
    struct office *office, uint32_t line, uint8_t cause, const char **ret_why)
{
	const struct line *own = enter_from(office, line);
	int status;

	if (own->is_called || lines_waits(office->lines, line))
		status = post_or_refuse(office, line, SIGNAL_REJECT,
		    cause == CAUSE_NONE ? CAUSE_REJECTED : cause, ret_why);
	else
		status = refuse(office, line, "nothing rings there", ret_why);
	if (status == 0 && own->is_called)
		lines_refuse(office->lines, line);
	return leave(office, status);
}

/* Its other call is the one that it may be called in now. */
static int
leave_other(struct office *office, uint32_t line, const char **ret_why)
{
	const struct line_call left = line_call_left(office, line);

	if (left.attempt == ATTEMPT_NONE)
		return 0;
	if (post_to(office, line, left, SIGNAL_LEFT, CAUSE_NORMAL) != 0)
		return refuse(office, line,
		    "the switch has no room for its signal", ret_why);
	if (!pid_equal(left.owner, lines_at(office->lines, line)->owner))
		lines_exchange(office->lines, line);
	return 0;
}

static int
hang_up(struct office *office, uint32_t line, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	int status = 0;

	if (!own->is_offhook)
		return refuse(
		    office, line, "its handset is on the hook", ret_why);
	if (!pid_is_none(own->owner) && !own->is_waiting)
		status = post_or_refuse(office, line,
		    own->kind == LINE_ISDN ? SIGNAL_DISCONNECT : SIGNAL_ONHOOK,
		    CAUSE_NORMAL, ret_why);
	if (status == 0)
		status = leave_other(office, line, ret_why);
	if (status == 0)
		lines_hook(office->lines, line, false);
	return status;
}

int
office_hangup(struct office *office, uint32_t line, const char **ret_why)
{
	int status;

	enter_from(office, line);
	status = make_room(office, line, ret_why);
	if (status == 0)
		status = hang_up(office, line, ret_why);
	return leave(office, status);
}

static int
send_signal(struct office *office, uint32_t line, enum signal_kind signal,
    uint8_t cause, const char **ret_why)
{
	const struct line *own = lines_at(office->lines, line);
	int status;

	if (pid_is_none(own->owner))
		return refuse(
		    office, line, "no call hears its signals", ret_why);
	status = post_or_refuse(office, line, signal, cause, ret_why);
	if (status == 0 && signal == SIGNAL_ALERTING && own->is_called)
		lines_ring(office->lines, line);
	if (status == 0 && signal == SIGNAL_OFFHOOK && !own->is_called)
		lines_hook(office->lines, line, true);
	return status;
}

int
office_signal_in(struct office *office, uint32_t line, uint64_t call,
    enum signal_kind signal, uint8_t cause, const char **ret_why)
{
	struct line_call to;
	int status;

	enter_from(office, line);
	to = line_call_in(office, line, call);
	if (to.attempt == ATTEMPT_NONE)
		status =
		    refuse(office, line, "it is not in that call", ret_why);
	else if (post_to(office, line, to, signal, cause) != 0)
		status = refuse(office, line,
		    "the switch has no room for its signal", ret_why);
	else
		status = 0;
	return leave(office, status);
}

int
office_signal(struct office *office, uint32_t line, enum signal_kind signal,
    uint8_t cause, const char **ret_why)
{
	int status;

	enter_from(office, line);
	status = make_room(office, line, ret_why);
	if (status == 0)
		status = send_signal(office, line, signal, cause, ret_why);
	return leave(office, status);
}

/*--------------------------------------------------------------------
 * The end of a call
 */

uint64_t
office_stamp(const struct office *office)
{
	return scheduler_now(office->lines->at) + 1;
}

/* In the order of the ends: while one is owed, so is the next. */
static bool
has_record(struct office *office, struct attempt *attempt)
{
	if (attempt->is_recorded)
		return true;
	cdr_note_end(office, attempt);
	return attempts_owed(office->attempts) == ATTEMPT_NONE &&
	    cdr_write_crash(office, attempt) == 0;
}

void
office_end_attempt(struct office *office, uint32_t place)
{
	gate_started(office, attempts_at(office->attempts, place)->number);
	office_settle(office);
	pickup_end(office, place);
	if (office->trace != NULL)
		trace_end(office->trace,
		    attempts_at(office->attempts, place)->number);
	if (attempts_at(office->attempts, place)->is_gapped) {
		attempts_end(office->attempts, place);
		office->counts.turned_away--;
		return;
	}
	if (has_record(office, attempts_at(office->attempts, place)))
		attempts_end(office->attempts, place);
	else
		attempts_owe(office->attempts, place);
	office->counts.live--;
	office->counts.ended++;
}

int
office_give_owed(struct office *office, office_owed_f *give, void *arg)
{
	struct attempt *attempt;
	struct cdr cdr;
	uint32_t place;
	int result = 0;

	office_enter(office->scheduler);
	while (result == 0 &&
	    (place = attempts_owed(office->attempts)) != ATTEMPT_NONE) {
		attempt = attempts_at(office->attempts, place);
		cdr_of_crash(office, attempt, &cdr);
		result = leg_give_open(office, attempt, &cdr, give, arg);
		if (result == 0)
			result = give(arg, RECORD_CDR, &cdr, sizeof cdr);
		if (result == 0) {
			cdr_taken_of_crash(office, attempt, &cdr);
			attempts_settle(office->attempts);
		}
	}
	office_leave(office);
	return result;
}

/* The line that was kept for it, or that place of a line with two calls. */
static void
give_back_unborn(struct office *office, uint32_t line, uint32_t place)
{
	const struct line_other *other = lines_other(office->lines, line);

	if (port_is_circuit(line))
		circuits_give_back(office->trunks, line & ~PORT_CIRCUIT);
	else if (lines_at(office->lines, line)->attempt == place)
		lines_give_back(office->lines, line);
	else if (other != NULL && other->attempt == place)
		lines_drop_other(office->lines, line);
}

/* As it would hear of the end of one that was born (T31). */
static void
tell_starter(struct office *office, const struct attempt *attempt)
{
	const struct event_ended ended = { .reason = { .kind = REASON_NOPROC },
		.monitor = MONITOR_UNIT };
	uint32_t place = attempts_find(office->attempts, attempt->starter);

	if (place != ATTEMPT_NONE)
		(void)process_post(office->scheduler,
		    attempts_at(office->attempts, place)->pid, EVENT_DOWN,
		    &ended, sizeof ended);
}

/* Nothing, if it has a process. */
static void
fail_start(struct office *office, uint32_t place)
{
	const struct attempt *attempt = attempts_at(office->attempts, place);

	if (!pid_is_none(attempt->pid))
		return;
	give_back_unborn(office, attempt->port_a, place);
	tell_starter(office, attempt);
	office_end_attempt(office, place);
}

void
office_start_asked(struct office *office, uint64_t call, uint8_t pool)
{
	uint32_t place;

	office_enter(office->scheduler);
	place = attempts_find(office->attempts, call);
	if (place != ATTEMPT_NONE)
		attempts_at(office->attempts, place)->pool = pool;
	office_leave(office);
}

void
office_start_failed(struct office *office, uint64_t call)
{
	uint32_t place;

	office_enter(office->scheduler);
	place = attempts_find(office->attempts, call);
	if (place != ATTEMPT_NONE)
		fail_start(office, place);
	office_leave(office);
}

void
office_starts_failed(struct office *office, uint8_t pool)
{
	const struct attempt *attempt;
	uint32_t place;

	office_enter(office->scheduler);
	for (place = 0; place < attempts_span(office->attempts); place++) {
		attempt = attempts_at(office->attempts, place);
		if (attempt->number != 0 && attempt->pool == pool)
			fail_start(office, place);
	}
	office_leave(office);
}

/*--------------------------------------------------------------------
 * Looking
 */

void
office_line(struct office *office, uint32_t line, struct line_info *ret_info)
{
	const struct line *own = enter_from(office, line);
	const struct line_other *other = lines_other(office->lines, line);
	bool is_through = own->tone == TONE_speech || own->tone == TONE_hold;

	*ret_info = (struct line_info){
		.state = own->state,
		.tone = lines_heard(office->lines, line),
		.is_offhook = own->is_offhook,
		.calls = other != NULL ? 2 : line_is_taken(own),
		.call = own->owner,
		.call_tone = (enum tone)own->tone,
		.other = other != NULL ? other->owner : PID_NONE,
		.other_tone =
		    other != NULL ? (enum tone)other->tone : TONE_none,
		.peer = is_through ? own->peer : LINE_NONE,
		.status = own->status,
		.is_gapped = own->attempt != ATTEMPT_NONE &&
		    attempts_at(office->attempts, own->attempt)->is_gapped,
	};
	office_leave(office);
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
		snprintf(name, OFFICE_POOL_NAME_SIZE, "%s", OFFICE_POOL);
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
