/*
 * register: collects the digits of who lifts while the machine's time is short.
 *
 * A call that is begun when its caller lifts pays for each of his digits, and
 * is refused, if it is, when all of that is done (T48): so a machine that is
 * short of time would spend it on calls that come to nothing.  While it is, and
 * for a minute after, the office listens itself to who lifts.  He hears dial
 * tone (T1), for he may be about to call for help, and has the same time for
 * his digits as in a call.  When his number is whole, or his time is up, the
 * gate is asked, once and for all: he begins a call that has its number (T46),
 * as if he had given it all at once, or is turned away (T2).  Whose time is up
 * without one, and who is let in, has a call that says so (T6, T51).
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

/* Whether that line is heard here. */
bool register_has(const struct office *office, uint32_t line);

/* It dials, or hangs up; there is room for one more notice. */
void register_dial(struct office *office, uint32_t line, const char *digits);
void register_release(struct office *office, uint32_t line);

#endif
