/*
 * notice: what terminals are still to be told, in the order in which it was.
 *
 * With several schedulers a call may change a line on any of them, but the
 * subscribers live at home.  So the change is put here and told there.  A
 * commit cannot fail: whoever will put something reserves room for it first.
 *
 * For whoever has the office's lock.  Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_NOTICE_H
#define CALLS_EXCHANGE_NOTICE_H

#include <stdint.h>

struct notice {
	uint32_t line;
	uint8_t state; /* enum line_state */
	uint8_t tone;  /* enum tone */
};

struct notices;

/* -ENOMEM. */
int notices_alloc(struct notices **ret_notices);
void notices_free(struct notices **noticesp);

/*
 * Room for one more, which stays free until it is given back.  -ENOMEM.  Who
 * puts a notice gives his room back just before.
 */
int notices_reserve(struct notices *notices);
void notices_give_back(struct notices *notices);

/* How many there are now, with this one. */
uint32_t notices_put(struct notices *notices, struct notice notice);

/* The oldest ones, at most `max`; how many those are. */
uint32_t notices_take(
    struct notices *notices, struct notice *ret_notices, uint32_t max);

#endif
