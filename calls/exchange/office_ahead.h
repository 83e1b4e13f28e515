/*
 * office_ahead: what a subscriber's next step will touch of the office, fetched
 * before it comes (switch/ahead.h).
 */
#ifndef CALLS_EXCHANGE_OFFICE_AHEAD_H
#define CALLS_EXCHANGE_OFFICE_AHEAD_H

#include <stdint.h>

struct office;

/* The line; then its call: the process, the attempt and its legs. */
void office_fetch_line(
    const struct office *office, uint32_t line, unsigned int round);

#endif
