/* What a plan is derived from where values nest: records, arrays of which some
 * are in use, branches of a union, and what releases say in rules. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "upgrade/conversion.h"
#include "upgrade/layout.h"
#include "upgrade/schema.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* clang-format off */
#define LEG(F, T)                                                              \
	F(CIRCUIT, uint16_t, circuit, 7, "", "")                               \
	F(UINT, uint16_t, cause, 16, "", "")
#define CALL_2(F, T, A, U)                                                     \
	F(PID, struct pid, peer, 0, "", "")                                    \
	F(UINT, uint32_t, line_a, 0, "", "")                                   \
	F(UINT, uint32_t, line_b, 0, "", "")                                   \
	A(RECORD, struct leg_2, legs, 4, "legs_used", 0, "", leg_2)            \
	U(union detail_2, detail, "state", "", detail_2)                         \
	F(ENUM, uint8_t, state, 0, "", "IDLE RINGING TALKING")                 \
	F(UINT, uint8_t, legs_used, 0, "", "")                                 \
	F(UINT, uint8_t, overdial, 0, "", "")
#define PARTY(F)                                                               \
	F(LINE, uint32_t, line, 0, "", "")                                     \
	F(BOOL, bool, is_held, 1, "", "")
#define LEG_3(F)                                                               \
	F(UINT, uint32_t, reason, 16, "cause", "")                             \
	F(CIRCUIT, uint16_t, circuit, 7, "", "")                               \
	F(UINT, uint16_t, attempts, 1, "", "")
#define CALL_3(F, T, A, U)                                                     \
	F(UINT, uint16_t, legs_used, 0, "", "")                                \
	F(ENUM, uint8_t, state, 0, "", "IDLE TALKING RINGING CONF")            \
	F(UINT, uint8_t, parties_used, 2, "", "")                              \
	F(PID, struct pid, peer, 0, "", "")                                    \
	A(RECORD, struct party, parties, 3, "parties_used", 0, "", party)      \
	A(RECORD, struct leg_3, legs, 6, "legs_used", 0, "", leg_3)            \
	F(UINT, uint32_t, overdial, 0, "", "")                                 \
	U(union detail_3, detail, "state", "", detail_3)
/* clang-format on */

struct leg_2 {
	LEG(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT)
};
union detail_2 {
	uint64_t RINGING;
	uint32_t TALKING;
};
struct call_2 {
	CALL_2(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT, SCHEMA_MEMBER_ARRAY,
	    SCHEMA_MEMBER_UNION)
};
struct party {
	PARTY(SCHEMA_MEMBER)
};
struct leg_3 {
	LEG_3(SCHEMA_MEMBER)
};
union detail_3 {
	uint64_t RINGING;
	uint64_t TALKING;
	uint64_t CONF;
};
struct call_3 {
	CALL_3(SCHEMA_MEMBER, SCHEMA_MEMBER_TEXT, SCHEMA_MEMBER_ARRAY,
	    SCHEMA_MEMBER_UNION)
};

#define SCHEMA_STATE struct leg_2
static const struct field leg_2[] = { LEG(SCHEMA_FIELD, SCHEMA_FIELD_TEXT) };
#undef SCHEMA_STATE
#define SCHEMA_STATE union detail_2
static const struct field detail_2[] = {
	/* clang-format off */
	SCHEMA_FIELD(UINT, uint64_t, RINGING, 0, "", "")
	SCHEMA_FIELD(UINT, uint32_t, TALKING, 5, "", "")
	/* clang-format on */
};
#undef SCHEMA_STATE
#define SCHEMA_STATE struct call_2
static const struct field call_2[] = { CALL_2(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT, SCHEMA_FIELD_ARRAY, SCHEMA_FIELD_UNION) };
#undef SCHEMA_STATE
#define SCHEMA_STATE struct party
static const struct field party[] = { PARTY(SCHEMA_FIELD) };
#undef SCHEMA_STATE
#define SCHEMA_STATE struct leg_3
static const struct field leg_3[] = { LEG_3(SCHEMA_FIELD) };
#undef SCHEMA_STATE
#define SCHEMA_STATE union detail_3
static const struct field detail_3[] = {
	/* clang-format off */
	SCHEMA_FIELD(UINT, uint64_t, RINGING, 0, "", "")
	SCHEMA_FIELD(UINT, uint64_t, TALKING, 0, "", "")
	SCHEMA_FIELD(UINT, uint64_t, CONF, 9, "", "")
	/* clang-format on */
};
#undef SCHEMA_STATE
#define SCHEMA_STATE struct call_3
static const struct field call_3[] = { CALL_3(
    SCHEMA_FIELD, SCHEMA_FIELD_TEXT, SCHEMA_FIELD_ARRAY, SCHEMA_FIELD_UNION) };
