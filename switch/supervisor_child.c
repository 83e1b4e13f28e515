/*
 * supervisor_child: the dealings of every supervisor with a single child: its
 * process is started, told to end, killed; what OTP would report is logged.
 */
#include <string.h>

#include "switch/log.h"
#include "switch/supervisor_internal.h"

/* Its reports are errors, as in OTP; they name it themselves. */
struct log_entry
supervisor_entry(const struct hand *hand, enum log_level level)
{
	return (struct log_entry){ .now = hand->scheduler->now,
		.level = level,
		.module = hand->name,
		.pid = hand->pid };
}

void
supervisor_report(struct hand *hand, const char *what, const char *child,
    struct pid pid, struct reason reason)
{
	char text[64];

	if (log_wants(hand->scheduler->log, LEVEL_error))
		log_line(hand->scheduler->log,
		    supervisor_entry(hand, LEVEL_error),
		    "supervisor %s %s %s <%u.%u> %s", hand->name, what, child,
		    pid.slot, pid.generation,
		    reason_text(reason, text, sizeof text));
}

int
supervisor_spawn(struct hand *hand, const struct child_spec *spec,
    const struct message *start, struct pid inherits, struct pid *ret_pid)
{
	struct spawn spawn = { .behaviour = behaviour_current(
				   hand->scheduler->behaviours,
				   spec->behaviour),
		.on_fault = (uint8_t)spec->on_fault,
		.fault_limit = spec->fault_limit,
		.traps_exit = spec->traps_exit,
		.scheduler = spec->scheduler,
		.tells_asker =
		    is_pool(hand) && spec->restart == RESTART_TEMPORARY,
		.inherits = inherits,
		.supervisor = hand->pid,
		.requester = start == NULL ? PID_NONE : start->from,
		.name = spec->is_registered ? spec->id : NULL,
		.start = start == NULL ? NULL : start->body.bytes,
		.length = start == NULL ? 0 : start->length };

	/* The start event of a pool's child may name who is one with it. */
	if (is_pool(hand) && spawn.length == MESSAGE_BODY)
		memcpy(&spawn.starter,
		    start->body.bytes + MESSAGE_BODY - sizeof spawn.starter,
		    sizeof spawn.starter);
	return process_spawn(hand->scheduler, &spawn, ret_pid);
}

void
supervisor_exit_child(struct hand *hand, struct pid pid, enum reason_kind kind)
{
	process_exit_signal(hand->scheduler, hand->pid, pid,
	    (struct reason){ .kind = (uint16_t)kind });
}

/* otp.md 1.23: shutdown, wait, kill; brutal: kill at once. */
void
supervisor_shut_down(
    struct hand *hand, const struct child_spec *spec, struct pid pid)
{
	int ms = spec->shutdown_ms;

	if (ms > 0 &&
	    process_start_timer(
		hand->self, TIMER_SHUTDOWN, 0, (uint64_t)ms * 1000) != 0)
		ms = SHUTDOWN_BRUTAL_KILL; /* full: who would end the wait? */
	supervisor_exit_child(hand, pid,
	    ms == SHUTDOWN_BRUTAL_KILL ? REASON_KILL : REASON_SHUTDOWN);
}
