/*
 * office_trunk: trunk groups, routes and far ends, as the host sees them.
 *
 * What the operator makes and what the other exchanges do; as in office.h, for
 * home alone.  A circuit is named by its port (calls/exchange.h).
 */
#ifndef CALLS_EXCHANGE_OFFICE_TRUNK_H
#define CALLS_EXCHANGE_OFFICE_TRUNK_H

#include "calls/exchange/office.h"

/* T85: a circuit whose far end does not answer RELEASE. */
#define ALARM_CIRCUIT_BLOCKED "circuit-blocked"

enum trunk_kind { TRUNK_SS7, TRUNK_ISDN };
enum trunk_direction { TRUNK_BOTH, TRUNK_IN, TRUNK_OUT };

/* Which circuits are ours when both ends seize one at once (Q.764 2.9.1). */
enum trunk_control { OURS_ALL, OURS_EVEN, OURS_ODD, OURS_NONE };

/* Which idle circuit is taken: the lowest, the highest, the longest idle. */
enum trunk_hunt { HUNT_LOW, HUNT_HIGH, HUNT_IDLE };

enum { TRUNK_NAME_SIZE = 32, TRUNK_CIRCUITS_MAX = 65535 };
#define TRUNK_NONE UINT32_MAX

struct trunk_plan {
	const char *name;
	uint32_t circuits;
	enum trunk_kind kind;
	enum trunk_direction direction;
	enum trunk_control control;
	enum trunk_hunt hunt;
	/* The far end does not answer DISCONNECT and RELEASE by itself. */
	bool is_silent;
};

/*
 * -EINVAL no name, one too long, no circuits or too many; -EEXIST there is a
 * group of that name; -ENOMEM.
 */
int office_add_trunk(struct office *office, const struct trunk_plan *plan);

/*
 * The group of that name is so from now on; circuits that it gets are as the
 * group is, and of those that it loses each goes when its call has ended.
 * -EINVAL as above; -ENOENT there never was one; -EBUSY it has calls, which go
 * by the rules of another kind; -ENOMEM.
 */
int office_change_trunk(struct office *office, const struct trunk_plan *plan);
/* It loses all of them. */
void office_withdraw_trunk(struct office *office, uint32_t trunk);

/*
 * Their numbers run from 0; TRUNK_NONE if there is none of that name, or it is
 * withdrawn and has no calls.
 */
uint32_t office_find_trunk(const struct office *office, const char *name);
const char *office_trunk_name(const struct office *office, uint32_t trunk);

/* The port of its circuit `number`, from 1; PORT_NONE there is none. */
uint32_t office_circuit(
    const struct office *office, uint32_t trunk, uint32_t number);

enum route_order { ORDER_FIXED, ORDER_WEIGHT, ORDER_COST };
enum route_class {
	ROUTE_ORDINARY = CLASS_ordinary,
	ROUTE_EMERGENCY = CLASS_emergency
};
enum { ROUTE_TARGETS_MAX = 16 };

/* Where else than to a trunk group. */
enum { TARGET_ANNOUNCEMENT = UINT16_MAX - 1, TARGET_LOCAL = UINT16_MAX };

struct route_plan {
	const char *prefix; /* keys of a telephone, at most DIGITS_MAX */
	/* Trunk groups; or announcement; or local, which stands alone. */
	uint16_t targets[ROUTE_TARGETS_MAX];
	unsigned int count;
	unsigned int strip;    /* digits taken off in front */
	const char *prepend;   /* put there instead */
	unsigned int min, max; /* digits of the whole number; 0: any */
	enum route_order order;
	enum route_class class;
	uint16_t tariff; /* or TARIFF_NONE */
};

/*
 * Numbers with this prefix go there; what it has already comes first.
 * -EINVAL digits that are none, a target beside `local`; -ENOSPC more targets
 * than there can be; -ENOMEM.
 */
int office_add_route(struct office *office, const struct route_plan *plan);

/* The route that these digits lead to as a whole number, or ROUTE_NONE. */
uint32_t office_route_of(struct office *office, const char *digits);

/*
 * Whether a number leads to that group first.  Numbers that do, `first` to
 * `last`, each of DIGITS_MAX + 1 bytes; false: no route does.
 */
bool office_leads_to(struct office *office, const char *digits, uint32_t trunk);
bool office_numbers_to(
    struct office *office, uint32_t trunk, char *first, char *last);

/* The number is routed as `digits` from now on.  -EINVAL; -ENOMEM. */
int office_port(struct office *office, const char *number, const char *digits);

