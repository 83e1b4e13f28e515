/*
 * What is to be done so that an office becomes another one, by what its config
 * said and says.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/command.h"
#include "sim/office_data.h"
#include "sim/reload_plan.h"
#include "switch/object.h"

/* Lines, each ended by a newline. */
static struct office_data *
data_of(const char *text)
{
	struct office_data *data;
	char line[256];
	size_t length;

	assert_int_equal(office_data_alloc(&data), 0);
	for (; *text != '\0'; text += length + 1) {
		length = strcspn(text, "\n");
		(void)snprintf(line, sizeof line, "%.*s", (int)length, text);
		assert_int_equal(office_data_add_line(data, line), 0);
	}
	return data;
}

static void
write_steps(const struct reload_plan *plan, FILE *out)
{
	static const char *const verbs[] = { "do", "have", "more", "draft",
		"swap", "record", "withdraw" };
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count, word;
	uint32_t i;

	for (i = 0; i < plan->count; i++) {
		count = office_data_words(plan->words, i, words);
		(void)fputs(verbs[plan->steps[i].verb], out);
		for (word = 0; word < count; word++)
			(void)fprintf(out, " %s", words[word]);
		(void)fputc('\n', out);
	}
	for (i = 0; i < office_data_count(plan->left); i++) {
		(void)office_data_words(plan->left, i, words);
		(void)fprintf(out, "left %s\n", words[0]);
	}
}

struct change {
	const char *before, *now, *by_hand, *steps;
};

static void
expect(const struct change *change, struct reload_plan *ret_plan)
{
	struct office_data *before = data_of(change->before);
	struct office_data *now = data_of(change->now);
	struct office_data *by_hand =
	    data_of(change->by_hand == NULL ? "" : change->by_hand);
	const struct reload_words words = { before, now, by_hand };
	struct reload_plan plan;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	assert_int_equal(reload_plan_make(&plan, &words), 0);
	assert_non_null(out);
	write_steps(&plan, out);
	(void)fclose(out);
	assert_string_equal(text, change->steps);
	free(text);
	if (ret_plan != NULL)
		*ret_plan = plan;
	else
		reload_plan_done(&plan);
	office_data_free(&before);
	office_data_free(&now);
	office_data_free(&by_hand);
}

static void
what_is_the_same_is_nothing_to_do(void **state)
{
	static const char text[] =
	    "tariff town -setup 1\ntariff town -days sat\n"
	    "account anna\ntrunk T1 3\n"
	    "lines 1000-1099 -tariff town\n"
	    "service 1000-1009 cfu 1050\n"
	    "route 08 T1\nport 1001 1002\n"
	    "timer T301 9s\ngate -live 9\nmodule call\n";

	(void)state;
	expect(&(struct change){ text, text, NULL, "" }, NULL);
	expect(&(struct change){ "", "", text, "" }, NULL);
	expect(&(struct change){ "lines 1000-1099\n",
		   "lines 1000-1049\nlines 1050-1099\n", NULL, "" },
	    NULL);
	expect(&(struct change){ "phase a\nexpect call c\nnote b\n", "note c\n",
		   NULL, "" },
	    NULL);
}

static void
ranges_are_compared_number_by_number(void **state)
{
	struct reload_plan plan;

	(void)state;
	expect(&(struct change){ "lines 1000-1099\nlines *10-*19\n",
		   "lines 1000-1009\nlines 1010-1019 -kind isdn\n"
		   "lines 1030-1109\nlines *15-*16\nlines 020\n",
		   NULL,
		   "have lines 020-020\n"
		   "have lines 1010-1019 -kind isdn\n"
		   "have lines 1100-1109\n"
		   "withdraw lines *10-*14\n"
		   "withdraw lines *17-*19\n"
		   "withdraw lines 1020-1029\n" },
	    &plan);
	assert_int_equal(plan.changes[RELOAD_lines][RELOAD_ADDED], 11);
	assert_int_equal(plan.changes[RELOAD_lines][RELOAD_CHANGED], 10);
	assert_int_equal(plan.changes[RELOAD_lines][RELOAD_WITHDRAWN], 18);
	reload_plan_done(&plan);
}

