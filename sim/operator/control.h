/*
 * control: operators at the control socket.
 *
 * One line in, one object or several out, the last with the key `ok`.  A client
 * has one line under way; those behind it wait unread in his socket, so what he
 * can make us keep is bounded, whatever he sends.  One who does not read what
 * he is told loses progress first and then the connection.
 *
 * For the operators' thread alone.
 */
#ifndef SIM_OPERATOR_CONTROL_H
#define SIM_OPERATOR_CONTROL_H

#include <stdbool.h>

#include "sim/operator/letterbox.h"

struct control;
struct event_base;

enum {
	CONTROL_CLIENTS_MAX = 64,
	CONTROL_LINE_MAX = 64 * 1024 /* bytes */
};

/* Takes clients from `descriptor`, which stays the caller's.  -ENOMEM. */
int control_alloc(struct control **ret_control, struct event_base *base,
    int descriptor, struct letterbox *lines);
void control_free(struct control **controlp);

/* Gives the client what he is told; false: he is not one of these. */
bool control_give(struct control *control, const struct letter *letter);

/* No new clients and lines; whether anything is still to be written. */
void control_close(struct control *control);
bool control_is_idle(const struct control *control);

#endif
