/*
 * code_world: a loader, and folders of releases that are real files:
 * tests/modules/counter.c, or made here.
 */
#ifndef TESTS_CODE_WORLD_H
#define TESTS_CODE_WORLD_H

#include "upgrade/code.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "switch/object.h"
#include "tests/modules/counter.h"
#include "upgrade/conversion.h"
#include "upgrade/prover.h"
#include "upgrade/schema.h"

#define RELEASES HOTSWITCH_RELEASES "/../../tests/releases"
#define BARRED	 HOTSWITCH_RELEASES "/../../tests/releases-barred"
#define CHANGED	 HOTSWITCH_RELEASES "/../../tests/releases-changed"

struct office {
	struct behaviours *behaviours;
	struct code *code;
	char made[64]; /* a folder of releases that the test makes */
	const char *roots[2];
	char why[CODE_WHY_MAX];
};

static inline int
setup(void **state)
{
	static struct office office;

	office = (struct office){ .made = "/tmp/hotswitch-code-XXXXXX" };
	*state = &office;
	if (mkdtemp(office.made) == NULL)
		return -1;
	office.roots[0] = office.made;
	office.roots[1] = RELEASES;
	if (behaviours_alloc(&office.behaviours, 1) != 0)
		return -1;
	return code_alloc(&office.code, office.behaviours, office.roots, 2);
}

static inline int
teardown(void **state)
{
	struct office *office = *state;
	char command[128];

	code_free(&office->code);
	assert_null(office->code);
	behaviours_free(&office->behaviours);
	snprintf(command, sizeof command, "rm -r '%s'", office->made);
	return system(command);
}

/* Makes ROOT/VERSION/counter.so of these bytes; the path of it. */
static inline const char *
make_file(
    struct office *office, const char *version, const char *bytes, size_t size)
{
	static char path[256];
	int file;

	snprintf(path, sizeof path, "%s/%s", office->made, version);
	assert_int_equal(mkdir(path, 0755), 0);
	strcat(path, "/counter.so");
	file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
	assert_true(file >= 0);
	assert_true(write(file, bytes, size) == (ssize_t)size);
	close(file);
	return path;
}

/* A copy of the true 1.0, of which a test may damage a byte. */
static inline const char *
make_copy(struct office *office, const char *version, size_t at, char byte)
{
	static char bytes[4 << 20];
	FILE *file = fopen(RELEASES "/1.0/counter.so", "rb");
	size_t size;

	assert_non_null(file);
	size = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	assert_in_range(size, 1000, sizeof bytes - 1);
	bytes[at] = byte;
	return make_file(office, version, bytes, size);
}

static inline uint16_t
load(struct office *office, const char *version)
{
	uint16_t id = 0;
	int error;

	strcpy(office->why, "");
	error = code_load(office->code, "counter", version, &id, office->why);
	assert_string_equal(office->why, "");
	assert_int_equal(error, 0);
	return id;
}

static inline void
expect_refused(
    struct office *office, const char *version, int error, const char *why)
{
	uint16_t id = 4711;
	char wanted[CODE_WHY_MAX];

	snprintf(wanted, sizeof wanted, "cannot load 'counter' %s: %s", version,
	    why);
	assert_int_equal(
	    code_load(office->code, "counter", version, &id, office->why),
	    error);
	assert_string_equal(office->why, wanted);
	assert_int_equal(id, 4711);
	assert_int_equal(
	    behaviour_find(office->behaviours, "counter", version), 0);
}

/* As expect_refused, where a path stands in the clause: "%s" for it. */
static inline void
expect_file_refused(struct office *office, const char *version,
    const char *path, const char *before, const char *after)
{
	char clause[CODE_WHY_MAX];

	snprintf(clause, sizeof clause, "%s'%s'%s", before, path, after);
	expect_refused(office, version, -ENOEXEC, clause);
}

static inline unsigned int
count_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[512];
	unsigned int count = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps) != NULL)
		count += strstr(line, "memfd:counter") != NULL;
	fclose(maps);
	return count;
}

/* Of the first copy of a module that is open. */
static inline int
seals_of_copy(void)
{
	char path[32], target[64];
	ssize_t length;
	int fd;

	for (fd = 0; fd < 256; fd++) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		length = readlink(path, target, sizeof target - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		if (strstr(target, "memfd:counter") != NULL)
			return fcntl(fd, F_GET_SEALS);
	}
	return -1;
}

static inline unsigned int
count_files(void)
{
	unsigned int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl((int)fd, F_GETFD) >= 0;
	return count;
}

#endif
