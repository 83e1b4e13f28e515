/*
 * call_releases: an office whose releases of `call` come from their own files,
 * and calls that go from one to another, for tests.
 *
 * w->arg is the struct releases.
 */
#ifndef TESTS_CALL_RELEASES_H
#define TESTS_CALL_RELEASES_H

#include "tests/office_world.h"

#include <errno.h>

#include "upgrade/code.h"

enum { CALL_1_0, CALL_1_1, CALL_2_0, CALL_3_0, CALL_RELEASES };

struct releases {
	struct code *code;
	uint16_t ids[CALL_RELEASES];
	unsigned int from, to; /* the two between which calls go */
	unsigned int conversions;
	char why[CODE_WHY_MAX];
};

static inline struct releases *
releases_of(struct office_world *w)
{
	return w->arg;
}

static inline struct behaviours *
behaviours_of(struct office_world *w)
{
	return scheduler_behaviours(w->world.scheduler);
}

/* Its number. */
static inline uint16_t
load(struct office_world *w, const char *version)
{
	struct releases *releases = releases_of(w);
	uint16_t id = 0;

	if (code_load(releases->code, "call", version, &id, releases->why) != 0)
		fail_msg("%s", releases->why);
	return id;
}

/* Calls that begin from now on are of that release. */
static inline void
use(struct office_world *w, unsigned int release)
{
	behaviour_make_current(behaviours_of(w), releases_of(w)->ids[release]);
}

/* All up to `newest`; calls begin in 1.0. */
static inline struct office_world *
begin_with_releases(unsigned int newest)
{
	static const char *const versions[CALL_RELEASES] = { "1.0", "1.1",
		"2.0", "3.0" };
	static const char *const roots[] = { HOTSWITCH_RELEASES };
	struct office_world *w = office_world_begin(NULL);
	struct releases *releases = calloc(1, sizeof *releases);
	unsigned int i;

	assert_non_null(releases);
	w->arg = releases;
	assert_int_equal(
	    code_alloc(&releases->code, behaviours_of(w), roots, 1), 0);
	for (i = 0; i <= newest; i++)
		releases->ids[i] = load(w, versions[i]);
	use(w, CALL_1_0);
	return w;
}

static inline void
end_with_releases(struct office_world *w)
{
	struct releases *releases = releases_of(w);

	expect_order(w);
	code_free(&releases->code);
	free(releases);
	office_world_end(w);
}

/* On the scheduler's thread, where alone a process may be converted. */
static inline void
do_there(struct office_world *w, scheduler_due_f *what, void *arg)
{
	struct scheduler *scheduler = w->world.scheduler;

	assert_int_equal(
	    scheduler_at(scheduler, scheduler_now(scheduler), what, arg, 0), 0);
	world_run(&w->world, 0);
}

struct conversion_of_one {
	struct office_world *w;
	uint16_t to;
	int result;
};

static inline void
convert_one(void *arg, uint64_t key)
{
	struct conversion_of_one *one = arg;

	(void)key;
	one->result = process_change_code(
	    one->w->world.scheduler, pid_of(one->w), one->to);
}

/* The office's call goes to the release of that number; what came of it. */
static inline int
convert_to(struct office_world *w, uint16_t to)
{
	struct conversion_of_one one = { .w = w, .to = to, .result = -EIO };

	do_there(w, convert_one, &one);
	return one.result;
}

static inline int
convert(struct office_world *w, unsigned int release)
{
	return convert_to(w, releases_of(w)->ids[release]);
}

#endif
