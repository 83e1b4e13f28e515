/*
 * What a shadow run promises of the verbs of the exchange (U13): each is noted
 * in words, none is done by the copy, and what must be answered is answered as
 * the real run was, or by a look that takes nothing.
 *
 * The call is a toy whose two versions do what the test gives them to do.
 */
#include "tests/effects.h"
#include "tests/office_world.h"

#include <errno.h>

#include "switch/shadow.h"

struct toy {
	uint64_t call;
	int seized;
	struct port_view view;
	struct translation number;
	struct leg_view leg;
};

typedef void does_f(struct self *self, struct toy *toy);

/* The toys' world; a handler is told of no object. */
static struct {
	struct office_world *w;
	uint32_t a, b, c; /* lines 1001, 1002, 1003 */
	does_f *does_old, *does_new;
	struct shadow *shadow;
	unsigned int trials;
	struct noting real, copy;
	struct toy after, copied;
} here;

static int
init(struct self *self, void *state, const struct message *start)
{
	struct toy *toy = state;
	struct signal signal;

	memcpy(&signal, start->body.bytes, sizeof signal);
	toy->call = signal.call;
	return port_seize(self, signal.port, true);
}

static void
handle_old(struct self *self, void *state, const struct message *event)
{
	if (here.does_old != NULL && event->kind == SIGNAL_FLASH)
		here.does_old(self, state);
}

static void
handle_new(struct self *self, void *state, const struct message *event)
{
	if (here.does_new != NULL && event->kind == SIGNAL_FLASH)
		here.does_new(self, state);
}

#define TOY(its_version, its_handle)                                           \
	{                                                                      \
		.magic = MODULE_MAGIC, .abi = MODULE_ABI, .name = "call",      \
		.version = (its_version),                                      \
		.schema = { .size = sizeof(struct toy) }, .init = init,        \
		.handle = (its_handle), .terminate = idle_terminate            \
	}
static const struct module toy_old = TOY("old", handle_old);
static const struct module toy_new = TOY("new", handle_new);

static int
convert(void *arg, struct state_change *change)
{
	(void)arg;
	memcpy(change->new_state, change->old_state, sizeof(struct toy));
	return 0;
}

/* Of shadow_order. */
static bool
tried(void *arg, const struct shadow_trial *trial)
{
	(void)arg;
	if (strcmp(trial->event, "flash") != 0)
		return true; /* a line rings, that one says so */
	here.trials++;
	here.real = *trial->real;
	here.copy = *trial->copy;
	memcpy(&here.after, trial->after, sizeof here.after);
	if (trial->copied != NULL)
		memcpy(&here.copied, trial->copied, sizeof here.copied);
	return true;
}