/*
 * New tables in place of all routes and ported numbers: they are made aside,
 * while calls go on, and then count at once.  Calls that have a route keep what
 * they have of it.  The draft is freed or taken over; -ENOMEM: as if nothing
 * had been done, and the draft is still there.
 */
struct routing;
int office_draft(struct office *office, struct routing **ret_draft);
int office_draft_route(struct office *office, struct routing *draft,
    const struct route_plan *plan);
int office_draft_port(
    struct routing *draft, const char *number, const char *digits);
int office_reload(struct office *office, struct routing **draftp);
void office_draft_free(struct routing **draftp);

/*
 * A call from the far end, over a circuit that it chooses if none is said (0).
 * Without digits they follow (office_far_dial).  Where that circuit has a call
 * of ours that nobody has answered yet, the two meet (T62): *ret_call will have
 * a process only if it gets the circuit; as it will have none if the gate is
 * closed (T2).  -ENOTSUP with *ret_why, as in office.h.
 */
struct trunk_call {
	uint32_t trunk, circuit;
	const char *digits, *calling;
	/*
	 * Exchanges that it may still pass, this one included, before it is
	 * thought to go round (Q.763 3.80); 0: it does not say.
	 */
	uint8_t hops;
};
int office_trunk_call(struct office *office, const struct trunk_call *call,
    uint64_t *ret_call, uint32_t *ret_port, const char **ret_why);

/* A signal from the far end, and digits; likewise. */
int office_far_signal(struct office *office, uint32_t port,
    enum signal_kind signal, uint8_t cause, const char **ret_why);
int office_far_dial(struct office *office, uint32_t port, const char *digits,
    const char **ret_why);

/*
 * What befalls a signal of a far end on its way here, which is asked of each
 * that belongs to a call: it may be kept, and is then lost, or delivered later.
 * One.
 */
struct wire_signal {
	uint64_t call;
	uint32_t port;
	enum signal_kind kind;
	uint8_t cause;
};
enum wire_fate { WIRE_PASSES, WIRE_KEEPS, WIRE_DOUBLES };
typedef enum wire_fate office_wire_f(
    void *arg, const struct wire_signal *signal);
void office_set_wire(struct office *office, office_wire_f *wire, void *arg);
/* It arrives after all; false: its call has no such circuit any more. */
bool office_deliver(struct office *office, const struct wire_signal *signal);

/*
 * Out of service, for the next call (blocked); or failed, for the one that it
 * has as well (down).  With a port of a circuit, or all of a group.
 */
void office_block_circuit(
    struct office *office, uint32_t port, bool is_blocked);
void office_block_trunk(
    struct office *office, uint32_t number, bool is_blocked);
/* -ENOSPC: a call could not be told, and the circuit is as it was. */
int office_fail_circuit(struct office *office, uint32_t port, bool is_down);
int office_fail_trunk(struct office *office, uint32_t number, bool is_down);

/*
 * The far ends: told, soon after, that something has changed at a circuit, be
 * it called, free again, or another tone there; once for several changes.  What
 * it does about it, it may do at once.
 */
typedef void office_far_end_f(void *arg, uint32_t port);
void office_set_far_end(
    struct office *office, office_far_end_f *far_end, void *arg);

#define CIRCUIT_STATES(X)	   X(idle) X(busy) X(down) X(blocked)
#define CIRCUIT_STATE_ENUM(symbol) CIRCUIT_STATE_##symbol,
enum circuit_state { CIRCUIT_STATES(CIRCUIT_STATE_ENUM) };
#undef CIRCUIT_STATE_ENUM
const char *circuit_state_word(enum circuit_state state);

struct circuit_info {
	enum circuit_state state;
	enum tone tone;	 /* that is heard at its far end */
	struct pid call; /* its process, or PID_NONE */
	uint64_t number; /* of the call, or 0 */
	bool is_called;	 /* its far end has SETUP, and has said nothing */
	uint32_t trunk, circuit;
};
void office_circuit_look(
    struct office *office, uint32_t port, struct circuit_info *ret_info);

enum { TRUNK_SOURCES_MAX = 8 };
struct trunk_info {
	uint32_t circuits, busy;
	uint32_t leaving; /* busy ones that it has lost */
	bool is_down, is_blocked;
	uint64_t bids, overflow, seizures, answers, effective, bill_ms, glare,
	    incoming;
	uint64_t first_bids; /* of the bids: no other group was tried before */
	uint64_t busy_us, all_busy_us, passed_us;
	double blocking_error; /* standard, of all bids; below 0: not known */
	uint16_t sources[TRUNK_SOURCES_MAX]; /* whose overflow it takes */
	uint32_t sources_count;
};
void office_trunk_look(
    struct office *office, uint32_t number, struct trunk_info *ret_info);

#endif
