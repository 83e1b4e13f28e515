/*
 * fuzz: what all targets share.
 *
 * Inputs are texts, so that one that has found something can be read, and kept
 * beside the target.  What an input must not do is abort(3) the target.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <ctype.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libFuzzer's: 0; -1 the input is not worth keeping. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
/* Before the first input; a target with nothing to prepare has none. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
/* Another input out of that one, in its place; a target may have its own. */
size_t LLVMFuzzerCustomMutator(
    uint8_t *bytes, size_t size, size_t room, unsigned int seed);

/* That it must be so. */
#define must(is_so, ...)                                                       \
	do {                                                                   \
		if (!(is_so)) {                                                \
			(void)fprintf(stderr, "\n" __VA_ARGS__);               \
			(void)fprintf(stderr, "\n%s:%d: %s\n", __FILE__,       \
			    __LINE__, #is_so);                                 \
			abort();                                               \
		}                                                              \
	} while (0)

/* What a refusal says: something, on one line. */
static inline void
expect_clause(const char *why)
{
	const char *at = why;

	must(why[0] != '\0', "refused without words");
	for (; *at != '\0'; at++)
		must(!iscntrl((unsigned char)*at), "in more than one line: %s",
		    why);
}

/* A copy with a NUL behind it, which is the caller's; up to a NUL in it. */
static inline char *
text_of(const uint8_t *bytes, size_t size)
{
	char *text = malloc(size + 1);

	if (text == NULL)
		abort();
	if (size > 0)
		memcpy(text, bytes, size);
	text[size] = '\0';
	return text;
}

#endif
