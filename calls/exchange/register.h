/*
 * register: collects digits for the office itself, where a call is not to.
 *
 * A call that is begun when its caller lifts pays for each of his digits, and
 * is refused, if it is, when all of that is done (T48): so a machine that is
 * short of time would spend it on calls that come to nothing.  While it is, and
 * for a minute after, the office listens itself to who lifts; and to who comes
 * over a trunk without his number (T47), whenever the gate is closed, for that
 * is to cost no process (T2).  He hears dial tone or has SETUP ACK, for he may
 * be about to call for help, and has the same time for his digits as in a call.
 * When his number is whole the gate is asked, once and for all: he begins a
 * call that has its number (T46), as if he had given it all at once, or is
 * turned away (T2).
 *
 * The gate is for numbers.  What is none and will not be one, a time that is up
 * or a code among it, is given to a call that says so or obeys (T6, T50 to
 * T53).
 *
 * It is no call before that, and nothing is known of it but its number and its
 * digits: who hangs up is counted as gapped.  A line that is called when it is
 * lifted (SERVICE_hot) has its number at once, and does not come here.
 *
 * Private to calls/exchange/, for whoever has the office's lock, at home.
 */
#ifndef CALLS_EXCHANGE_REGISTER_H
#define CALLS_EXCHANGE_REGISTER_H

#include "calls/exchange.h"

struct office;

/* Whether who lifts now is to be heard here. */
bool register_is_wanted(const struct office *office);

/*
 * An idle line is lifted; for its notice to come there is room (lines_promise).
 * -ENOSPC, and nothing has changed.
 */
int register_seize(struct office *office, uint32_t line, uint64_t *ret_call);

/*
 * SETUP without digits has come over the circuit of that attempt, which has an
 * annex.  The gate has said `answer`, or has let it in and is asked again.
 */
void register_seize_circuit(
    struct office *office, uint32_t place, uint8_t answer);

/* Whether that line or circuit is heard here. */
bool register_has(const struct office *office, uint32_t port);

/*
 * It dials, or hangs up; there is room for one more notice.  A far end may have
 * said how it goes, or its circuit has failed: then it is answered.
 */
void register_dial(struct office *office, uint32_t port, const char *digits);
void register_release(struct office *office, uint32_t port);

#endif
