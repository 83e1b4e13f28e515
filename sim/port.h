/*
 * port: what a subscriber does at a line, or another exchange at its end of a
 * circuit, whichever a party of a call is.
 *
 * As in calls/exchange/office.h: 0, or -ENOTSUP with *ret_why why not.
 */
#ifndef SIM_PORT_H
#define SIM_PORT_H

#include "calls/exchange/office.h"

int port_answer(struct office *office, uint32_t port, const char **ret_why);
int port_reject(
    struct office *office, uint32_t port, uint8_t cause, const char **ret_why);
/* With this cause, which only a circuit has; 0: as it is usual. */
int port_hangup(
    struct office *office, uint32_t port, uint8_t cause, const char **ret_why);
int port_dial(struct office *office, uint32_t port, const char *digits,
    const char **ret_why);

/* What is heard there in that call. */
enum tone port_hears(struct office *office, uint32_t port, struct pid call);

#endif
