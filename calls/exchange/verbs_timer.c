/*
 * verbs_timer: how long the timers of calls run, where an operator has said so.
 */
#include "calls/exchange/verbs_internal.h"
#include "switch/object.h"

void
office_set_timer(struct office *office, enum office_timer timer, uint64_t us)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	office->timers[timer] = us;
	office_leave(office);
}

uint64_t
office_timer(const struct office *office, enum office_timer timer)
{
	CHECK_OBJ(office, OFFICE_MAGIC);
	return office->timers[timer]; /* home alone sets it */
}

const char *
office_timer_word(enum office_timer timer)
{
#define TIMER_WORD(symbol) #symbol,
	static const char *const words[] = { OFFICE_TIMERS(TIMER_WORD) };
#undef TIMER_WORD

	return words[timer];
}

uint64_t
exchange_timer(struct self *self, enum office_timer timer)
{
	const bool is_timer = (unsigned int)timer < OFFICE_TIMERS_COUNT;
	struct office *office = enter(self);
	uint64_t us = 0;

	if (is_timer &&
	    (!verb_is_noted(self) ||
		!verb_ask(self, &us, sizeof us, "timer %s",
		    office_timer_word(timer))))
		us = office->timers[timer];
	leave(office, self);
	if (is_timer && verb_is_noted(self))
		verb_answer(self, &us, sizeof us);
	return us;
}
