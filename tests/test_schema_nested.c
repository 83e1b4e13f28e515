/* Arrays, records, unions and messages of a schema: a sound table of them
 * passes, and each way of being wrong has its own clause. */
#include "upgrade/schema.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TAG, USED, LEGS, DETAIL, FIELDS };

/* A state of 16 bytes that a test may damage. */
struct table {
	struct field leg[2], setup[1], talk[2], branch[2], fields[FIELDS];
	struct field body[1], messages[2];
	struct schema schema;
	char why[256];
};

static int
setup(void **state)
{
	static struct table table;
	struct table *t = &table;
	static const struct field leg[] = {
		{ "line", "", "", 0, 0, FIELD_UINT, .width = 1, .by = "" },
		{ "tone", "", "", 0, 1, FIELD_UINT, .width = 1, .by = "" },
	};
	static const struct field word[] = {
		{ "digits", "", "", 0, 0, FIELD_UINT, .width = 8, .by = "" },
	};
	static const struct field talk[] = {
		{ "since", "", "", 0, 0, FIELD_UINT, .width = 4, .by = "" },
		{ "pulses", "", "", 0, 4, FIELD_UINT, .width = 4, .by = "" },
	};
	const struct field branch[] = {
		{ "SETUP", "", "", 0, 0, FIELD_RECORD, 8, 0, 1, t->setup, "" },
		{ "TALK", "", "", 0, 0, FIELD_RECORD, 8, 0, 2, t->talk, "" },
	};
	const struct field fields[] = {
		{ "tag", "", "SETUP TALK", 0, 0, FIELD_ENUM, 1, .by = "" },
		{ "used", "", "", 0, 1, FIELD_UINT, .width = 1, .by = "" },
		{ "legs", "", "", 0, 2, FIELD_RECORD, 2, 3, 2, t->leg, "used" },
		{ "detail", "", "", 0, 8, FIELD_UNION, 8, 0, 2, t->branch,
		    "tag" },
	};
	const struct field messages[] = {
		{ "PICKUP", "", "", 0, EVENT_PRIVATE, FIELD_RECORD, 8, 0, 1,
		    t->body, "" },
		{ "PARK", "", "", 0, EVENT_PRIVATE + 1, FIELD_RECORD, 8, 0, 1,
		    t->body, "" },
	};

	memset(t, 0, sizeof *t);
	memcpy(t->leg, leg, sizeof leg);
	memcpy(t->setup, word, sizeof word);
	memcpy(t->body, word, sizeof word);
	memcpy(t->talk, talk, sizeof talk);
	memcpy(t->branch, branch, sizeof branch);
	memcpy(t->fields, fields, sizeof fields);
	memcpy(t->messages, messages, sizeof messages);
	t->schema = (struct schema){ .fields = t->fields,
		.timers = "T303",
		.count = FIELDS,
		.size = 16,
		.message_count = 2,
		.messages = t->messages };
	*state = t;
	return 0;
}

static void
expect_refused(struct table *t, const char *why)
{
	int error = schema_check(&t->schema, t->why, sizeof t->why);

	assert_string_equal(t->why, why);
	assert_int_equal(error, -EINVAL);
}

static void
a_sound_table_passes(void **state)
{
	struct table *t = *state;

	t->why[0] = '\0';
	if (schema_check(&t->schema, t->why, sizeof t->why) != 0)
		fail_msg("%s", t->why);
}

static void
an_array_is_counted_by_a_number_beside_it(void **state)
{
	struct table *t = *state;

	t->fields[LEGS].by = "tag";
	expect_refused(
	    t, "field 'legs' is counted by 'tag', want a uint beside it");
	t->fields[LEGS].by = "line";
	expect_refused(
	    t, "field 'legs' is counted by 'line', want a uint beside it");
}

static void
no_more_is_in_use_than_there_is(void **state)
{
	struct table *t = *state;

	t->fields[USED].initial = 4;
	expect_refused(
	    t, "field 'legs' has 3 elements, and 'used' begins with 4");
}

static void
what_is_no_array_is_not_counted(void **state)
{
	struct table *t = *state;

	t->fields[TAG].by = "used";
	expect_refused(t, "field 'tag' is counted by 'used' and is no array");
}

static void
records_and_fields_go_together(void **state)
{
	struct table *t = *state;

	t->fields[USED].fields = t->leg;
	t->fields[USED].count = 2;
	expect_refused(t, "field 'used' has fields and is no record");
	t->fields[USED].fields = NULL;
	t->fields[USED].count = 0;
	t->fields[LEGS].count = 0;
	t->fields[LEGS].fields = NULL;
	expect_refused(
	    t, "field 'legs' is a record of 0 fields, want 1 to 256");
}

static void
an_inner_field_stays_within_its_record(void **state)
{
	struct table *t = *state;

	t->leg[1].width = 2;
	expect_refused(t, "field 'tone' ends at byte 3 of a state of 2 bytes");
}

static void
a_union_is_tagged_by_an_enum_beside_it(void **state)
{
	struct table *t = *state;

	t->fields[DETAIL].by = "used";
	expect_refused(
	    t, "field 'detail' is tagged by 'used', want an enum beside it");
	t->fields[DETAIL].by = NULL;
	expect_refused(
	    t, "field 'detail' is tagged by '', want an enum beside it");
}

static void
each_branch_is_one_that_the_tag_can_say(void **state)
{
	struct table *t = *state;

	t->branch[1].name = "PARKED";
	assert_int_equal(
	    schema_check(&t->schema, t->why, sizeof t->why), -EINVAL);
	assert_non_null(strstr(
	    t->why, "field 'detail' has the branch 'PARKED', which is no "));
}

static void
branches_begin_where_their_union_does(void **state)
{
	struct table *t = *state;

	t->branch[1].width = 4;
	t->branch[1].count = 1;
	t->branch[1].offset = 4;
	expect_refused(t, "branch 'TALK' does not begin where its union does");
}

static void
u22_a_message_is_a_record_of_a_private_number(void **state)
{
	struct table *t = *state;
	char wanted[96];

	t->messages[1].kind = FIELD_UINT;
	expect_refused(t, "message 'PARK' is no record");
	t->messages[1].kind = FIELD_RECORD;
	t->messages[1].offset = 5;
	snprintf(wanted, sizeof wanted,
	    "message 'PARK' has the number 0x5, want 0x%x to 0x%x",
	    EVENT_PRIVATE, EVENT_TIMEOUT - 1);
	expect_refused(t, wanted);
}

static void
u22_no_two_messages_share_a_number_or_a_name(void **state)
{
	struct table *t = *state;

	t->messages[1].offset = EVENT_PRIVATE;
	expect_refused(
	    t, "messages 'PICKUP' and 'PARK' share a name or number");
	t->messages[1].offset = EVENT_PRIVATE + 1;
	t->messages[1].name = "PICKUP";
	expect_refused(
	    t, "messages 'PICKUP' and 'PICKUP' share a name or number");
	t->messages[1].name = "two words";
	expect_refused(t, "the name of message 1 is no word");
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_sound_table_passes),
		TEST(an_array_is_counted_by_a_number_beside_it),
		TEST(no_more_is_in_use_than_there_is),
		TEST(what_is_no_array_is_not_counted),
		TEST(records_and_fields_go_together),
		TEST(an_inner_field_stays_within_its_record),
		TEST(a_union_is_tagged_by_an_enum_beside_it),
		TEST(each_branch_is_one_that_the_tag_can_say),
		TEST(branches_begin_where_their_union_does),
		TEST(u22_a_message_is_a_record_of_a_private_number),
		TEST(u22_no_two_messages_share_a_number_or_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
