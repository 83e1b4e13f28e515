/* That the tree is told as it is: what runs, what does not, and how often. */
#include "sim/operator/console_tree.h"

#include "tests/conformance/family_world.h"

#include <stdio.h>

/* Both forms of it. */
static void
look(struct family_world *family, char **json, char **drawn)
{
	size_t length;
	FILE *out = open_memstream(json, &length);
	FILE *text = open_memstream(drawn, &length);

	assert_non_null(out);
	assert_non_null(text);
	console_tree(family->world.scheduler, family->root, out, text);
	fclose(out);
	fclose(text);
}

static void
shows(struct family_world *family, const char *drawn, const char *json)
{
	char *seen_json, *seen_drawn;

	look(family, &seen_json, &seen_drawn);
	assert_string_equal(seen_drawn, drawn);
	assert_string_equal(seen_json, json);
	free(seen_json);
	free(seen_drawn);
}

static void
begin(struct family_world *family)
{
	const struct child_spec below[] = { kid("c", RESTART_PERMANENT) };
	const struct child_spec kids[] = { kid("a", RESTART_PERMANENT),
		sub("low", RESTART_PERMANENT), kid("b", RESTART_PERMANENT) };
	struct supervisor_flags flags = one_for_one;

	flags.retry_ms = 100;
	flags.retry_cap_ms = 10000;
	assert_int_equal(define(family, "low", flags, 1, below), 0);
	start(family, flags, 3, kids);
}

static void
what_runs_is_told_with_its_restarts(void **state)
{
	struct family_world *family = *state;

	begin(family);
	tell(family, "c", END_ERROR);
	shows(family,
	    "root  3 running, 0 restarts\n"
	    "├─ a\n"
	    "├─ low  1 running, 1 restart\n"
	    "│  └─ c\n"
	    "└─ b\n",
	    "\"tree\":{\"name\":\"root\",\"state\":\"running\",\"active\":3,"
	    "\"restarts\":0,\"children\":[{\"name\":\"a\",\"state\":"
	    "\"running\"},{\"name\":\"low\",\"state\":\"running\",\"active\":1,"
	    "\"restarts\":1,\"children\":[{\"name\":\"c\",\"state\":\"running\""
	    "}]},{\"name\":\"b\",\"state\":\"running\"}]}");
}

static void
what_does_not_run_is_marked(void **state)
{
	struct family_world *family = *state;

	begin(family);
	plan(family, 'b', 2, ALWAYS, -ECONNREFUSED);
	tell(family, "b", END_ERROR);
	shows(family,
	    "root  2 running, 1 restart\n"
	    "├─ a\n"
	    "├─ low  1 running, 0 restarts\n"
	    "│  └─ c\n"
	    "└─ b  ! restarting\n",
	    "\"tree\":{\"name\":\"root\",\"state\":\"running\",\"active\":2,"
	    "\"restarts\":1,\"children\":[{\"name\":\"a\",\"state\":"
	    "\"running\"},{\"name\":\"low\",\"state\":\"running\",\"active\":1,"
	    "\"restarts\":0,\"children\":[{\"name\":\"c\",\"state\":\"running\""
	    "}]},{\"name\":\"b\",\"state\":\"restarting\"}]}");
}

static void
a_root_that_has_given_up_is_down(void **state)
{
	struct family_world *family = *state;

	begin(family);
	tell(family, "a", END_ERROR);
	tell(family, "a", END_ERROR); /* more than its intensity */
	shows(family, "root  ! down  0 running, 0 restarts\n",
	    "\"tree\":{\"name\":\"root\",\"state\":\"down\",\"active\":0,"
	    "\"restarts\":0,\"children\":[]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_runs_is_told_with_its_restarts, family_set_up,
		    family_tear_down),
		cmocka_unit_test_setup_teardown(what_does_not_run_is_marked,
		    family_set_up, family_tear_down),
		cmocka_unit_test_setup_teardown(
		    a_root_that_has_given_up_is_down, family_set_up,
		    family_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
