/* What prover.h promises: how each trial ends, that a time-out is one, and
 * that nothing of it stays.  Real processes, real modules. */
#include "upgrade/prover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "switch/object.h"
#include "tests/modules/counter.h"
#include "upgrade/image.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"
#define BARRED	 HOTSWITCH_RELEASES "/../../tests/releases-barred"

static int
setup(void **state)
{
	static struct prover *prover;

	prover = NULL;
	*state = &prover;
	return prover_start(&prover);
}

static int
teardown(void **state)
{
	struct prover **proverp = *state;

	prover_free(proverp);
	/* Nobody is left, dead or alive. */
	return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? 0 : -1;
}

/* How the trial of ROOT/VERSION/counter.so ends; `wanted` is a glob(7). */
static void
expect_trial(struct prover **proverp, const char *root, const char *version,
    int error, const char *wanted)
{
	const struct image_name name = {
		.root = root, .module = "counter", .version = version
	};
	char path[512], why[512] = "";
	int fd, found;

	snprintf(path, sizeof path, "%s/%s/counter.so", root, version);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	found = prover_try(*proverp, fd, &name, why, sizeof why);
	if (fnmatch(wanted, why, 0) != 0)
		assert_string_equal(why, wanted);
	assert_int_equal(found, error);
	close(fd);
}

static void
a_sound_module_passes(void **state)
{
	expect_trial(*state, RELEASES, "1.0", 0, "");
	expect_trial(*state, RELEASES, "3.0", 0, "");
}

static void
u17_what_is_wrong_is_said_in_the_words_of_the_switch(void **state)
{
	expect_trial(
	    *state, RELEASES, "broken/abi", -ENOEXEC, COUNTER_WRONG_ABI);
	expect_trial(*state, RELEASES, "broken/symbol", -ENOEXEC,
	    "it has no symbol 'hotswitch_module'");
	expect_trial(*state, RELEASES, "broken/schema", -ENOEXEC,
	    "its schema: bytes 30 to 39 of the state belong to no field");
	expect_trial(*state, RELEASES, "broken/self-test", -EBADMSG,
	    "its self_test answers 7, not 0");
	expect_trial(*state, RELEASES, "broken/undefined", -ENOEXEC,
	    "it cannot be opened: undefined symbol: nobody_has_this");
}

/* On a terminal its words would be commands. */
static void
u17_what_cannot_be_printed_is_not(void **state)
{
	expect_trial(*state, RELEASES, "broken/unprintable", -ENOEXEC,
	    "it calls itself 'add[?]er[?][[]7m', want 'counter'");
}

static void
u11_what_crashes_is_said_with_signal_and_stage(void **state)
{
	expect_trial(*state, BARRED, "faulty/constructor", -ENOEXEC,
	    "it crashes the trial: SIGILL while it is opened");
	expect_trial(*state, BARRED, "faulty/destructor", -ENOEXEC,
	    "it crashes the trial: SIGILL at 0x* while it is closed");
	expect_trial(*state, BARRED, "faulty/wild", -ENOEXEC,
	    "its schema: a table of fields lies outside of its file");
	expect_trial(*state, RELEASES, "1.0", 0, "");
}

static void
u11_what_crashes_says_where(void **state)
{
	static const char *const ways[][2] = {
		{ "crashes", "SIGSEGV at 0x*" },
		{ "aborts", "SIGABRT" },
		{ "nowhere", "SIGSEGV" },
		{ "recurses", "SIGSEGV at 0x*" },
		{ "overruns", "SIGILL" },
#ifdef __x86_64__
		{ "divides", "SIGFPE at 0x*" },
#endif
	};
	char release[64], wanted[128];
	size_t i;

	for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		snprintf(release, sizeof release, "faulty/%s", ways[i][0]);
		snprintf(wanted, sizeof wanted,
		    "it crashes the trial: %s while its self_test runs",
		    ways[i][1]);
		expect_trial(*state, BARRED, release, -EBADMSG, wanted);
	}
	expect_trial(*state, BARRED, "faulty/ends", -EBADMSG,
	    "it ends the trial with status 0 while its self_test runs");
	expect_trial(*state, RELEASES, "1.0", 0, "");
}

