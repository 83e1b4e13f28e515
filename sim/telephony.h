/*
 * telephony: what upgrade/ must know of calls, from calls/.
 *
 * The one place where the two meet (design 10): it fills the table that
 * upgrade/telephony.h declares.
 */
#ifndef SIM_TELEPHONY_H
#define SIM_TELEPHONY_H

#include <stdint.h>

struct behaviours;
struct office;
struct process_info;
struct release_handler;
struct scheduler;
struct version_measures;

struct telephony {
	struct scheduler *scheduler; /* home */
	struct office *office;
	struct behaviours *behaviours;
};

/* `telephony`, filled, must outlive the handler. */
void telephony_join(
    struct telephony *telephony, struct release_handler *handler);

/* The number of the call that a process is; 0: it is none. */
uint64_t telephony_call(
    const struct telephony *telephony, const struct process_info *info);
/* Fills what is telephony's, of the calls that ended in that version. */
void telephony_measure(const struct telephony *telephony, uint16_t behaviour,
    struct version_measures *ret_measures);

#endif
