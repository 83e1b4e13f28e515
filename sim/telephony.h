/*
 * telephony: what upgrade/ must know of calls, from calls/.
 *
 * The one place where the two meet (design 10): it fills the table that
 * upgrade/telephony.h declares.  There are no emergency calls yet.
 */
#ifndef SIM_TELEPHONY_H
#define SIM_TELEPHONY_H

struct behaviours;
struct office;
struct release_handler;

struct telephony {
	struct office *office;
	struct behaviours *behaviours;
};

/* `telephony`, filled, must outlive the handler. */
void telephony_join(
    struct telephony *telephony, struct release_handler *handler);

#endif
