/* Ladders of calls, as they are drawn. */
#include "calls/database/ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "calls/exchange/call_event.h"

struct drawn {
	struct ladder *ladder;
	char *text;
	size_t size;
};

static void
begin(struct drawn *drawn)
{
	memset(drawn, 0, sizeof *drawn);
	assert_int_equal(ladder_alloc(&drawn->ladder), 0);
}

/* One after the other, as they are given. */
static void
add(struct drawn *drawn, uint64_t call, uint64_t at, enum call_event_way way,
    const char *party, const char *event, const char *text)
{
	struct call_event record = {
		.call = call, .at = at * 1000, .way = (uint8_t)way
	};

	record.order = ladder_count(drawn->ladder) + 1;
	(void)snprintf(record.port, sizeof record.port, "%s", party);
	(void)snprintf(record.event, sizeof record.event, "%s", event);
	(void)snprintf(record.text, sizeof record.text, "%s", text);
	if (strcmp(event, "upgrade") == 0)
		(void)snprintf(
		    record.version, sizeof record.version, "%s", text);
	assert_int_equal(ladder_add(drawn->ladder, &record), 0);
}

/* 1001 calls 1002. */
static void
add_call(struct drawn *drawn, uint64_t call, const char *name, const char *one,
    const char *other)
{
	assert_int_equal(ladder_call(drawn->ladder, call, name), 0);
	add(drawn, call, 0, CALL_EVENT_in, "supervisor", "start", "1.0");
	add(drawn, call, 0, CALL_EVENT_in, one, "setup", other);
	add(drawn, call, 0, CALL_EVENT_out, "exchange", "seize", other);
	add(drawn, call, 0, CALL_EVENT_out, other, "setup", "");
	add(drawn, call, 0, CALL_EVENT_of, "", "state", "presented");
}

enum drawing { TEXT, SVG, MERMAID };

static const char *
draw(struct drawn *drawn, enum drawing drawing, unsigned int width)
{
	FILE *out;

	free(drawn->text);
	out = open_memstream(&drawn->text, &drawn->size);
	assert_non_null(out);
	if (drawing == TEXT)
		ladder_text(drawn->ladder, out, width);
	else if (drawing == SVG)
		ladder_svg(drawn->ladder, out, "Is it so?");
	else
		ladder_mermaid(drawn->ladder, out, "Is it so?");
	assert_int_equal(fclose(out), 0);
	return drawn->text;
}

static void
end(struct drawn *drawn)
{
	free(drawn->text);
	ladder_free(&drawn->ladder);
}

static void
has(const char *text, const char *words)
{
	if (strstr(text, words) == NULL)
		fail_msg("'%s' is not in:\n%s", words, text);
}

static size_t
widest(const char *text)
{
	size_t most = 0, length;

	for (; *text != '\0'; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		most = length > most ? length : most;
	}
	return most;
}

static void
lines_stand_as_far_apart_as_their_words_want(void **state)
{
	struct drawn drawn;

	(void)state;
	begin(&drawn);
	add_call(&drawn, 1, "c", "1001", "1002");
	add(&drawn, 1, 1500, CALL_EVENT_of, "", "upgrade", "2.0");
	assert_string_equal(draw(&drawn, TEXT, 0),
	    "\n"
	    "      at s supervisor   exchange   1001          call c     1002\n"
	    "     0.000      |-------------start 1.0------------>|         |\n"
	    "                |           |        |--setup 1002->|         |\n"
	    "                |           |<------seize 1002------|         |\n"
	    "                |           |        |              |--setup->|\n"
	    "                |           |        |          presented     |\n"
	    "     1.500      ================= upgrade 2.0 "
	    "=================\n");
	end(&drawn);
}

/* Whatever it takes: shorter arrows, or none. */
static void
no_row_is_wider_than_the_terminal(void **state)
{
	struct drawn drawn;
	char number[8];
	unsigned int i, width;

	(void)state;
	begin(&drawn);
	add_call(&drawn, 1, "consultation", "1001", "1002");
	for (i = 0; i < 8; i++) {
		(void)snprintf(number, sizeof number, "10%02u", i);
		add(&drawn, 1, i, CALL_EVENT_out, number, "release-complete",
		    "for good");
	}
	for (width = 40; width < 200; width += 3)
		if (widest(draw(&drawn, TEXT, width)) > width)
			fail_msg("%u columns: one has %zu\n%s", width,
			    widest(drawn.text), drawn.text);
	has(draw(&drawn, TEXT, 90), "release-complete for good\n");
	has(draw(&drawn, TEXT, 60),
	    "     0.007  call consultation to 1007: release-complete f...\n");
	end(&drawn);
}

