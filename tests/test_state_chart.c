/* What state_chart.h promises: a table goes through a text and comes out as it
 * was, and what is no such text is refused. */
#include "upgrade/state_chart.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const struct row_words *words;
	uint64_t other;
};

static const struct row idle_rows[] = {
	{ &(const struct row_words){
	      "T1", "SIGNAL_OFFHOOK", "A", "NULL", "listen", "busy", "NONE" },
	    1 },
};

static const struct row busy_rows[] = {
	{ &(const struct row_words){
	      "T2", "ON_GONE", "NONE", "is_so", "part", "idle", "NORMAL" },
	    1 },
	{ &(const struct row_words){
	      "a\tb\n", "ON(T1)", "NONE", NULL, "NULL", "same", "NONE" },
	    1 },
};

static const struct state_table states[] = {
	{ idle_rows, 1, sizeof(struct row), 0, 0 },
	{ busy_rows, 2, sizeof(struct row), 3, 1U << 1 | 1U << 3 },
	{ NULL, 0, 0, 0, 0 }, /* of a later release: it has no name here */
	{ NULL, 0, 0, 0, 0 }, /* of any */
};

static const struct field fields[] = {
	{ .name = "state",
	    .former = "",
	    .symbols = "idle busy",
	    .kind = FIELD_ENUM,
	    .width = 1 },
};

static const struct module module = {
	.schema = { .fields = fields,
	    .count = 1,
	    .size = 1,
	    .timers = "T301 T302 T303" },
	.states = states,
	.states_count = 4,
};

static void
a_table_comes_out_of_its_text_as_it_was(void **state)
{
	static char text[STATE_CHART_TEXT];
	struct state_chart *chart = NULL;

	(void)state;
	assert_int_equal(state_chart_write(&module, text, sizeof text), 0);
	assert_int_equal(state_chart_read(&chart, text), 0);
	assert_int_equal(chart->count, 3);
	assert_string_equal(chart->states[0].name, "idle");
	assert_int_equal(chart->states[0].count, 1);
	assert_string_equal(chart->states[0].timers, "");
	assert_string_equal(chart->states[0].rows[0].action, "listen");
	assert_string_equal(chart->states[1].name, "busy");
	assert_int_equal(chart->states[1].parties, 3);
	assert_string_equal(chart->states[1].timers, "T301 T303");
	assert_int_equal(chart->states[1].count, 2);
	assert_string_equal(chart->states[1].rows[0].cause, "NORMAL");
	assert_string_equal(chart->states[1].rows[1].number, "a?b?");
	assert_string_equal(chart->states[1].rows[1].guard, "");
	assert_string_equal(chart->states[2].name, "any");
	state_chart_free(&chart);
	assert_null(chart);
}

static void
what_does_not_fit_or_is_not_there_is_told(void **state)
{
	struct module silent = module;
	char text[40];

	(void)state;
	assert_int_equal(
	    state_chart_write(&module, text, sizeof text), -ENOSPC);
	silent.states = NULL;
	assert_int_equal(
	    state_chart_write(&silent, text, sizeof text), -ENOENT);
	silent = module;
	silent.schema.count = 0; /* no field `state` */
	assert_int_equal(
	    state_chart_write(&silent, text, sizeof text), -ENOENT);
}

static void
what_is_no_table_is_refused(void **state)
{
	static const char *const texts[] = { "", "\n", "state\n",
		"state\ta\t0\t", "state\ta\tx\t\n", "states\ta\t0\t\n",
		"row\t1\t2\t3\t4\t5\t6\t7\n",
		"state\ta\t0\t\nrow\t1\t2\t3\t4\t5\t6\n",
		"state\ta\t0\t\nrow\t1\t2\t3\t4\t5\t6\t7\t8\n" };
	struct state_chart *chart = NULL;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_int_equal(state_chart_read(&chart, texts[i]), -EBADMSG);
		assert_null(chart);
	}
}

static void
too_many_states_are_refused(void **state)
{
	static char text[STATE_CHART_TEXT];
	struct state_chart *chart = NULL;
	size_t at = 0;
	int i;

	(void)state;
	for (i = 0; i < STATE_CHART_STATES; i++)
		at += (size_t)snprintf(
		    text + at, sizeof text - at, "state\ts%d\t0\t\n", i);
	assert_int_equal(state_chart_read(&chart, text), 0);
	state_chart_free(&chart);
	(void)snprintf(text + at, sizeof text - at, "state\tmore\t0\t\n");
	assert_int_equal(state_chart_read(&chart, text), -EBADMSG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_comes_out_of_its_text_as_it_was),
		cmocka_unit_test(what_does_not_fit_or_is_not_there_is_told),
		cmocka_unit_test(what_is_no_table_is_refused),
		cmocka_unit_test(too_many_states_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
