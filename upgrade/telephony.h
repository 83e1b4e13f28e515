/*
 * telephony: what upgrade/ must know of the calls that it upgrades.
 *
 * The one table of functions of design 10: upgrade/ declares it, sim/ fills it
 * from calls/ and hands it to the release handler.  upgrade/ asks nothing else
 * of telephony; without a table (in tests of other modules) nothing is an
 * emergency, all figures of telephony are 0, and no process can be rejected.
 *
 * call(), is_settled() and is_emergency() are asked on the thread of the
 * scheduler that has, or will have, the process; the others at home, while all
 * else is halted.
 */
#ifndef UPGRADE_TELEPHONY_H
#define UPGRADE_TELEPHONY_H

#include "switch/module.h"

struct process_info;
struct scheduler;
struct version_measures;

/* A process that may come to a canary: it lives, or is about to be born. */
struct upgrade_candidate {
	const struct process_info *live; /* or NULL */
	const struct message *start;	 /* or NULL: its start event */
};

struct upgrade_telephony {
	void *arg;
	/* Its number, for reports; 0: it has none. */
	uint64_t (*call)(void *arg, const struct process_info *info);
	/*
	 * Whether it is settled what call it is: its number is known.  Else
	 * is_emergency() and wants() are not asked yet.
	 */
	bool (*is_settled)(
	    void *arg, const struct upgrade_candidate *candidate);
	bool (*is_emergency)(
	    void *arg, const struct upgrade_candidate *candidate);
	/* Fills what is telephony's, over the run; the rest is left alone. */
	void (*measure)(void *arg, uint16_t behaviour,
	    struct version_measures *ret_measures);
	/*
	 * That call ends now: cause 41, local reason UPGRADE_REJECT; its lines
	 * are free and its record is on its way.  `scheduler` is the one that
	 * has it.  false: it was released already, and ends with the cause
	 * that it has; nobody was cut.
	 */
	bool (*reject)(void *arg, struct scheduler *scheduler, struct pid pid);
};

/*
 * What the operator says about an upgrade, over the columns of a call and of a
 * version.  wants() is asked as is_emergency() is, fails() at home; either may
 * be NULL.  release() ends their use, on home's thread.
 */
struct upgrade_conditions {
	void *arg;
	/* Whether the canary may have it: -only. */
	bool (*wants)(void *arg, const struct upgrade_candidate *candidate);
	/*
	 * Whether the new release is to be taken back: -fail-when.  Both are
	 * of the time since the first call ran it.
	 */
	bool (*fails)(void *arg, const struct version_measures *new_version,
	    const struct version_measures *old_version);
	void (*release)(void *arg);
};

#endif
