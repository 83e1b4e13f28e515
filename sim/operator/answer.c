/*
 * answer: see answer.h for what it is.
 */
#include "sim/operator/answer.h"

#include <stdlib.h>
#include <string.h>

#include "sim/json.h"

static const char no_memory[] =
    "{\"ok\":false,\"error\":\"no memory is left\",\"status\":3}\n";

static void
begin(struct answer *answer, const char *start, const char *command)
{
	answer->bytes = NULL;
	answer->out = open_memstream(&answer->bytes, &answer->length);
	if (answer->out == NULL)
		return;
	(void)fputs(start, answer->out);
	json_string(answer->out, command);
}

void
answer_begin(struct answer *answer, bool is_ok, const char *command)
{
	begin(answer,
	    is_ok ? "{\"ok\":true,\"command\":" : "{\"ok\":false,\"command\":",
	    command);
}

void
answer_begin_progress(struct answer *answer, const char *command)
{
	begin(answer, "{\"command\":", command);
}

void
answer_text(struct answer *answer, const char *key, const char *text)
{
	if (answer->out == NULL || text[0] == '\0')
		return;
	(void)fprintf(answer->out, ",\"%s\":", key);
	json_string(answer->out, text);
}

struct letter *
answer_end(struct answer *answer, uint64_t client, bool is_last)
{
	struct letter *letter = NULL;

	if (answer->out != NULL) {
		(void)fputs("}\n", answer->out);
		if (fclose(answer->out) == 0)
			letter =
			    letter_alloc(client, answer->bytes, answer->length);
		free(answer->bytes);
	}
	if (letter == NULL)
		letter = letter_alloc(client, no_memory, sizeof no_memory - 1);
	if (letter != NULL)
		letter->is_last = is_last;
	return letter;
}

struct letter *
answer_refusal(
    uint64_t client, const char *command, const char *why, int status)
{
	struct answer answer;

	answer_begin(&answer, false, command);
	answer_text(&answer, "error", why);
	if (answer.out != NULL)
		(void)fprintf(answer.out, ",\"status\":%d", status);
	return answer_end(&answer, client, true);
}
