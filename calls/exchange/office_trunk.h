/*
 * office_trunk: trunk groups, routes and far ends, as the host sees them.
 *
 * What the operator makes and what the other exchanges do; as in office.h, for
 * home alone.  A circuit is named by its port (calls/exchange.h).
 */
#ifndef CALLS_EXCHANGE_OFFICE_TRUNK_H
#define CALLS_EXCHANGE_OFFICE_TRUNK_H

#include "calls/exchange/office.h"

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

/* Their numbers run from 0; TRUNK_NONE if there is none of that name. */
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

#endif
