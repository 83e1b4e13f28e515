/* reason: exit reasons in words, for logs and records. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "switch/process.h"

static const char *
fault_text(struct reason reason, char *text, size_t size)
{
	size_t used;
	const char *name = reason.number == 0 ? "overrun of the state"
					      : sigabbrev_np(reason.number);

	(void)snprintf(text, size, "%s%s", reason.number == 0 ? "" : "SIG",
	    name == NULL ? "?" : name);
	used = strlen(text);
	if (reason.offset != 0)
		(void)snprintf(
		    text + used, size - used, " at +0x%x", reason.offset);
	return text;
}

const char *
reason_text(struct reason reason, char *text, size_t size)
{
	switch ((enum reason_kind)reason.kind) {
	case REASON_NORMAL:
		return "normal";
	case REASON_SHUTDOWN:
		return "shutdown";
	case REASON_KILL:
		return "kill";
	case REASON_KILLED:
		return "killed";
	case REASON_NOPROC:
		return "noproc";
	case REASON_ERROR:
		(void)snprintf(text, size, "error %u", reason.number);
		return text;
	case REASON_FAULT:
		return fault_text(reason, text, size);
	}
	return "unknown";
}
