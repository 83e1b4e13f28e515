/*
 * reload_plan: what is to be done so that an office becomes the one that its
 * config describes now, and what that comes to.
 *
 * It is made of words alone, on whatever thread; reload.h does it.
 */
#ifndef SIM_RELOAD_PLAN_H
#define SIM_RELOAD_PLAN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct office_data;

/* KIND(symbol, the command that makes one, what several are called) */
#define RELOAD_KINDS(X)                                                        \
	X(tariff, "tariff", "tariffs")                                         \
	X(account, "account", "accounts")                                      \
	X(trunk, "trunk", "trunk groups")                                      \
	X(lines, "lines", "lines")                                             \
	X(service, "service", "services")                                      \
	X(route, "route", "routes")                                            \
	X(port, "port", "ported numbers")                                      \
	X(timer, "timer", "timers")                                            \
	X(gate, "gate", "limits of the gate")
#define RELOAD_KIND_ENUM(symbol, command, several) RELOAD_##symbol,
enum reload_kind { RELOAD_KINDS(RELOAD_KIND_ENUM) RELOAD_KINDS_COUNT };
#undef RELOAD_KIND_ENUM

enum reload_change { RELOAD_ADDED, RELOAD_CHANGED, RELOAD_WITHDRAWN };
enum { RELOAD_CHANGES = RELOAD_WITHDRAWN + 1 };

enum reload_verb {
	RELOAD_DO,     /* as the command says */
	RELOAD_HAVE,   /* what it makes is there, and as it says */
	RELOAD_MORE,   /* and as this one says, of the one before */
	RELOAD_DRAFT,  /* one of all routes and ported numbers that there are */
	RELOAD_SWAP,   /* these take the place of those in use */
	RELOAD_RECORD, /* this one is in them now, and was not before */
	RELOAD_WITHDRAW
};

struct reload_step {
	enum reload_verb verb;
	enum reload_kind kind;
};

struct reload_plan {
	struct office_data *words; /* of each step, in order */
	struct reload_step *steps;
	uint32_t count, room;
	uint64_t changes[RELOAD_KINDS_COUNT][RELOAD_CHANGES];
	/* What says something else and is not obeyed: command, perhaps name. */
	struct office_data *left;
};

/* Whether that command says what can be replaced while calls run. */
bool reload_knows(const char *command);

/*
 * From what the config said, to what it says; what the operator has said since
 * holds before and after.  -ENOMEM.
 */
struct reload_words {
	const struct office_data *before, *now, *by_hand;
};
int reload_plan_make(
    struct reload_plan *ret_plan, const struct reload_words *words);
void reload_plan_done(struct reload_plan *plan);

#endif