#undef SCHEMA_STATE

static const char *const ways_3[] = { "state CONF", "detail CONF", "legs wide",
	"legs.reason wide", "legs_used wide", "detail.TALKING wide",
	"overdial wide", NULL };
static const char *const rules_3[] = { "parties[0].line from line_a",
	"parties[1].line from line_b", NULL };
static const struct schema schema_2 = {
	.fields = call_2, .count = COUNT(call_2), .size = sizeof(struct call_2)
};
static const struct schema schema_3 = { .fields = call_3,
	.no_way_back = ways_3,
	.rules = rules_3,
	.count = COUNT(call_3),
	.size = sizeof(struct call_3) };

struct plans {
	struct schema old, new;
	struct conversion *up, *down;
	char why[256];
};

/* 0, or what the derivation says first. */
static int
derive(struct plans *plans)
{
	const struct conversion_way up = { .from = &plans->old,
		.to = &plans->new };
	const struct conversion_way down = {
		.from = &plans->new, .to = &plans->old, .down = true
	};
	int error;

	conversion_free(&plans->up);
	conversion_free(&plans->down);
	plans->why[0] = '\0';
	error = schema_check(&plans->old, plans->why, sizeof plans->why);
	if (error == 0)
		error =
		    schema_check(&plans->new, plans->why, sizeof plans->why);
	if (error == 0)
		error = conversion_alloc(
		    &plans->up, &up, plans->why, sizeof plans->why);
	if (error == 0)
		error = conversion_alloc(
		    &plans->down, &down, plans->why, sizeof plans->why);
	return error;
}

static int
setup(void **state)
{
	static struct plans plans;

	plans = (struct plans){ .old = schema_2, .new = schema_3 };
	*state = &plans;
	return 0;
}

static int
teardown(void **state)
{
	struct plans *plans = *state;

	conversion_free(&plans->up);
	conversion_free(&plans->down);
	return 0;
}

static void
expect_derived(struct plans *plans)
{
	(void)derive(plans);
	assert_string_equal(plans->why, "");
}

static void
expect_refused(struct plans *plans, const char *why)
{
	assert_int_equal(derive(plans), -EINVAL);
	assert_string_equal(plans->why, why);
}

static void
values_find_their_way_through_records(void **state)
{
	struct plans *plans = *state;
	const struct call_2 old = { .peer = { 3, 4 },
		.line_a = 1001,
		.line_b = 1002,
		.legs = { { 1, 17 }, { 2, 18 }, { 99, 99 } },
		.legs_used = 2,
		.detail.TALKING = 77,
		.state = 2 };
	struct call_3 new;

	expect_derived(plans);
	memset(&new, 0x5a, sizeof new);
	assert_int_equal(conversion_run(plans->up, &old, &new), 0);
	assert_int_equal(new.peer.slot, 3);
	assert_int_equal(new.peer.generation, 4);
	assert_int_equal(new.parties[0].line, 1001);
	assert_int_equal(new.parties[1].line, 1002);
	assert_true(new.parties[1].is_held);
	assert_int_equal(new.parties_used, 2);
	assert_int_equal(new.legs_used, 2);
	assert_int_equal(new.legs[0].circuit, 1);
	assert_int_equal(new.legs[1].reason, 18);
	assert_int_equal(new.legs[1].attempts, 1);
	assert_int_equal(new.legs[2].reason, 16); /* not in use: its default */
	assert_int_equal(new.legs[5].reason, 16);
	assert_int_equal(new.state, 1);
	assert_int_equal(new.detail.TALKING, 77);
}

static void
u18_counts_branches_and_symbols_pin(void **state)
{
	struct plans *plans = *state;
	struct call_3 new = { .legs_used = 4, .state = 1 };
	struct call_2 old;

	expect_derived(plans);
	assert_int_equal(conversion_run(plans->down, &new, &old), 0);
	new.legs_used = 5;
	assert_int_equal(conversion_run(plans->down, &new, &old), -EDOM);
	new.legs_used = 2;
	new.legs[1].reason = 65536;
	assert_int_equal(conversion_run(plans->down, &new, &old), -EDOM);
	new.legs[1].reason = 1;
	new.legs[2].reason = 65536; /* not in use */
	assert_int_equal(conversion_run(plans->down, &new, &old), 0);
	new.detail.TALKING = UINT64_MAX;
	assert_int_equal(conversion_run(plans->down, &new, &old), -EDOM);
	new.state = 2; /* RINGING, whose branch is as wide there */
	assert_int_equal(conversion_run(plans->down, &new, &old), 0);
	assert_true(old.detail.RINGING == UINT64_MAX);
	new.state = 3; /* CONF */
	assert_int_equal(conversion_run(plans->down, &new, &old), -EDOM);
}

