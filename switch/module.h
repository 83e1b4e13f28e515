/*
 * module: what the switch and a loadable module promise each other.
 *
 * A module is code for one kind of process, in a shared object of its own.  It
 * exports one const descriptor, `hotswitch_module`, and keeps no writable
 * byte: what a process must remember lies in its state, plain bytes described
 * by the module's schema.  A handler works on a copy of the state and asks for
 * effects through the verbs below; both count only if it returns.
 *
 * ABI history: 1 (2026-11-22) the first; 2 (2026-11-22) schemas have records,
 * arrays, unions, references, rules, and private messages; 3 (2026-11-30) a
 * schema says where its module means to differ; EVENT_UNKNOWN; 4 (2026-11-30) a
 * translation has a class; 5 (2026-11-30) a call has legs; 6 (2026-11-30) the
 * table by which a module works; 7 (2026-11-30) ports, which are lines or
 * circuits, and routes; 8 (2026-11-30) accounts, and prices by the hour;
 * 9 (2026-11-30) whose call has digits that nobody waits for; 10 (2026-11-30) a
 * line has several bars, which line_bars() knows; port_withdraw(), and
 * port_send() to lines.  It is raised by whatever a module that was built
 * before would not be refused for by its symbols, and yet do wrong: a structure
 * or a number that changes, and a verb that promises something else.
 */
#ifndef SWITCH_MODULE_H
#define SWITCH_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "switch/schema_list.h"

#define MODULE_VERB __attribute__((visibility("default")))
/* MONITOR_UNIT: in the DOWN of a child that is one unit with its starter. */
enum { MONITOR_UNIT = 0x7fff0000 };
#define MODULE_ABI 10
enum { MODULE_MAGIC = 0x5c0ff1ce, INIT_IGNORE = 2 };

/* The upper 8 bits of a slot are its scheduler.  A stale pid is harmless. */
struct pid {
	uint32_t slot, generation;
};
#define PID_NONE ((struct pid){ 0, 0 })

static inline bool
pid_equal(struct pid one, struct pid other)
{
	return one.slot == other.slot && one.generation == other.generation;
}
static inline bool
pid_is_none(struct pid pid)
{
	return pid_equal(pid, PID_NONE);
}

/* clang-format off */
enum reason_kind { /* number: of a fault the signal, of an error the code */
	REASON_NORMAL, REASON_SHUTDOWN, REASON_KILL, REASON_KILLED,
	REASON_NOPROC, REASON_ERROR, REASON_FAULT
};
struct reason {
	uint16_t kind, number;
	uint32_t offset; /* of a fault: where in the module's image */
};

/* An event as its handler reads it: 16 bytes of envelope, 48 of body. */
enum { MESSAGE_BODY = 48 };
struct message {
	uint32_t next; /* the runtime's own */
	uint16_t kind;
	uint8_t length, flags;
	struct pid from;
	union {
		uint8_t bytes[MESSAGE_BODY];
		struct event_timeout { uint16_t timer, key; } timeout;
		/* EVENT_EXIT and EVENT_DOWN */
		struct event_ended { struct reason reason; uint32_t monitor; } ended;
		uint16_t unknown; /* of EVENT_UNKNOWN: the kind that it lacks */
		struct event_faulted {
			struct reason reason;
			uint16_t kind, length;
			uint8_t first[32];
		} faulted;
	} body;
};
enum { /* below EVENT_PRIVATE signals, then the module's own, then ours */
	EVENT_PRIVATE = 0x1000, EVENT_TIMEOUT = 0xff00, EVENT_EXIT,
	EVENT_DOWN, EVENT_FAULTED,
	EVENT_UNKNOWN, /* whom you sent `unknown` to is of a version without */
	EVENT_USE_CURRENT
};
/* clang-format on */

struct self; /* the process that handles an event, for as long as it does */

/*
 * Verbs.  0, or -ENOSPC (`full`: a pool or the outbox has no room), -EINVAL.
 * Nothing happens before the handler has returned; what was reserved is given
 * back if it does not.
 */
