/* Files beside a scenario: the shares of a day, and durations to draw from. */
#include "sim/profile.h"

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sim/empirical.h"
#include "sim/random.h"

#define HOUR UINT64_C(3600000000)

static char folder[] = "/tmp/hotswitch-profile-XXXXXX";
static char scenario[64], file[64];

static int
set_up(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	(void)snprintf(scenario, sizeof scenario, "%s/s.tcl", folder);
	(void)snprintf(file, sizeof file, "%s/f.csv", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)unlink(file);
	return rmdir(folder);
}

static void
write_file(const char *text)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
}

static void
refused(const char *text, const char *words)
{
	struct profile *profile = NULL;
	char why[256] = "";

	write_file(text);
	assert_true(
	    profile_read(&profile, scenario, "f.csv", why, sizeof why) < 0);
	assert_null(profile);
	if (strstr(why, words) == NULL)
		fail_msg("'%s' does not say '%s'", why, words);
}

static void
a_row_holds_until_the_next(void **state)
{
	struct profile *profile;
	char why[256];
	uint64_t left;

	(void)state;
	write_file("time,share\n# a comment\n8:00,120%\n\n12:30 ; 0.5\n");
	assert_int_equal(
	    profile_read(&profile, scenario, "f.csv", why, sizeof why), 0);
	assert_true(fabs(profile_at(profile, 8 * HOUR, &left) - 1.2) < 1e-9);
	assert_int_equal(left, 9 * HOUR / 2);
	assert_true(fabs(profile_at(profile, 13 * HOUR, &left) - 0.5) < 1e-9);
	assert_int_equal(left, 19 * HOUR);
	/* before the first row that of the last, of the day before */
	assert_true(fabs(profile_at(profile, 25 * HOUR, &left) - 0.5) < 1e-9);
	assert_int_equal(left, 7 * HOUR);
	profile_free(&profile);
}

static void
what_is_no_day_is_refused(void **state)
{
	(void)state;
	refused("8:00,1\n7:00,1\n", "f.csv:2: its time is not later");
	refused("8:00,1\nnoon,1\n", "f.csv:2: expected a time of the day");
	refused("8:00,-1\n9:00,-1\n", "f.csv:2: expected a time");
	refused("8:00,0\n", "no row with a share above 0");
	refused("", "no row with a share above 0");
}

static void
only_files_of_the_folder_are_read(void **state)
{
	static const char *const names[] = { "/dev/zero", "../../dev/zero",
		"/etc/passwd", "none.csv", "." };
	struct profile *profile;
	char why[256];
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(profile_read(&profile, scenario, names[i], why,
				sizeof why) < 0);
		assert_non_null(strstr(why, names[i]));
	}
}

static void
durations_are_drawn_as_they_stand_there(void **state)
{
	struct empirical *empirical;
	struct random random;
	char why[256];
	unsigned int i, longs = 0;
	uint64_t us;

	(void)state;
	write_file("duration\n10s\n20\n");
	assert_int_equal(
	    empirical_read(&empirical, scenario, "f.csv", why, sizeof why), 0);
	assert_true(fabs(empirical_mean(empirical) - 15e6) < 1);
	random_seed(&random, 1, "test");
	for (i = 0; i < 1000; i++) {
		us = empirical_draw(empirical, &random);
		assert_true(us == 10000000 || us == 20000000);
		longs += us == 20000000;
	}
	assert_in_range(longs, 420, 580);
	empirical_free(&empirical);
	write_file("10s\nlong\n");
	assert_true(
	    empirical_read(&empirical, scenario, "f.csv", why, sizeof why) < 0);
	assert_non_null(strstr(why, "f.csv:2: 'long' is no duration"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_holds_until_the_next),
		cmocka_unit_test(what_is_no_day_is_refused),
		cmocka_unit_test(only_files_of_the_folder_are_read),
		cmocka_unit_test(durations_are_drawn_as_they_stand_there),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