static void
forty_parties_can_be_read(void **state)
{
	struct drawn drawn;
	char number[8];
	unsigned int i;

	(void)state;
	begin(&drawn);
	assert_int_equal(ladder_call(drawn.ladder, 1, "c"), 0);
	for (i = 0; i < 40; i++) {
		(void)snprintf(number, sizeof number, "10%02u", i);
		add(&drawn, 1, i, CALL_EVENT_in, number, "answer", "");
	}
	has(draw(&drawn, TEXT, 80), "\n     0.039  1039 to call c: answer\n");
	has(draw(&drawn, SVG, 0), ">1039</text>");
	has(draw(&drawn, MERMAID, 0), "p40->>p1: 0.039 s answer\n");
	end(&drawn);
}

static void
calls_of_one_party_are_drawn_together(void **state)
{
	struct drawn drawn;
	const char *text;

	(void)state;
	begin(&drawn);
	add_call(&drawn, 1, "a", "1001", "1002");
	add_call(&drawn, 2, "b", "1001", "1003");
	add_call(&drawn, 3, "z", "1008", "1009");
	/* until here both live */
	add(&drawn, 1, 9, CALL_EVENT_of, "", "state", "ended");
	add(&drawn, 2, 9, CALL_EVENT_of, "", "state", "ended");
	add(&drawn, 1, 9, CALL_EVENT_of, "", "upgrade", "2.0");
	add(&drawn, 2, 9, CALL_EVENT_of, "", "upgrade", "2.0");
	text = draw(&drawn, TEXT, 0);
	has(text, "1001          call a     1002   call b     1003\n");
	text = strstr(text, "\n\n");
	assert_non_null(text);
	has(text, "1008          call z     1009\n");
	assert_null(strstr(text, "call b"));
	/* of both, and drawn once */
	text = strstr(drawn.text, "upgrade 2.0");
	assert_non_null(text);
	assert_null(strstr(text + 1, "upgrade 2.0"));
	end(&drawn);
}

/* A later call of the same line has a page of its own. */
static void
calls_one_after_the_other_are_drawn_apart(void **state)
{
	struct drawn drawn;

	(void)state;
	begin(&drawn);
	add_call(&drawn, 1, "a", "1001", "1002");
	add_call(&drawn, 2, "b", "1001", "1003");
	assert_non_null(strstr(draw(&drawn, TEXT, 0) + 1, "\n\n      at s"));
	end(&drawn);
}

static void
phases_stand_where_they_began(void **state)
{
	struct drawn drawn;

	(void)state;
	begin(&drawn);
	assert_int_equal(ladder_phase(drawn.ladder, 0, 0, "too early"), 0);
	assert_int_equal(ladder_phase(drawn.ladder, 0, 0, "dialling"), 0);
	add_call(&drawn, 1, "a", "1001", "1002");
	assert_int_equal(ladder_phase(drawn.ladder, 5000, 0, "the end"), 0);
	add(&drawn, 1, 9, CALL_EVENT_of, "", "state", "ended");
	assert_int_equal(ladder_phase(drawn.ladder, 20000, 0, "too late"), 0);
	has(draw(&drawn, TEXT, 0),
	    "     0.005      ................... the end .....");
	has(draw(&drawn, TEXT, 0), "\n     0.009");
	assert_null(strstr(drawn.text, "too late"));
	assert_null(strstr(drawn.text, "too early"));
	has(drawn.text, " dialling ");
	has(draw(&drawn, SVG, 0), ">the end</text>");
	has(draw(&drawn, MERMAID, 0), "0.005 s phase the #101;nd\n");
	end(&drawn);
}

