/*
 * system: messages that the runtime answers in a process's place.
 *
 * OTP's sys: suspend, resume, get_state, change_code, and EVENT_USE_CURRENT of
 * module.h.  They wait in the mailbox like any mail and are obeyed between two
 * events; the module sees none of them.  Each is answered with
 * EVENT_SYSTEM_REPLY to its sender, under the sender's key.
 *
 * A suspended process obeys these and nothing else: other mail waits, in its
 * order, the messages of its timers too.  Exit signals act as ever, and the
 * exit of its supervisor, which a process that traps exits hears of as a
 * message, ends the suspension and is its next event.  Suspending is not
 * counted: one resume ends it, and is welcome when there is nothing to end.
 */
#ifndef SWITCH_SYSTEM_H
#define SWITCH_SYSTEM_H

#include "switch/module.h"

struct scheduler;

enum {
	EVENT_SUSPEND = EVENT_USE_CURRENT + 1,
	EVENT_RESUME,
	EVENT_GET_STATE,
	EVENT_CHANGE_CODE,
	EVENT_SYSTEM_REPLY
};

struct system_request {
	uint64_t key;	    /* comes back in the answer */
	uint16_t behaviour; /* of EVENT_CHANGE_CODE: where to */
};

struct system_reply {
	uint64_t key;
	int32_t error;	    /* 0, or -errno as of the functions below */
	uint16_t request;   /* its kind */
	uint16_t behaviour; /* that the process runs now */
};

/* The parcel that answers EVENT_GET_STATE, unless it was refused. */
struct system_reply_state {
	struct system_reply head;
	uint32_t size;
	uint32_t spare;
	uint8_t bytes[]; /* aligned as a state is */
};
_Static_assert(sizeof(struct system_reply_state) ==
	offsetof(struct system_reply_state, bytes),
    "no hole behind the head");

/*
 * The same for the host, at once and whatever waits in the mailbox.
 *
 * -ESRCH    no such process
 * -EAGAIN   it has not begun, is about to end, or is in the middle of an event
 * -EBUSY    change_code: it is not suspended
 * -ENOTSUP  change_code: it is a native, whose code is linked in
 * -EINVAL   change_code: `behaviour` is no version of its module
 * and what process_change_code() says; nothing has changed then, and the
 * process is still suspended.
 */
int system_suspend(struct scheduler *scheduler, struct pid pid);
int system_resume(struct scheduler *scheduler, struct pid pid);
int system_change_code(
    struct scheduler *scheduler, struct pid pid, uint16_t behaviour);

#endif
