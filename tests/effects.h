/*
 * effects: what a process did or would have done, line by line, for tests.
 */
#ifndef TESTS_EFFECTS_H
#define TESTS_EFFECTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "switch/noting.h"

/* The lines of what was asked; then that is all.  `lines` ends with NULL. */
static inline void
expect_effects(const struct noting *noting, const char *const *lines)
{
	const struct noted *noted;
	uint32_t cursor = 0;

	for (; *lines != NULL; lines++) {
		noted = noting_next(noting, &cursor);
		if (noted == NULL)
			fail_msg("there is no '%s'", *lines);
		assert_string_equal(noted->text, *lines);
	}
	noted = noting_next(noting, &cursor);
	if (noted != NULL)
		fail_msg("there is also '%s'", noted->text);
}
#define EXPECT_EFFECTS(noting, ...)                                            \
	expect_effects(noting, (const char *const[]){ __VA_ARGS__, NULL })

#endif