static void
u10_a_branch_gets_its_own_back_only(void **state)
{
	static const struct field wide[] = {
		{ .name = "RINGING", .kind = FIELD_UINT, .width = 8 },
	};
	struct field fields[COUNT(call_3)];
	struct plans *plans = *state;
	struct call_3 new = { .state = 1 }, back;
	struct call_2 old;
	uint8_t kept[sizeof new];

	/* 2.0 has the state TALKING, and nothing to say about it. */
	memcpy(fields, call_2, sizeof call_2);
	fields[4].fields = wide;
	fields[4].count = 1;
	plans->old.fields = fields;
	plans->new.no_way_back = (const char *const[]){ "state CONF",
		"detail CONF", "detail TALKING", "legs wide",
		"legs.reason wide", "legs_used wide", "overdial wide", NULL };
	expect_derived(plans);
	assert_int_equal(conversion_run(plans->down, &new, &old), -EDOM);
	new.state = 2;
	new.detail.RINGING = 55;
	new.parties[0].is_held = true;
	assert_int_equal(conversion_run(plans->down, &new, &old), 0);
	assert_true(conversion_keep(plans->down, &new, kept) > 0);
	old.detail.RINGING = 56; /* it goes on there, and rings again */
	assert_int_equal(conversion_run(plans->up, &old, &back), 0);
	conversion_restore(plans->up, kept, &back);
	assert_true(back.detail.RINGING == 56);
	assert_true(back.parties[0].is_held);
}

static void
u5_what_has_no_image_must_be_listed(void **state)
{
	struct plans *plans = *state;

	plans->new.no_way_back =
	    (const char *const[]){ "state CONF", "legs_used wide",
		    "legs.reason wide", "detail.TALKING wide", NULL };
	expect_refused(plans,
	    "field 'legs' shrinks from 6 to 4 elements and no rule says how: "
	    "'legs clamp' in rules does, or 'legs wide' in no_way_back");
	plans->new.no_way_back =
	    (const char *const[]){ "state CONF", "legs_used wide", "legs wide",
		    "legs.reason wide", "overdial wide", NULL };
	expect_refused(plans,
	    "field 'detail': branch 'CONF' has no image and no_way_back does "
	    "not list it");
	plans->new = schema_3;
	plans->new.no_way_back = (const char *const[]){ "state CONF",
		"legs_used wide", "legs wide", "detail CONF", "overdial wide",
		"detail.TALKING wide", NULL };
	expect_refused(plans,
	    "field 'cause' narrows from 32 to 16 bits and no rule says how: "
	    "'legs.reason clamp' in rules does, or 'legs.reason wide' in "
	    "no_way_back");
}

static void
a_rule_clamps_what_does_not_fit(void **state)
{
	struct plans *plans = *state;
	struct call_3 new = { .legs_used = 6, .overdial = 1000, .state = 1 };
	struct call_2 old;

	plans->new.rules = (const char *const[]){ "parties[0].line from line_a",
		"parties[1].line from line_b", "overdial clamp", "legs clamp",
		NULL };
	new.legs[3].circuit = 5;
	expect_derived(plans);
	assert_int_equal(conversion_summary(plans->down)->clamped, 2);
	assert_int_equal(conversion_run(plans->down, &new, &old), 0);
	assert_int_equal(old.overdial, 255);
	assert_int_equal(old.legs_used, 4);
	assert_int_equal(old.legs[3].circuit, 5);
}

