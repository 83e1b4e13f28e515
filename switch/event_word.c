/*
 * event_word: what an event is called where a person reads of it.
 *
 * Signals get their name from the layer that knows them, the system's own from
 * the table below, a time-out that of its timer in the module's schema.
 */
#include <stdio.h>
#include <string.h>

#include "switch/record.h"
#include "switch/scheduler_internal.h"
#include "switch/supervisor.h"

static const struct {
	uint16_t kind;
	const char *word;
} words[] = {
	{ EVENT_EXIT, "exit" },
	{ EVENT_DOWN, "down" },
	{ EVENT_FAULTED, "faulted" },
	{ EVENT_UNKNOWN, "unknown" },
	{ EVENT_USE_CURRENT, "use_current" },
	{ EVENT_SUSPEND, "suspend" },
	{ EVENT_RESUME, "resume" },
	{ EVENT_GET_STATE, "get_state" },
	{ EVENT_CHANGE_CODE, "change_code" },
	{ EVENT_SYSTEM_REPLY, "system_reply" },
	{ EVENT_STARTED, "started" },
	{ EVENT_START_FAILED, "start_failed" },
	{ EVENT_START, "start" },
	{ EVENT_TERMINATE, "terminate" },
	{ EVENT_START_CHILD, "start_child" },
	{ EVENT_TERMINATE_CHILD, "terminate_child" },
	{ EVENT_RESTART_CHILD, "restart_child" },
	{ EVENT_DELETE_CHILD, "delete_child" },
	{ EVENT_COUNT_CHILDREN, "count_children" },
	{ EVENT_GET_CHILDSPEC, "get_childspec" },
	{ EVENT_WHICH_CHILDREN, "which_children" },
	{ EVENT_SUPERVISOR_REPLY, "supervisor_reply" },
	{ RECORD_FAULT, "record fault" },
	{ RECORD_RESTART, "record restart" },
	{ RECORD_ALARM, "record alarm" },
};

static const char *
word_of(const struct scheduler *scheduler, uint16_t kind)
{
	const char *word = NULL;
	size_t i;

	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (words[i].kind == kind)
			return words[i].word;
	if (scheduler->kind_name != NULL)
		word = scheduler->kind_name(kind);
	return word;
}

/* Word `n` of "T301 T303 ..."; 0 is the first. */
static const char *
nth_word(const char *names, unsigned int n, int *ret_length)
{
	while (n-- > 0 && names != NULL) {
		names = strchr(names, ' ');
		if (names != NULL)
			names++;
	}
	if (names == NULL)
		return NULL;
	*ret_length = (int)strcspn(names, " ");
	return *ret_length == 0 ? NULL : names;
}

void
timer_word(
    const struct scheduler *scheduler, uint16_t timer, char *word, size_t size)
{
	const struct behaviour *behaviour = scheduler->running.behaviour;
	const char *name;
	int length = 0;

	name = nth_word(behaviour->module->schema.timers, timer, &length);
	if (name != NULL)
		(void)snprintf(word, size, "%.*s", length, name);
	else
		(void)snprintf(word, size, "%u", timer);
}

const char *
event_word(const struct scheduler *scheduler, const struct message *message,
    char *word, size_t size)
{
	const char *known = word_of(scheduler, message->kind);
	char timer[24];

	if (message->kind == EVENT_TIMEOUT) {
		timer_word(scheduler, message->body.timeout.timer, timer,
		    sizeof timer);
		(void)snprintf(word, size, "timeout %s", timer);
	} else if (known != NULL) {
		(void)snprintf(word, size, "%s", known);
	} else {
		(void)snprintf(word, size, "event 0x%x", message->kind);
	}
	return word;
}
