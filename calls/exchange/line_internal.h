/*
 * Private to line.c and line_pair.c: what is done to a line in both of them.
 */
#ifndef CALLS_EXCHANGE_LINE_INTERNAL_H
#define CALLS_EXCHANGE_LINE_INTERNAL_H

#include "calls/exchange/line.h"

/* line.c: the line to be changed; its state and tone; its terminal is told. */
struct line *line_at(const struct lines *lines, uint32_t id);
void line_set_state(struct lines *lines, uint32_t id, enum line_state state);
void line_set_tone(struct lines *lines, uint32_t id, enum tone tone);
void line_tell_terminal(const struct lines *lines, uint32_t id);

/*
 * line_pair.c: a line with a call is waiting or busy, as its calls are, if it
 * does not ring; whether that is news.
 */
bool line_settle(struct lines *lines, uint32_t id);
/* The other side has it as its own no more; a circuit sees to itself. */
void line_leave_peer(struct lines *lines, uint32_t id, uint32_t peer);
/* The call that it talks in has gone, and the other one is its only one. */
void line_return_to_other(struct lines *lines, uint32_t id);

#endif
