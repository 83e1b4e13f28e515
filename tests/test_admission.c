/* That nothing that is wrong with a release harms the program that loads it: a
 * real module of the switch, cut and changed, and one module for each way of
 * being wrong, through file, check, prover and loader. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "upgrade/code.h"
#include "upgrade/prover.h"

struct admission {
	struct prover *prover;
	struct behaviours *behaviours;
	struct code *code;
	char made[64]; /* a folder of releases that the test makes */
	char path[96]; /* in it, 2.0/call.so */
	const char *roots[2];
	uint8_t bytes[4 << 20]; /* of the true 2.0 */
	size_t size;
	char why[CODE_WHY_MAX];
};

static int
read_module(struct admission *admission)
{
	FILE *file = fopen(HOTSWITCH_RELEASES "/2.0/call.so", "rb");

	if (file == NULL)
		return -1;
	admission->size =
	    fread(admission->bytes, 1, sizeof admission->bytes, file);
	return fclose(file);
}

static int
setup(void **state)
{
	static struct admission admission;

	admission = (struct admission){ .made = "/tmp/hotswitch-adm-XXXXXX" };
	*state = &admission;
	if (prover_start(&admission.prover) != 0 ||
	    mkdtemp(admission.made) == NULL || read_module(&admission) != 0)
		return -1;
	snprintf(
	    admission.path, sizeof admission.path, "%s/2.0", admission.made);
	if (mkdir(admission.path, 0755) != 0)
		return -1;
	strcat(admission.path, "/call.so");
	admission.roots[0] = admission.made;
	admission.roots[1] = HOTSWITCH_RELEASES;
	if (behaviours_alloc(&admission.behaviours, 1) != 0 ||
	    code_alloc(
		&admission.code, admission.behaviours, admission.roots, 2) != 0)
		return -1;
	code_set_prover(admission.code, admission.prover);
	return 0;
}

static int
teardown(void **state)
{
	struct admission *admission = *state;
	char command[128];

	code_free(&admission->code);
	behaviours_free(&admission->behaviours);
	prover_free(&admission->prover);
	snprintf(command, sizeof command, "rm -r '%s'", admission->made);
	return system(command);
}

static int
load(struct admission *admission, const char *version)
{
	uint16_t id;

	strcpy(admission->why, "");
	return code_load(admission->code, "call", version, &id, admission->why);
}

/* Loads the first `size` bytes as 2.0, and lets go of what is let in. */
static int
admit(struct admission *admission, size_t size)
{
	int error, file;

	file = open(
	    admission->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(file >= 0);
	assert_true(write(file, admission->bytes, size) == (ssize_t)size);
	close(file);
	error = load(admission, "2.0");
	if (error == 0)
		assert_int_equal(code_purge(admission->code, "call", "2.0"), 0);
	else
		assert_true(strlen(admission->why) >
		    strlen("cannot load 'call' 2.0: "));
	return error;
}

static void
u17_a_release_cut_anywhere_is_refused(void **state)
{
	struct admission *admission = *state;
	size_t size;

	for (size = 0; size < admission->size; size += 1000)
		assert_int_equal(admit(admission, size), -ENOEXEC);
	assert_int_equal(admit(admission, admission->size - 1), -ENOEXEC);
	assert_int_equal(admit(admission, admission->size), 0);
}

/* Knuth's MMIX generator; its high bits. */
static size_t
draw(uint64_t *seed, size_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (size_t)(*seed >> 33) % below;
}

/*
 * Half of the changes where there is most to break: in headers and tables.  An
 * instrumented release has all of them there: it tells the sanitizer where its
 * variables end, and one that ends elsewhere is a complaint of others later.
 */
static void
u17_no_changed_byte_harms(void **state)
{
	enum { CHANGES = 300, TABLES = 4000 };
	struct admission *admission = *state;
	const size_t all = memmem(admission->bytes, admission->size,
			       "__asan_register", 15) == NULL
	    ? admission->size
	    : TABLES;
	unsigned int admitted = 0, i;
	uint64_t seed = 17;
	uint8_t change;
	size_t at;
	int error;

	/* There the module's own code would run at its end, in the switch. */
	if (memmem(admission->bytes, admission->size, "gcov_init", 9) != NULL)
		skip();
	/* With these there are plans to derive, and a format to keep. */
	assert_int_equal(load(admission, "1.0"), 0);
	assert_int_equal(admit(admission, admission->size), 0);
	for (i = 0; i < CHANGES; i++) {
		at = draw(&seed, i % 2 == 0 ? all : TABLES);
		change = (uint8_t)(1 + draw(&seed, 255));
		admission->bytes[at] ^= change;
		error = admit(admission, admission->size);
		admission->bytes[at] ^= change;
		assert_true(error == 0 || error == -ENOEXEC ||
		    error == -EBADMSG || error == -EINVAL);
		admitted += error == 0;
	}
	assert_in_range(admitted, CHANGES / 10, CHANGES * 9 / 10);
	assert_int_equal(admit(admission, admission->size), 0);
}

/*--------------------------------------------------------------------
 * While it is loaded
 */

struct swapper {
	const struct admission *admission;
	atomic_bool ends;
};

/* Writes another file over it, cuts it, and puts the true one in its place. */
static void *
swap(void *arg)
{
	static const char nothing[4096];
	struct swapper *swapper = arg;
	const struct admission *admission = swapper->admission;
	char path[112];
	int file;

	snprintf(path, sizeof path, "%s.new", admission->path);
	while (!atomic_load(&swapper->ends)) {
		file =
		    open(admission->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		(void)!pwrite(file, nothing, sizeof nothing, 4096);
		(void)!ftruncate(file, 9000);
		close(file);
		file =
		    open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		(void)!write(file, admission->bytes, admission->size);
		close(file);
		(void)rename(path, admission->path);
	}
	return NULL;
}

/* What is let in is the true one: its self_test, its plans, all of it. */
static void
u17_a_file_swapped_while_it_is_loaded_harms_nobody(void **state)
{
	enum { LOADS = 200 };
	struct admission *admission = *state;
	struct swapper swapper = { .admission = admission };
	unsigned int admitted = 0, i;
	pthread_t thread;
	int error;

	assert_int_equal(load(admission, "1.0"), 0);
	assert_int_equal(admit(admission, admission->size), 0);
	assert_int_equal(pthread_create(&thread, NULL, swap, &swapper), 0);
	for (i = 0; i < LOADS; i++) {
		error = load(admission, "2.0");
		assert_true(error == 0 || error == -ENOEXEC);
		if (error == 0)
			assert_int_equal(
			    code_purge(admission->code, "call", "2.0"), 0);
		admitted += error == 0;
	}
	atomic_store(&swapper.ends, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_not_equal(admitted, LOADS);
	assert_int_equal(admit(admission, admission->size), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(u17_a_release_cut_anywhere_is_refused),
		TEST(u17_no_changed_byte_harms),
		TEST(u17_a_file_swapped_while_it_is_loaded_harms_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
