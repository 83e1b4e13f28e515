/* idle: the callbacks of a module that does nothing, whatever it is told. */
#ifndef TESTS_IDLE_H
#define TESTS_IDLE_H

#include "switch/module.h"

static inline int
idle_init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	(void)state;
	(void)start;
	return 0;
}

static inline void
idle_handle(struct self *self, void *state, const struct message *event)
{
	(void)self;
	(void)state;
	(void)event;
}

static inline void
idle_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	(void)reason;
}

#endif
