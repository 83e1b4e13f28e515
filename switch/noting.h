/*
 * noting: what one event has asked of its verbs, in words.
 *
 * Each verb that is asked while somebody notes leaves one line, the same for
 * the same asking: "start_timer T301 key 3 in 180000000 us".  So two runs of
 * one event are compared by comparing lines.  Beside it stands what it was
 * answered: an answer of 0 to one that wants something done is a promise, and
 * the line then stands for an effect.
 *
 * The first NOTING_MAX are kept; of all further ones only how many they are
 * and a digest.
 */
#ifndef SWITCH_NOTING_H
#define SWITCH_NOTING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NOTING_MAX = 64,   /* a call asks 4 to 12 of its verbs in an event */
	NOTING_TEXT = 320, /* a record has some thirty numbers */
	NOTING_ANSWER = 48 /* bytes of the largest answer */
};
#define NOTING_NONE UINT32_MAX

struct noted {
	char text[NOTING_TEXT]; /* the verb's word, then its arguments */
	uint8_t answer[NOTING_ANSWER];
	uint8_t is_question; /* it takes nothing: never an effect */
	uint8_t
	    is_promised;  /* its answer was no error, with is_question unset */
	uint8_t is_given; /* its answer was given to the other run */
};

struct noting {
	uint32_t count;	 /* asked; the first NOTING_MAX are kept */
	uint64_t digest; /* of those that are not */
	struct noted noted[NOTING_MAX];
};

void noting_clear(struct noting *noting);

/* Notes one more; NOTING_NONE if there is no room for its words. */
__attribute__((format(printf, 3, 0))) uint32_t noting_add(
    struct noting *noting, bool is_question, const char *format, va_list args);

/* What number `which` was answered; NOTING_NONE is welcome. */
void noting_answer(
    struct noting *noting, uint32_t which, const void *answer, size_t size);

/*
 * The first of those words whose answer was not given yet, which it then is.
 * NULL: nobody asked that, or not so often.
 */
const struct noted *noting_give(struct noting *noting, const char *text);

/* The next effect at or after *cursor, which is moved on; NULL at the end. */
const struct noted *noting_next(const struct noting *noting, uint32_t *cursor);

/* `size` bytes as hexadecimals without the zeros at their end: "01ff". */
void noting_bytes(const void *bytes, size_t size, char *text, size_t room);
/* 64 bits by which two are told apart (FNV-1a). */
uint64_t noting_digest(uint64_t digest, const void *bytes, size_t size);

#endif