MODULE_VERB struct pid process_self(struct self *self);
MODULE_VERB uint64_t process_now(struct self *self); /* µs of the run */
MODULE_VERB int process_send(struct self *self, struct pid to, uint16_t kind,
    const void *body, size_t length);
/* As process_send, with `size` more bytes in a parcel that the event owns. */
MODULE_VERB int process_send_parcel(struct self *self, struct pid to,
    uint16_t kind, const void *bytes, size_t size);
/* The bytes of the parcel of the event being handled; NULL if it has none. */
MODULE_VERB const void *process_parcel(struct self *self, size_t *ret_size);
/* Ends this process with `reason` after this event; the last one counts. */
MODULE_VERB int process_exit(struct self *self, struct reason reason);
MODULE_VERB int process_link(struct self *self, struct pid peer);
MODULE_VERB int process_unlink(struct self *self, struct pid peer);
/* A monitor's number is the caller's own choice and comes back in its DOWN. */
MODULE_VERB int process_monitor(struct self *, struct pid, uint32_t monitor);
MODULE_VERB int process_demonitor(struct self *self, uint32_t monitor);
MODULE_VERB int process_trap_exit(struct self *self, bool on);
/* One timer per (timer, key); starting it anew replaces it.  Below 2^40 µs. */
MODULE_VERB int process_start_timer(
    struct self *self, uint16_t timer, uint16_t key, uint64_t delay);
MODULE_VERB int process_stop_timer(
    struct self *self, uint16_t timer, uint16_t key);
/* The qualified call: after this event the current version takes over. */
MODULE_VERB int process_use_current(struct self *self);

/*
 * Schema.  schema_list.h: one list per state declares struct and table; and
 * what the lines of rules, no_way_back and differs say.
 */
/* clang-format off */
enum field_kind {
	FIELD_UINT, FIELD_INT, FIELD_ENUM, FIELD_TEXT, FIELD_BOOL, FIELD_PID,
	FIELD_LINE, FIELD_CIRCUIT, FIELD_RECORD, FIELD_UNION
};
struct field {
	const char *name, *former, *symbols; /* words, separated by spaces */
	int64_t initial; /* the declared default */
	uint32_t offset; /* of a message: its number */
	uint16_t kind, width, length; /* bytes, of one; elements, or 0 */
	uint16_t count; /* of `fields`, of a record or union */
	const struct field *fields;
	const char *by; /* counts an array's elements in use; tags a union */
};
struct schema {
	const struct field *fields;
	const char *const *no_way_back; /* "FIELD SYMBOL" ..., then NULL */
	const char *timers; /* names, in order of their numbers */
	uint32_t count, size, message_count;
	const char *const *rules; /* "FIELD clamp|hook|from OLD", then NULL */
	const struct field *messages; /* the private ones, as records */
	const char *const *differs; /* "EVENT VERB", then NULL; or NULL */
};
/* clang-format on */

/*
 * A module that works by a table of rows gives it here, for people to read and
 * `hotswitch states` to judge: its rows in each state, by the number that the
 * state has in the field `state`, and as the last those that every state has.
 */
struct row_words {
	const char *number, *event, *side, *guard, *action, *next, *cause;
};
struct state_table {
	const void *rows;     /* each begins with a pointer to its row_words */
	uint16_t count, size; /* rows; bytes of one */
	uint32_t parties;     /* bits: who is there until one leaves */
	uint32_t timers;      /* bits: which can run; 2 is the schema's first */
};

struct module {
	uint32_t magic, abi;
	const char *name, *version;
	struct schema schema;
	/* Fills a zeroed state; or INIT_IGNORE: no process; or -errno. */
	int (*init)(struct self *, void *state, const struct message *start);
	void (*handle)(struct self *, void *state, const struct message *event);
	void (*terminate)(struct self *, void *state, const struct reason *why);
	/* Optional: what the derived plan cannot do; newer code, both ways. */
	int (*code_change)(const void *from, void *to, bool down);
	/* Optional: whether a state makes sense, as an invariant. */
	bool (*check)(const void *state);
	/* Optional: 0 when the module finds itself in order. */
	int (*self_test)(void);
	/* Optional. */
	const struct state_table *states;
	uint32_t states_count;
};

#endif
