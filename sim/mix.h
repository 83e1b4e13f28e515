/*
 * mix: what subscribers do in their calls, as the command `behaviour` says it.
 *
 * Of each hundred calls so many are answered, meet a busy subscriber, are not
 * answered, refused, given up by the caller, or dialled wrong: one of these
 * each.  Where -answer is not given, all that is left is answered; where it is,
 * what is left is not.  Of the answered, so many are held for a third of their
 * time, or passed on to somebody else in the middle of it.  And of those that
 * were in vain (busy, no circuit, no answer) so many are tried again.
 *
 * What comes of a call is drawn from the call's own seed, so that whoever asks
 * is told the same, whatever happens elsewhere.
 */
#ifndef SIM_MIX_H
#define SIM_MIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/distribution.h"

/* X(symbol, option) */
#define MIX_OUTCOMES(X)                                                        \
	X(answer, "-answer")                                                   \
	X(busy, "-busy")	   /* the called one is: 17, at once */        \
	X(no_answer, "-no-answer") /* it rings till the exchange gives up */   \
	X(reject, "-reject")	   /* the called one does: 21 */               \
	X(abandon, "-abandon")	   /* the caller gives up */                   \
	X(misdial, "-misdial")	   /* a number that nobody has */
#define MIX_OUTCOME_ENUM(symbol, option) MIX_##symbol,
enum mix_outcome { MIX_OUTCOMES(MIX_OUTCOME_ENUM) MIX_OUTCOMES_COUNT };
#undef MIX_OUTCOME_ENUM

/* What the caller does in a call that was answered. */
enum mix_talk { MIX_TALKS, MIX_HOLDS, MIX_TRANSFERS };

enum { MIX_NAME_SIZE = 32 };

struct mix {
	char name[MIX_NAME_SIZE];
	double shares[MIX_OUTCOMES_COUNT]; /* 0 to 1 */
	bool is_answer_said;
	double hold, transfer, redial;
	struct distribution answer_after, abandon_after, redial_after;
	struct distribution dial_every;
	bool is_slow; /* dials digit by digit: -dial-every */
};

/* Everybody answers, after 2 to 10 s. */
extern const struct mix mix_plain;

/*
 * Gives the share that is left to who gets it.  -EINVAL with one clause in
 * `why`: there is more than the whole.
 */
int mix_settle(struct mix *mix, char *why, size_t size);

enum mix_outcome mix_outcome(const struct mix *mix, uint64_t seed);
enum mix_talk mix_talk(const struct mix *mix, uint64_t seed);
bool mix_redials(const struct mix *mix, uint64_t seed);

/* How long until something is done, in µs. */
uint64_t mix_answer_after(const struct mix *mix, uint64_t seed);
uint64_t mix_abandon_after(const struct mix *mix, uint64_t seed);
uint64_t mix_redial_after(const struct mix *mix, uint64_t seed);
/* Before the `n`-th digit. */
uint64_t mix_dial_after(const struct mix *mix, uint64_t seed, unsigned int n);
/* Of the traffic, not of the mix. */
uint64_t mix_hold(const struct distribution *hold, uint64_t seed);
/* The seed of the next try; of who is beyond, and draws for himself. */
uint64_t mix_again(uint64_t seed);
uint64_t mix_beyond(uint64_t seed);

/*
 * For how long a call occupies what it goes over, on the average, in µs;
 * `no_answer_us`: till the exchange gives up.
 */
double mix_occupied(const struct mix *mix, const struct distribution *hold,
    uint64_t no_answer_us);

#endif