/* Two words of the newer one are one of the older, and so none is pinned. */
static void
a_rule_has_the_older_word_for_a_symbol(void **state)
{
	static const struct field older[] = { { .name = "state",
	    .symbols = "IDLE TALKING",
	    .kind = FIELD_ENUM,
	    .width = 1 } };
	static const struct field newer[] = { { .name = "state",
	    .symbols = "IDLE HELD TALKING",
	    .kind = FIELD_ENUM,
	    .width = 1 } };
	struct plans *plans = *state;
	const uint8_t held = 1, talking = 2;
	uint8_t is = 0, again = 0;

	plans->old = (struct schema){ .fields = older, .count = 1, .size = 1 };
	plans->new = (struct schema){ .fields = newer, .count = 1, .size = 1 };
	expect_refused(plans,
	    "field 'state': symbol 'HELD' has no image and no_way_back does "
	    "not list it");
	plans->new.rules =
	    (const char *const[]){ "state HELD as TALKING", NULL };
	expect_derived(plans);
	assert_int_equal(conversion_run(plans->down, &held, &is), 0);
	assert_int_equal(is, 1);
	assert_int_equal(conversion_run(plans->up, &is, &again), 0);
	assert_int_equal(again, talking);
	plans->new.rules =
	    (const char *const[]){ "state HELD as RINGING", NULL };
	expect_refused(plans,
	    "field 'state': symbol 'HELD' has no image and no_way_back does "
	    "not list it");
	plans->new.rules =
	    (const char *const[]){ "state MOVED as TALKING", NULL };
	expect_refused(plans,
	    "a rule is 'state MOVED as TALKING', want an enum, a symbol of "
	    "it, 'as' and the older release's word for that");
}

/* What was in use would be in use no more, or be another's. */
static void
u5_what_counts_or_tags_comes_from_what_did(void **state)
{
	struct field fields[COUNT(call_3)];
	struct plans *plans = *state;

	memcpy(fields, call_3, sizeof call_3);
	plans->new.fields = fields;
	fields[5].by = "parties_used";
	expect_refused(plans,
	    "field 'legs' is counted by 'parties_used', which does not come "
	    "from 'legs_used'");
	fields[5].by = "legs_used";
	fields[0].name = "legs_there"; /* and was not called legs_used */
	fields[5].by = "legs_there";
	plans->new.no_way_back = (const char *const[]){ "state CONF",
		"detail CONF", "legs wide", "legs.reason wide",
		"detail.TALKING wide", "overdial wide", NULL };
	expect_refused(plans,
	    "field 'legs' is counted by 'legs_there', which does not come "
	    "from 'legs_used'");
	fields[0].former = "legs_used";
	plans->new.no_way_back =
	    (const char *const[]){ "state CONF", "detail CONF", "legs wide",
		    "legs.reason wide", "detail.TALKING wide", "overdial wide",
		    "legs_there wide", NULL };
	expect_derived(plans);
	fields[1].name = "phase";
	fields[7].by = "phase";
	plans->new.no_way_back = (const char *const[]){ "detail CONF",
		"legs wide", "legs.reason wide", "detail.TALKING wide",
		"overdial wide", "legs_there wide", NULL };
	expect_refused(plans,
	    "field 'detail' is tagged by 'phase', which does not come from "
	    "'state'");
}

/* Whoever counts from now on what all was in use has to begin with all. */
static void
u5_what_begins_to_count_counts_all(void **state)
{
	static const struct field older[] = {
		{ .name = "v", .kind = FIELD_UINT, .width = 4, .length = 4 },
	};
	struct field newer[] = {
		{ .name = "v",
		    .kind = FIELD_UINT,
		    .width = 4,
		    .length = 4,
		    .by = "used" },
		{ .name = "used",
		    .initial = 3,
		    .offset = 16,
		    .kind = FIELD_UINT,
		    .width = 4 },
	};
	struct plans *plans = *state;
	const uint32_t four[4] = { 11, 22, 33, 44 };
	uint32_t there[5], back[4];

	plans->old = (struct schema){ .fields = older, .count = 1, .size = 16 };
	plans->new = (struct schema){ .fields = newer, .count = 2, .size = 20 };
	expect_refused(plans,
	    "field 'v' is counted by 'used', which begins with 3, and 4 are in "
	    "use");
	newer[1].initial = 4;
	expect_derived(plans);
	assert_int_equal(conversion_run(plans->up, four, there), 0);
	assert_int_equal(there[4], 4);
	assert_int_equal(conversion_run(plans->down, there, back), 0);
	assert_memory_equal(back, four, sizeof four);
}

/* TALKING of 2.0 is CONF where a line is set: a state that splits in two. */
static int
split(const void *from, void *to, bool down)
{
	const struct call_2 *old = from;
	struct call_3 *new = to;

	if (down)
		((struct call_2 *)to)->state =
		    ((const struct call_3 *)from)->state == 0 ? 0 : 2;
	else
		new->state = old->line_b == 7 ? 3 : 1;
	return 0;
}