/* Release and call; those that instruments make themselves come last. */
static void
u17_what_asks_the_kernel_is_told_what_for(void **state)
{
	static const char *const ways[][2] = { { "executes", "execve" },
		{ "kills", "kill" }, { "listens", "socket" },
#ifndef HOTSWITCH_INSTRUMENTED
		{ "allocates", "mmap" }, { "closes", "close" },
		{ "forks", "clone" }, { "limits", "prlimit64" },
		{ "masks", "rt_sigaction" }, { "opens", "openat" },
		{ "sleeps", "pause" }, { "writes", "write" }
#endif
	};
	const struct prover *const *proverp = *state;
	char release[64], wanted[128];
	size_t i;

	if (!prover_is_filtered(*proverp))
		skip(); /* a kernel without seccomp(2) */
	for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		snprintf(release, sizeof release, "faulty/%s", ways[i][0]);
		snprintf(wanted, sizeof wanted,
		    "it makes the system call '%s' at 0x* while its self_test "
		    "runs",
		    ways[i][1]);
		expect_trial(*state, BARRED, release, -EBADMSG, wanted);
	}
	expect_trial(*state, RELEASES, "1.0", 0, "");
}

/* As expect_trial, of the plans between 1.0 and faulty/WHAT. */
static void
expect_plans(
    struct prover **proverp, const char *what, int error, const char *wanted)
{
	/* Two of 1.0: one as it is born, one that is not empty. */
	static const uint8_t states[2][24] = { { 0 },
		{ [4] = 7, [16] = 'x', 'y' } };
	struct prover_plans plans = { .module = "counter",
		.other = "1.0",
		.samples = states[0],
		.samples_size = sizeof states };
	char version[64], path[512], why[512] = "";
	int found;

	snprintf(version, sizeof version, "faulty/%s", what);
	plans.version = version;
	snprintf(path, sizeof path, "%s/%s/counter.so", BARRED, version);
	plans.fd = open(path, O_RDONLY | O_CLOEXEC);
	plans.other_fd = open(RELEASES "/1.0/counter.so", O_RDONLY | O_CLOEXEC);
	assert_true(plans.fd >= 0 && plans.other_fd >= 0);
	found = prover_try_plans(*proverp, &plans, why, sizeof why);
	if (fnmatch(wanted, why, 0) != 0)
		assert_string_equal(why, wanted);
	assert_int_equal(found, error);
	close(plans.fd);
	close(plans.other_fd);
}

static void
u1_a_hook_that_faults_is_met_before_any_call(void **state)
{
	expect_plans(*state, "crashes_up", -EINVAL,
	    "it crashes the trial: SIGSEGV at 0x* while a state of 1.0 is "
	    "converted to it (live state 1 of 2)");
	expect_plans(*state, "crashes_down", -EINVAL,
	    "it crashes the trial: SIGSEGV at 0x* while a state is converted "
	    "back to 1.0 (live state 1 of 2)");
	expect_plans(*state, "overruns_state", -EINVAL,
	    "it crashes the trial: SIGSEGV at 0x* while a state of 1.0 is "
	    "converted to it (live state 1 of 2)");
	expect_plans(*state, "loops_up", -EINVAL,
	    "it takes more than 2 s of processor time or 10 s in all while a "
	    "state of 1.0 is converted to it (live state 1 of 2)");
}

#ifndef HOTSWITCH_INSTRUMENTED
static void
u17_a_hook_that_asks_the_kernel_is_met(void **state)
{
	const struct prover *const *proverp = *state;

	if (!prover_is_filtered(*proverp))
		skip(); /* a kernel without seccomp(2) */
	expect_plans(*state, "calls", -EINVAL,
	    "it makes the system call 'getppid' at 0x* while a state of 1.0 "
	    "is converted to it (live state 1 of 2)");
}
#endif

static void
u1_a_hook_that_converts_wrongly_is_met(void **state)
{
	expect_plans(*state, "underruns", -EINVAL,
	    "live state 1 of 2 is overrun when it is converted from 1.0");
	expect_plans(*state, "spoils", -EINVAL,
	    "live state 1 of 2 is written to when it is converted from 1.0");
	expect_plans(*state, "miscounts", -EINVAL,
	    "live state 1 of 2 comes back to 1.0 with another 'ticks': 85, "
	    "not 0");
	expect_plans(*state, "unchecked", -EINVAL,
	    "live state 2 of 2 does not pass its check when it is converted "
	    "from 1.0");
}

/* A hook's no is for the upgrade to count, call by call. */
static void
u1_a_hook_that_refuses_is_let_in(void **state)
{
	expect_plans(*state, "refuses", 0, "");
}

static void
u14_what_would_stay_is_refused(void **state)
{
	expect_trial(*state, BARRED, "faulty/nodelete", -ENOEXEC,
	    "it stays in memory when it is closed");
}

static void
u11_what_loops_is_stopped(void **state)
{
	expect_trial(*state, BARRED, "faulty/loops", -EBADMSG,
	    "it takes more than 2 s of processor time or 10 s in all while "
	    "its self_test runs");
	expect_trial(*state, RELEASES, "1.0", 0, "");
}

