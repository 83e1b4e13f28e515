/*
 * What image.h promises, at the moments that matter: whoever replaces a file or
 * a folder while it is let in, and a loader that gives an old image for a new
 * one.  memfd_create(2) and dlopen(3) are called by way of the test, which does
 * its harm just before.
 */
#include "upgrade/image.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "upgrade/mapping.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"

struct office {
	char folder[64];
	struct image *image;
	char why[512];
};

static void (*harm)(struct office *office);
static enum { BEFORE_COPY, BEFORE_OPEN } moment;
static struct office office;

static void
do_harm(int now)
{
	void (*what)(struct office *) = harm;

	if ((int)moment != now || what == NULL)
		return;
	harm = NULL;
	what(&office);
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
__attribute__((visibility("default"))) int
memfd_create(const char *name, unsigned int flags)
{
	static int (*real)(const char *, unsigned int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "memfd_create");
	do_harm(BEFORE_COPY);
	return real(name, flags);
}

__attribute__((visibility("default"))) void *
dlopen(const char *file, int mode)
{
	static void *(*real)(const char *, int);

	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "dlopen");
	do_harm(BEFORE_OPEN);
	return real(file, mode);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

/* In ROOT, which is ours; there are other releases in OTHERS. */
static void
run(const char *command)
{
	assert_int_equal(system(command), 0);
}

static int
setup(void **state)
{
	office = (struct office){ .folder = "/tmp/hotswitch-image-XXXXXX" };
	harm = NULL;
	*state = &office;
	if (mkdtemp(office.folder) == NULL)
		return -1;
	if (setenv("ROOT", office.folder, 1) != 0 ||
	    setenv("OTHERS", RELEASES, 1) != 0)
		return -1;
	run("mkdir $ROOT/1.0 && cp $OTHERS/1.0/counter.so $ROOT/1.0");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	(void)image_close(&office.image);
	run("rm -r $ROOT");
	return 0;
}

/* Copies and maps ROOT/1.0, and does `what` at that moment. */
static int
open_it(int when, void (*what)(struct office *))
{
	const struct image_name name = { office.folder, "counter", "1.0" };
	int error;

	moment = when;
	harm = what;
	error = image_copy(&office.image, &name, office.why, sizeof office.why);
	if (error == 0)
		error = image_map(
		    office.image, &name, office.why, sizeof office.why);
	assert_null(harm); /* it was done */
	return error;
}

/*--------------------------------------------------------------------
 * Replaced in the middle
 */

static void
cut(struct office *of)
{
	(void)of;
	run("truncate -s 1000 $ROOT/1.0/counter.so");
}

static void
write_over(struct office *of)
{
	(void)of;
	run("cat $OTHERS/2.0/counter.so > $ROOT/1.0/counter.so");
}

static void
swap_folder(struct office *of)
{
	(void)of;
	run("mv $ROOT/1.0 $ROOT/gone && mkdir $ROOT/1.0 && "
	    "cp $OTHERS/2.0/counter.so $ROOT/1.0");
}

static void
take_away(struct office *of)
{
	(void)of;
	run("rm -r $ROOT/1.0");
}

static void
expect_changed(void (*what)(struct office *))
{
	char wanted[256];

	assert_int_equal(open_it(BEFORE_COPY, what), -ENOEXEC);
	snprintf(wanted, sizeof wanted,
	    "'%s/1.0/counter.so' changed while it was read", office.folder);
	assert_string_equal(office.why, wanted);
}

static void
expect_the_first(void)
{
	assert_string_equal(image_module(office.image)->name, "counter");
	assert_string_equal(image_module(office.image)->version, "1.0");
}

static void
u17_a_file_cut_while_it_is_read_is_refused(void **state)
{
	(void)state;
	expect_changed(cut);
}

static void
u17_a_file_written_while_it_is_read_is_refused(void **state)
{
	(void)state;
	expect_changed(write_over);
}

/* What was opened is what is read, whatever its name leads to by then. */
static void
c11_a_folder_swapped_while_it_is_read_is_the_one_that_was_opened(void **state)
{
	(void)state;
	assert_int_equal(open_it(BEFORE_COPY, swap_folder), 0);
	expect_the_first();
}

/* What was looked at is what is mapped. */
static void
c11_after_it_was_read_nothing_of_it_matters(void **state)
{
	void (*const harms[])(
	    struct office *) = { cut, write_over, swap_folder, take_away };
	unsigned int i;

	for (i = 0; i < 4; i++) {
		assert_int_equal(open_it(BEFORE_OPEN, harms[i]), 0);
		expect_the_first();
		assert_int_equal(teardown(state), 0);
		assert_int_equal(setup(state), 0);
	}
}

/*--------------------------------------------------------------------
 * An old image for a new one
 */

static const struct image_name first = { RELEASES, "counter", "1.0" };

/* The loader knows a file by its inode too: a second name gives the first. */
static void
u7_a_loader_that_gives_an_older_image_is_caught(void **state)
{
	struct image *again = NULL;
	int fd;

	(void)state;
	assert_int_equal(
	    image_copy(&office.image, &first, office.why, sizeof office.why),
	    0);
	fd = dup(image_fd(office.image));
	assert_true(fd >= 0);
	assert_int_equal(
	    image_map(office.image, &first, office.why, sizeof office.why), 0);
	assert_int_equal(image_adopt(&again, fd), 0);
	assert_int_equal(
	    image_map(again, &first, office.why, sizeof office.why), -ENOEXEC);
	assert_string_equal(office.why,
	    "it was not mapped anew: the loader gave an older image");
	(void)image_close(&again);
	(void)close(fd);
	/* The one that was there is as it was. */
	expect_the_first();
}

/* Nor may a name lead to what somebody still holds under it. */
static void
u7_a_name_under_which_an_older_copy_is_mapped_is_refused(void **state)
{
	struct image *next = NULL;
	char path[32];
	void *held;
	int number;

	(void)state;
	assert_int_equal(
	    image_copy(&office.image, &first, office.why, sizeof office.why),
	    0);
	number = image_fd(office.image);
	snprintf(path, sizeof path, "/proc/self/fd/%d", number);
	held = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	assert_non_null(held);
	image_close_copy(office.image); /* its number is free */
	assert_int_equal(
	    image_copy(&next, &first, office.why, sizeof office.why), 0);
	assert_int_equal(image_fd(next), number);
	assert_int_equal(
	    image_map(next, &first, office.why, sizeof office.why), -ENOEXEC);
	assert_string_equal(
	    office.why, "an older copy is still mapped under its name");
	(void)dlclose(held);
	assert_int_equal(
	    image_map(next, &first, office.why, sizeof office.why), 0);
	assert_int_equal(image_close(&next), 0);
}

/* What somebody else has opened too stays when we let go, and that is said. */
static void
u14_a_dlclose_that_does_not_unload_is_said(void **state)
{
	char path[32];
	void *held;
	int fd;

	(void)state;
	assert_int_equal(
	    image_copy(&office.image, &first, office.why, sizeof office.why),
	    0);
	assert_int_equal(
	    image_map(office.image, &first, office.why, sizeof office.why), 0);
	fd = dup(image_fd(office.image));
	snprintf(path, sizeof path, "/proc/self/fd/%d", image_fd(office.image));
	held = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	assert_int_equal(image_unmap(office.image), -EBUSY);
	assert_true(mapping_count(fd) > 0);
	assert_int_equal(dlclose(held), 0);
	assert_int_equal(mapping_count(fd), 0);
	assert_int_equal(image_unmap(office.image), 0);
	(void)close(fd);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(u17_a_file_cut_while_it_is_read_is_refused),
		TEST(u17_a_file_written_while_it_is_read_is_refused),
		TEST(
		    c11_a_folder_swapped_while_it_is_read_is_the_one_that_was_opened),
		TEST(c11_after_it_was_read_nothing_of_it_matters),
		TEST(u7_a_loader_that_gives_an_older_image_is_caught),
		TEST(u7_a_name_under_which_an_older_copy_is_mapped_is_refused),
		TEST(u14_a_dlclose_that_does_not_unload_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
