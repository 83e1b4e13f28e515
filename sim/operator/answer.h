/*
 * answer: one JSON object, as an operator reads it on one line.
 *
 *   {"ok":true,"command":"call","value":"...","text":"..."}
 *   {"ok":false,"command":"call","error":"...","status":2}
 *   {"progress":{...},"command":"upgrade"}
 *
 * `status` is what the program's exit would be: 1 it cannot be done, 2 it was
 * said wrongly, 3 there is no switch any more that could.  Keys are promised to
 * who reads them: none is ever renamed.
 */
#ifndef SIM_OPERATOR_ANSWER_H
#define SIM_OPERATOR_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "sim/operator/letterbox.h"

/* One that is being written; `out` takes its further members. */
struct answer {
	FILE *out; /* NULL: there was no memory */
	char *bytes;
	size_t length;
};

/* Begins with `ok` and the command; or with neither, for progress. */
void answer_begin(struct answer *answer, bool is_ok, const char *command);
void answer_begin_progress(struct answer *answer, const char *command);

/* A further member; of no text at all there is none. */
void answer_text(struct answer *answer, const char *key, const char *text);

/*
 * Ends it and posts it to the client.  Without memory he is told that, in an
 * object that needs none; NULL when even a letter cannot be had.
 */
struct letter *answer_end(struct answer *answer, uint64_t client, bool is_last);

/* A refusal, whole. */
struct letter *answer_refusal(
    uint64_t client, const char *command, const char *why, int status);

#endif