static int
set_up(void **state)
{
	static const struct converter converter = { .convert = convert };
	struct shadow_order order = { .share = UINT32_MAX, .tried = tried };
	struct scheduler *scheduler;

	(void)state;
	memset(&here, 0, sizeof here);
	here.w = office_world_begin(NULL);
	scheduler = here.w->world.scheduler;
	order.to = world_add(&here.w->world, &toy_new);
	(void)world_add(&here.w->world, &toy_old);
	behaviours_set_converter(scheduler_behaviours(scheduler), &converter);
	here.a = line(here.w, "1001");
	here.b = line(here.w, "1002");
	here.c = line(here.w, "1003");
	offhook(here.w, "1001");
	assert_int_equal(shadow_alloc(&here.shadow, scheduler, &order), 0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	shadow_free(&here.shadow);
	office_world_end(here.w);
	return 0;
}

/* One event of the call, the two versions doing these. */
static void
go(does_f *does_old, does_f *does_new)
{
	unsigned int trials = here.trials;

	here.does_old = does_old;
	here.does_new = does_new;
	send(here.w, "1001", SIGNAL_FLASH);
	here.does_old = here.does_new = NULL;
	assert_int_equal(here.trials, trials + 1);
}

/*--------------------------------------------------------------------
 * The verbs
 */

static const struct message digit = { .kind = SIGNAL_DIGIT };

static void
does_nothing(struct self *self, struct toy *toy)
{
	(void)self, (void)toy;
}

static void
does_all(struct self *self, struct toy *toy)
{
	toy->seized = port_seize(self, here.b, false);
	(void)port_setup(self, here.b, here.a);
	(void)port_tone(self, here.a, TONE_ringback);
	(void)port_status(self, here.a, CAUSE_FACILITY_REJECTED);
	(void)exchange_unexpected(self, &digit);
	(void)exchange_late(self, &digit);
	(void)exchange_overdial(self, 1);
	(void)port_free(self, here.b);
}

static void
expect_all(const struct noting *noting)
{
	EXPECT_EFFECTS(noting, "port_seize 1002 as called",
	    "port_setup 1002 from 1001", "port_tone 1001 ringback",
	    "port_status 1001 cause 29", "unexpected digit 0x4", "late",
	    "overdial", "port_free 1002");
}

static void
u13_what_the_copy_does_the_office_does_not(void **state)
{
	const struct office_counts before = *office_counts(here.w->office);
	const struct line_info line_a = look(here.w, "1001");

	(void)state;
	go(does_nothing, does_all);
	expect_all(&here.copy);
	assert_int_equal(here.real.count, 0);
	assert_memory_equal(
	    office_counts(here.w->office), &before, sizeof before);
	assert_int_equal(look(here.w, "1002").state, LINE_STATE_idle);
	assert_int_equal(look(here.w, "1001").tone, line_a.tone);
	assert_int_equal(look(here.w, "1001").status, line_a.status);
	assert_int_equal(
	    world_info(&here.w->world, look(here.w, "1001").call).mailbox, 0);
}

/* What a verb asks of another within is no effect of the call's own. */
static void
u13_what_the_call_does_is_noted_and_done(void **state)
{
	(void)state;
	go(does_all, does_all);
	expect_all(&here.real);
	expect_all(&here.copy);
	assert_int_equal(here.copied.seized, 0);
	assert_int_equal(office_counts(here.w->office)->late, 1);
	assert_int_equal(office_counts(here.w->office)->unexpected, 1);
	assert_int_equal(look(here.w, "1001").tone, TONE_ringback);
	assert_int_equal(look(here.w, "1001").status, CAUSE_FACILITY_REJECTED);
}

static void
seizes(struct self *self, struct toy *toy)
{
	toy->seized = port_seize(self, here.b, false);
}

static void
frees(struct self *self, struct toy *toy)
{
	toy->seized = port_free(self, here.b);
}

/* By the real run's seizure the line is taken; the copy may not hear that. */
static void
u13_a_seizure_is_answered_as_the_real_one(void **state)
{
	(void)state;
	go(seizes, seizes);
	assert_int_equal(here.after.seized, 0);
	assert_int_equal(here.copied.seized, 0);
	assert_true(
	    pid_equal(look(here.w, "1002").call, look(here.w, "1001").call));
	go(seizes, seizes); /* it is ours by now */
	assert_int_equal(here.after.seized, -EBUSY);
	assert_int_equal(here.copied.seized, -EBUSY);
	EXPECT_EFFECTS(&here.copy, NULL);
	/* Nobody has asked: a look, which takes nothing. */
	go(does_nothing, seizes);
	assert_int_equal(here.copied.seized, -EBUSY);
	go(frees, frees);
	assert_int_equal(look(here.w, "1002").state, LINE_STATE_idle);
	go(does_nothing, seizes);
	assert_int_equal(here.copied.seized, 0);
	assert_int_equal(look(here.w, "1002").state, LINE_STATE_idle);
}

static void
asks(struct self *self, struct toy *toy)
{
	toy->number = exchange_translate(self, "1002");
	toy->view = port_look(self, here.a);
	toy->leg = leg_look(self, toy->call, 1);
}

/* Frees its line first, in the real run: a look is of before the commit. */
static void
u13_questions_are_answered_alike_and_are_no_effects(void **state)
{
	(void)state;
	go(asks, asks);
	assert_int_equal(here.real.count, 3);
	EXPECT_EFFECTS(&here.real, NULL);
	assert_int_equal(here.copied.number.verdict, TRANSLATION_COMPLETE);
	assert_int_equal(here.copied.number.line, here.b);
	assert_true(here.copied.view.is_mine);
	assert_memory_equal(&here.copied, &here.after, sizeof here.after);
	go(does_nothing, asks);
	assert_int_equal(here.copied.number.line, here.b);
	assert_true(here.copied.view.is_mine);
	assert_memory_equal(
	    &here.copied.leg, &here.after.leg, sizeof here.after.leg);
}

static void
has_a_leg(struct self *self, struct toy *toy)
{
	const struct leg_opening opening = { .call = toy->call,
		.payer = here.a,
		.port = here.b,
		.kind = LEG_dialled,
		.called = "1002" };
	struct leg_closing closing = { .call = toy->call,
		.t_end = 5,
		.charge_micro = 150000,
		.pulses = 1,
		.cause = CAUSE_NORMAL };
	int leg = leg_open(self, &opening);

	closing.number = (uint8_t)leg;
	toy->seized = leg;
	(void)leg_answer(self, toy->call, 2);
	toy->leg = leg_look(self, toy->call, (unsigned int)leg);
	(void)leg_close(self, &closing);
}

static void
u13_a_leg_of_the_copy_is_no_leg(void **state)
{
	(void)state;
	go(does_nothing, has_a_leg);
	EXPECT_EFFECTS(&here.copy, "leg_open dialled '1002' by 1001 reason 0",
	    "leg_answer rule 2",
	    "leg_close 1 cause 16 end 5 charge 150000 pulses 1 timer 0");
	assert_int_equal(here.w->legs, 0);
	go(has_a_leg, has_a_leg);
	assert_int_equal(here.after.seized, 1);
	assert_int_equal(here.copied.seized, 1);
	assert_int_equal(here.after.leg.prices.first_micro, 50000);
	assert_int_equal(here.copied.leg.prices.first_micro, 50000);
	assert_int_equal(here.w->legs, 1);
	assert_int_equal(here.w->leg.charge_micro, 150000);
}

static void
records(struct self *self, struct toy *toy)
{
	const struct call_record record = { .call = toy->call,
		.t_dialled = 1,
		.t_release = 2,
		.port_a = here.a,
		.port_b = PORT_NONE,
		.cause = CAUSE_NORMAL,
		.dialled = "77" };

	toy->seized = exchange_record(self, &record);
}

static void
u13_a_record_is_written_once(void **state)
{
	static const char wanted[] = "record cause 16/0 side 0 1001 to nobody";
	uint32_t cursor = 0;
	const struct noted *noted;

	(void)state;
	go(does_nothing, records);
	noted = noting_next(&here.copy, &cursor);
	assert_non_null(noted);
	assert_memory_equal(noted->text, wanted, sizeof wanted - 1);
	assert_non_null(strstr(noted->text, "'77' dialled 1 "));
	assert_int_equal(here.w->cdrs, 0);
	go(records, records);
	assert_int_equal(here.after.seized, 0);
	assert_int_equal(here.copied.seized, 0);
	assert_int_equal(here.w->cdrs, 1);
	assert_int_equal(office_counts(here.w->office)->records, 1);
}

/*--------------------------------------------------------------------
 * Two calls of one line
 */

static void
consults(struct self *self, struct toy *toy)
{
	toy->seized = exchange_consult(self, here.a, "1002", 77);
}

static void
joins(struct self *self, struct toy *toy)
{
	toy->seized = exchange_join(self, here.a, LOCAL_XFER_ATT);
	(void)exchange_end_other(self, here.a, LOCAL_CANCEL);
	(void)port_connect(self, here.a, here.b);
}

static void
u13_a_copy_joins_and_ends_no_calls(void **state)
{
	(void)state;
	go(consults, consults);
	assert_int_equal(here.after.seized, 0);
	assert_int_equal(look(here.w, "1001").calls, 2);
	go(does_nothing, joins);
	EXPECT_EFFECTS(&here.copy, "join 1001 local 7",
	    "end_other 1001 local 2", "port_connect 1001 to 1002");
	assert_int_equal(here.copied.seized, 0);
	assert_int_equal(look(here.w, "1001").calls, 2);
}

static void
picks_up(struct self *self, struct toy *toy)
{
	toy->seized = exchange_pick_up(self, here.a, "");
	(void)exchange_join_claimant(self, toy->call);
	(void)exchange_refuse_claimant(self, toy->call);
}

/* Where nothing rings, that is what the copy is told too. */
static void
u13_a_copy_picks_nothing_up(void **state)
{
	(void)state;
	go(does_nothing, picks_up);
	EXPECT_EFFECTS(&here.copy, "join_claimant", "refuse_claimant");
	assert_int_equal(here.copied.seized, -ENOENT);
	assert_int_equal(look(here.w, "1001").calls, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(u13_what_the_copy_does_the_office_does_not),
		TEST(u13_what_the_call_does_is_noted_and_done),
		TEST(u13_a_seizure_is_answered_as_the_real_one),
		TEST(u13_questions_are_answered_alike_and_are_no_effects),
		TEST(u13_a_leg_of_the_copy_is_no_leg),
		TEST(u13_a_record_is_written_once),
		TEST(u13_a_copy_joins_and_ends_no_calls),
		TEST(u13_a_copy_picks_nothing_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