/* Its process, which is the only one of ours. */
static int
find_process(void)
{
	char children[64], path[64];
	FILE *list;
	int process;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
	list = fopen(path, "r");
	if (list == NULL)
		skip(); /* a kernel without CONFIG_PROC_CHILDREN */
	assert_non_null(fgets(children, sizeof children, list));
	fclose(list);
	assert_int_equal(sscanf(children, "%d", &process), 1);
	return process;
}

static unsigned int
count_files(int process)
{
	unsigned int count = 0;
	char path[64];
	DIR *folder;

	snprintf(path, sizeof path, "/proc/%d/fd", process);
	folder = opendir(path);
	assert_non_null(folder);
	while (readdir(folder) != NULL)
		count++;
	closedir(folder);
	return count;
}

/* Neither here nor there. */
static void
u14_no_file_of_a_trial_stays_open(void **state)
{
	int process = find_process();
	unsigned int ours, its;

	expect_plans(*state, "refuses", 0, "");
	ours = count_files(getpid());
	its = count_files(process);
	expect_plans(*state, "refuses", 0, "");
	expect_plans(*state, "crashes_up", -EINVAL, "*");
	expect_trial(*state, RELEASES, "1.0", 0, "");
	assert_int_equal(count_files(getpid()), ours);
	assert_int_equal(count_files(process), its);
}

/* Nor does a socket that is closed become somebody else's file. */
static void
a_prover_that_is_gone_is_an_answer(void **state)
{
	struct prover **proverp = *state;
	int files[4], i;

	assert_int_equal(kill(find_process(), SIGKILL), 0);
	expect_trial(proverp, RELEASES, "1.0", -ENOEXEC,
	    "the prover, which tries it first, is gone; start the switch anew "
	    "to load modules");
	for (i = 0; i < 4; i++)
		files[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	expect_trial(proverp, RELEASES, "1.0", -ENOEXEC,
	    "the prover, which tries it first, is gone; start the switch anew "
	    "to load modules");
	for (i = 0; i < 4; i++)
		assert_int_equal(close(files[i]), 0);
}

/* Else the reader of a pipe of ours would never see its end. */
static void
it_keeps_no_descriptor_of_ours(void **state)
{
	struct prover *prover;
	int ends[2];
	char byte;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(prover_start(&prover), 0);
	close(ends[1]);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	expect_trial(&prover, RELEASES, "1.0", 0, ""); /* it has settled */
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	prover_free(&prover);
}

/* The prover holds an end of `pipe` as long as it lives: by no other way. */
static void
it_dies_with_its_parent(void **state)
{
	struct prover *prover;
	struct timespec tick = { .tv_nsec = 10000000 };
	int parent, status, found = 0, i;

	(void)state;
	/* What has lost its parent becomes ours, and its end is told. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	parent = fork();
	if (parent == 0)
		_exit(prover_start(&prover) == 0 ? 0 : 1);
	assert_true(waitpid(parent, &status, 0) == parent);
	assert_int_equal(status, 0);
	/* The prover of setup() lives on. */
	for (i = 0; i < 500 && found <= 0; i++) {
		found = waitpid(-1, &status, WNOHANG);
		nanosleep(&tick, NULL);
	}
	assert_true(found > 0);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
	expect_trial(*state, RELEASES, "1.0", 0, "");
}

static void
each_failed_allocation_is_an_answer(void **state)
{
	struct prover *prover = NULL;

	(void)state;
	object_fail_after(0);
	assert_int_equal(prover_start(&prover), -ENOMEM);
	object_fail_after(-1);
	assert_null(prover);
	prover_free(&prover);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_sound_module_passes),
		TEST(u17_what_is_wrong_is_said_in_the_words_of_the_switch),
		TEST(u17_what_cannot_be_printed_is_not),
		TEST(u11_what_crashes_is_said_with_signal_and_stage),
		TEST(u11_what_crashes_says_where),
		TEST(u17_what_asks_the_kernel_is_told_what_for),
		TEST(u1_a_hook_that_faults_is_met_before_any_call),
#ifndef HOTSWITCH_INSTRUMENTED
		TEST(u17_a_hook_that_asks_the_kernel_is_met),
#endif
		TEST(u1_a_hook_that_converts_wrongly_is_met),
		TEST(u1_a_hook_that_refuses_is_let_in),
		TEST(u14_what_would_stay_is_refused),
		TEST(u11_what_loops_is_stopped),
		TEST(u14_no_file_of_a_trial_stays_open),
		TEST(a_prover_that_is_gone_is_an_answer),
		TEST(it_keeps_no_descriptor_of_ours),
		TEST(it_dies_with_its_parent),
		TEST(each_failed_allocation_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
