/*
 * verb_words: how the verbs of module.h put into words what they are asked.
 *
 * For a shadow run alone (verb.h).  Two askings that mean the same have the
 * same words, in whichever version they are asked: a process is its pid, and
 * "self" where it is the asking one; a timer is called as its module calls it.
 * Only after verb_enter(): nothing here is the module's memory.
 */
#include <inttypes.h>
#include <stdio.h>

#include "switch/scheduler_internal.h"

enum { PID_TEXT = 32, WORD_TEXT = 48 };

static const char *
pid_text(const struct self *self, struct pid pid, char *text)
{
	if (pid_equal(pid, self->scheduler->running.pid))
		return "self";
	(void)snprintf(text, PID_TEXT, "<%u.%u>", pid.slot, pid.generation);
	return text;
}

static const char *
kind_text(const struct self *self, uint16_t kind, char *text)
{
	const struct message message = { .kind = kind };

	return event_word(self->scheduler, &message, text, WORD_TEXT);
}

bool
verb_note_send(struct self *self, int *ret_status, struct pid to,
    const struct message *message)
{
	char to_text[PID_TEXT], word[WORD_TEXT], bytes[2 * MESSAGE_BODY + 1];

	noting_bytes(message->body.bytes, message->length, bytes, sizeof bytes);
	return verb_note(self, ret_status, 0, "send %s %s %u bytes %s",
	    pid_text(self, to, to_text), kind_text(self, message->kind, word),
	    message->length, bytes);
}

bool
verb_note_parcel(struct self *self, int *ret_status, struct pid to,
    const struct parcel_note *parcel)
{
	char to_text[PID_TEXT], word[WORD_TEXT];

	return verb_note(self, ret_status, 0,
	    "send_parcel %s %s %zu bytes #%016" PRIx64,
	    pid_text(self, to, to_text), kind_text(self, parcel->kind, word),
	    parcel->size, parcel->digest);
}

bool
verb_note_peer(
    struct self *self, int *ret_status, const char *verb, struct pid peer)
{
	char text[PID_TEXT];

	return verb_note(
	    self, ret_status, 0, "%s %s", verb, pid_text(self, peer, text));
}

bool
verb_note_monitor(
    struct self *self, int *ret_status, struct pid peer, uint32_t monitor)
{
	char text[PID_TEXT];

	return verb_note(self, ret_status, 0, "monitor %s as %u",
	    pid_text(self, peer, text), monitor);
}

bool
verb_note_exit(struct self *self, int *ret_status, struct reason reason)
{
	char text[64];

	return verb_note(self, ret_status, 0, "exit %s",
	    reason_text(reason, text, sizeof text));
}

bool
verb_note_timer(struct self *self, int *ret_status, struct event_timeout timer,
    const uint64_t *delay)
{
	char word[WORD_TEXT];

	timer_word(self->scheduler, timer.timer, word, sizeof word);
	if (delay == NULL)
		return verb_note(self, ret_status, 0, "stop_timer %s key %u",
		    word, timer.key);
	return verb_note(self, ret_status, 0,
	    "start_timer %s key %u in %" PRIu64 " us", word, timer.key, *delay);
}