static void
a_rule_leaves_a_field_to_the_hook(void **state)
{
	struct plans *plans = *state;
	const struct call_2 old = { .line_b = 7, .state = 2 };
	struct conversion_way way = { .from = &plans->old, .to = &plans->new };
	struct call_3 new;

	plans->new.rules =
	    (const char *const[]){ "state hook", "parties[0].line from line_a",
		    "parties[1].line from line_b", NULL };
	expect_refused(plans,
	    "the rules leave field 'state' to a hook and there is no "
	    "code_change");
	way.hook = split;
	assert_int_equal(
	    conversion_alloc(&plans->up, &way, plans->why, sizeof plans->why),
	    0);
	assert_int_equal(conversion_run(plans->up, &old, &new), 0);
	assert_int_equal(new.state, 3);
	assert_int_equal(new.parties[1].line, 7);
	assert_int_equal(
	    conversion_compose(&plans->down, plans->up, plans->up), -EINVAL);
}

/* Where 2.0 has it, it comes from there; the hook is for older releases. */
static void
a_hook_gives_way_to_the_old_place(void **state)
{
	struct plans *plans = *state;
	const struct call_2 old = { .line_b = 7, .state = 0, .overdial = 9 };
	struct conversion_way way = {
		.from = &plans->old, .to = &plans->new, .hook = split
	};
	struct call_3 new;

	plans->new.rules = (const char *const[]){ "overdial hook",
		"overdial from overdial", "parties[0].line from line_a",
		"parties[1].line from line_b", NULL };
	assert_int_equal(
	    conversion_alloc(&plans->up, &way, plans->why, sizeof plans->why),
	    0);
	assert_int_equal(conversion_run(plans->up, &old, &new), 0);
	assert_int_equal(new.overdial, 9);
}

static void
u22_numbers_on_their_way_keep_their_meaning(void **state)
{
	static const struct field body[] = {
		{ .name = "line", .kind = FIELD_UINT, .width = 4 }
	};
	static const struct field wider[] = {
		{ .name = "line", .kind = FIELD_UINT, .width = 8 }
	};
	struct field messages[] = { { .name = "PICKUP",
	    .kind = FIELD_RECORD,
	    .offset = EVENT_PRIVATE,
	    .width = 4,
	    .count = 1,
	    .fields = body } };
	struct field other = messages[0];
	struct plans *plans = *state;

	plans->old.timers = "T301 T303";
	plans->new.timers = "T301 Tcw";
	expect_refused(
	    plans, "timer 'Tcw' takes number 1, which was that of 'T303'");
	plans->new.timers = "T303 T301";
	expect_refused(plans, "timer 'T301' has number 0 and then 1");
	plans->new.timers = "T301 T303 Tcw";
	plans->old.messages = messages;
	plans->old.message_count = 1;
	plans->new.messages = &other;
	plans->new.message_count = 1;
	expect_derived(plans);
	assert_int_equal(conversion_summary(plans->down)->timers, 1);
	other.fields = wider;
	other.width = 8;
	expect_refused(plans, "message 'PICKUP' has changed its layout");
	other = messages[0];
	other.offset++;
	expect_refused(
	    plans, "message 'PICKUP' has number 0x1000, and 'PICKUP' 0x1001");
	plans->new.message_count = 0;
	expect_derived(plans);
	assert_int_equal(conversion_summary(plans->up)->messages, 1);
}

/* Two names of one length, looked for so that FNV-1a takes both alike. */
static void
u5_two_formats_of_one_fingerprint_are_refused(void **state)
{
	struct field one = {
		.name = "EHID2P7DFfU1PG", .kind = FIELD_UINT, .width = 8
	};
	struct field other = {
		.name = "G9rHCtyNHgpk0H", .kind = FIELD_UINT, .width = 8
	};
	struct plans *plans = *state;

	plans->old = (struct schema){ .size = 8, .count = 1, .fields = &one };
	plans->new = (struct schema){ .size = 8, .count = 1, .fields = &other };
	assert_true(
	    schema_fingerprint(&plans->old) == schema_fingerprint(&plans->new));
	assert_false(schema_is_same(&plans->old, &plans->new));
	expect_refused(
	    plans, "the two formats differ and have one fingerprint");
	one.name = other.name;
	expect_derived(plans);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(values_find_their_way_through_records),
		TEST(u18_counts_branches_and_symbols_pin),
		TEST(u10_a_branch_gets_its_own_back_only),
		TEST(u5_what_has_no_image_must_be_listed),
		TEST(u5_what_counts_or_tags_comes_from_what_did),
		TEST(u5_what_begins_to_count_counts_all),
		TEST(a_rule_clamps_what_does_not_fit),
		TEST(a_rule_leaves_a_field_to_the_hook),
		TEST(a_rule_has_the_older_word_for_a_symbol),
		TEST(a_hook_gives_way_to_the_old_place),
		TEST(u22_numbers_on_their_way_keep_their_meaning),
		TEST(u5_two_formats_of_one_fingerprint_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