/* Of several services of one kind the last counts, of bars all. */
static void
services_are_compared_by_what_lines_have(void **state)
{
	(void)state;
	expect(&(struct change){ "service 1000-1009 cfu 1050\n"
				 "service 1003 cfu off\n",
		   "service 1000-1009 cfu 1051\nservice 1002-1003 cfu 1050\n"
		   "service 1009 cfu off\n",
		   NULL,
		   "do service 1000-1001 cfu 1051\n"
		   "do service 1003-1003 cfu 1050\n"
		   "do service 1004-1008 cfu 1051\n"
		   "do service 1009-1009 cfu off\n" },
	    NULL);
	expect(
	    &(struct change){ "service 1000-1001 bar-out 08\n"
			      "service 1001 bar-out 09\n",
		"service 1000-1001 bar-out 08\nservice 1001 bar-out 07\n", NULL,
		"do service 1001-1001 bar-out off\n"
		"do service 1001-1001 bar-out 08\n"
		"do service 1001-1001 bar-out 07\n" },
	    NULL);
}

static void
what_is_needed_comes_first_and_goes_last(void **state)
{
	static const char one[] = "tariff a -setup 1\nlines 1000 -tariff a\n"
				  "trunk T1 2\nroute 08 T1 -tariff a\n"
				  "timer T301 9s\n";

	(void)state;
	expect(&(struct change){ "", one, NULL,
		   "have tariff a -setup 1\n"
		   "have trunk T1 2\n"
		   "have lines 1000-1000 -tariff a\n"
		   "record route 08 T1 -tariff a\n"
		   "draft route 08 T1 -tariff a\n"
		   "swap route\n"
		   "do timer T301 9s\n" },
	    NULL);
	expect(&(struct change){ one, "", NULL,
		   "withdraw route 08 T1 -tariff a\n"
		   "swap route\n"
		   "withdraw lines 1000-1000 -tariff a\n"
		   "withdraw timer T301 9s\n"
		   "withdraw trunk T1 2\n"
		   "withdraw tariff a -setup 1\n" },
	    NULL);
}

/* All of its bands; and of a prefix all targets, in their order. */
static void
what_has_parts_is_said_whole(void **state)
{
	(void)state;
	expect(&(struct change){ "tariff a -setup 1\ntariff a -days sat\n",
		   "tariff a -setup 2\ntariff a -days sat\n", NULL,
		   "have tariff a -setup 2\n"
		   "more tariff a -days sat\n" },
	    NULL);
	expect(&(struct change){ "route 08 T1\nroute 09 T1\nroute 08 T2\n",
		   "route 08 T2\nroute 09 T1\nroute 08 T1\n", "route 07 T1\n",
		   "record route 08 T2\n"
		   "record route 08 T1\n"
		   "draft route 08 T2\n"
		   "draft route 09 T1\n"
		   "draft route 08 T1\n"
		   "draft route 07 T1\n"
		   "swap route\n" },
	    NULL);
}

static void
what_is_by_hand_stays(void **state)
{
	(void)state;
	expect(&(struct change){ "lines 1000-1009\ntimer T301 9s\n",
		   "lines 1000-1009\nlines 2005-2006 -kind isdn\n",
		   "lines 2000-2009\ntimer T301 3s\n",
		   "have lines 2005-2006 -kind isdn\n"
		   "do timer T301 3s\n" },
	    NULL);
}

static void
what_cannot_be_replaced_is_named_once(void **state)
{
	(void)state;
	expect(&(struct change){ "module call 1.0\nseed 1\n",
		   "module call 2.0\nseed 1\ntraffic a\ntraffic b\n", NULL,
		   "left module\nleft traffic\n" },
	    NULL);
}

static void
without_memory_there_is_no_plan(void **state)
{
	struct office_data *before = data_of("lines 1000-1009\nroute 08 T1\n");
	struct office_data *now =
	    data_of("lines 1001-1009\nservice 1001 cfu 1002\nroute 09 T1\n");
	struct office_data *by_hand = data_of("");
	const struct reload_words words = { before, now, by_hand };
	struct reload_plan plan;
	long n;

	(void)state;
	for (n = 0;; n++) {
		object_fail_after(n);
		if (reload_plan_make(&plan, &words) == 0)
			break;
		assert_null(plan.words);
	}
	object_fail_after(-1);
	assert_true(n > 5);
	reload_plan_done(&plan);
	office_data_free(&before);
	office_data_free(&now);
	office_data_free(&by_hand);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_the_same_is_nothing_to_do),
		cmocka_unit_test(ranges_are_compared_number_by_number),
		cmocka_unit_test(services_are_compared_by_what_lines_have),
		cmocka_unit_test(what_is_needed_comes_first_and_goes_last),
		cmocka_unit_test(what_has_parts_is_said_whole),
		cmocka_unit_test(what_is_by_hand_stays),
		cmocka_unit_test(what_cannot_be_replaced_is_named_once),
		cmocka_unit_test(without_memory_there_is_no_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
