/*
 * class: of what kind a line is, and with it a call.
 *
 * A line is ordinary, of priority, for emergencies (that of a fire brigade) or
 * for tests.  A call is of the class of the line that makes it, and is raised
 * to an emergency call, once and for all, when it goes to a line for these.
 * An emergency call is free of charge, passes the gate, and is left out of a
 * canary.
 *
 * Private to calls/exchange/, but for what office.h declares.
 */
#ifndef CALLS_EXCHANGE_CLASS_H
#define CALLS_EXCHANGE_CLASS_H

#include "calls/exchange.h"

struct attempt;
struct lines;
struct office;

/* What digits lead to, and of what class that is. */
struct translation class_translate(
    const struct office *office, const char *digits);

/* Of digits that a caller has dialled. */
enum line_class class_of_number(
    const struct office *office, const char *digits);

/* Of a line; CLASS_ordinary if there is none. */
enum line_class class_of_line(const struct lines *lines, uint32_t id);

/* The call has begun at its line; it goes to one of that class. */
void class_begin(struct attempt *attempt, const struct lines *lines);
void class_raise(struct attempt *attempt, enum line_class called);

#endif