/* What has come before a phase stands before it, also at the same moment. */
static void
phases_stand_between_the_events_of_their_moment(void **state)
{
	struct drawn drawn;
	const char *text;

	(void)state;
	begin(&drawn);
	add_call(&drawn, 1, "a", "1001", "1002"); /* five events */
	add(&drawn, 1, 0, CALL_EVENT_in, "1002", "answer", "");
	assert_int_equal(ladder_phase(drawn.ladder, 0, 5, "they talk"), 0);
	assert_int_equal(ladder_phase(drawn.ladder, 0, 5, "and talk"), 0);
	text = strstr(draw(&drawn, TEXT, 0), "presented");
	assert_non_null(text);
	text = strstr(text, " they talk ");
	assert_non_null(text);
	text = strstr(text, " and talk ");
	assert_non_null(text);
	has(text, "answer");
	end(&drawn);
}

/* The colour is of the version, whichever of its calls had it first. */
static void
a_version_has_one_colour(void **state)
{
	struct drawn drawn;
	const char *text;

	(void)state;
	begin(&drawn);
	assert_int_equal(ladder_call(drawn.ladder, 1, "a"), 0);
	add(&drawn, 1, 0, CALL_EVENT_of, "", "upgrade", "1.0");
	add(&drawn, 1, 0, CALL_EVENT_in, "1001", "setup", "");
	add(&drawn, 1, 1, CALL_EVENT_of, "", "upgrade", "2.0");
	add(&drawn, 1, 2, CALL_EVENT_of, "", "upgrade", "1.0");
	add(&drawn, 1, 3, CALL_EVENT_in, "1001", "onhook", "");
	assert_int_equal(ladder_call(drawn.ladder, 2, "b"), 0);
	add(&drawn, 2, 1, CALL_EVENT_of, "", "upgrade", "2.0");
	add(&drawn, 2, 3, CALL_EVENT_in, "1002", "setup", "");
	add(&drawn, 2, 4, CALL_EVENT_in, "1002", "onhook", "");
	text = draw(&drawn, SVG, 0);
	assert_null(strstr(text, "class=\"v2\""));
	text = strstr(text, ">1002</text>");
	assert_non_null(text);
	has(text, "class=\"v1\"");
	assert_null(strstr(text, "class=\"v0\""));
	end(&drawn);
}

static void
what_a_format_keeps_for_itself_is_escaped(void **state)
{
	struct drawn drawn;

	(void)state;
	begin(&drawn);
	add_call(&drawn, 1, "c", "<&\">", "a#b;c:d");
	has(draw(&drawn, SVG, 0), ">&lt;&amp;&quot;&gt;</text>");
	has(draw(&drawn, MERMAID, 0), " as #60;&#34;#62;\n");
	has(drawn.text, " as a#35;b#59;c#58;d\n");
	has(drawn.text, "sequenceDiagram\n    accTitle: Is it so?\n");
	end(&drawn);
}

static void
a_picture_is_for_light_and_dark_and_can_be_read_aloud(void **state)
{
	struct drawn drawn;

	(void)state;
	begin(&drawn);
	add_call(&drawn, 1, "c", "1001", "1002");
	add(&drawn, 1, 5, CALL_EVENT_of, "", "fault", "SIGSEGV");
	add(&drawn, 1, 5, CALL_EVENT_of, "", "upgrade", "2.0");
	has(draw(&drawn, SVG, 0), "<title id=\"title\">Is it so?</title>");
	has(drawn.text, "role=\"img\" aria-labelledby=\"title\"");
	has(drawn.text, "@media(prefers-color-scheme:dark)");
	has(drawn.text, ">fault SIGSEGV</text>");
	has(drawn.text, ">upgrade 2.0</text>");
	has(drawn.text, ">0.005 s</text>");
	end(&drawn);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_stand_as_far_apart_as_their_words_want),
		cmocka_unit_test(no_row_is_wider_than_the_terminal),
		cmocka_unit_test(forty_parties_can_be_read),
		cmocka_unit_test(calls_of_one_party_are_drawn_together),
		cmocka_unit_test(calls_one_after_the_other_are_drawn_apart),
		cmocka_unit_test(phases_stand_where_they_began),
		cmocka_unit_test(
		    phases_stand_between_the_events_of_their_moment),
		cmocka_unit_test(a_version_has_one_colour),
		cmocka_unit_test(what_a_format_keeps_for_itself_is_escaped),
		cmocka_unit_test(
		    a_picture_is_for_light_and_dark_and_can_be_read_aloud),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
