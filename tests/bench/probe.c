/* probe: see probe.h for what it is. */
#include "tests/bench/probe.h"

#include <string.h>

#include "tests/bench/meter.h"
#include "tests/bench/toy.h"

struct state {
	uint64_t spare[10]; /* as large as a toy's */
};

static int
init(struct self *self, void *state, const struct message *start)
{
	(void)self;
	(void)state;
	(void)start;
	return 0;
}

static void
handle(struct self *self, void *state, const struct message *event)
{
	static volatile int *volatile nowhere;
	struct probe *probe;

	(void)state;
	memcpy(&probe, event->body.bytes, sizeof probe);
	if (event->kind == TOY_CRASH) {
		probe->faulted = meter_wall_ns();
		*nowhere = 1;
	} else if (event->kind == TOY_PROBE) {
		probe->served = meter_wall_ns();
		(void)process_send(self, event->from, PROBE_DONE, NULL, 0);
	}
}

static void
terminate(struct self *self, void *state, const struct reason *why)
{
	(void)self;
	(void)state;
	(void)why;
}

const struct module probe_module = {
	.magic = MODULE_MAGIC,
	.abi = MODULE_ABI,
	.name = "toy",
	.version = "probe",
	.schema = { .size = sizeof(struct state) },
	.init = init,
	.handle = handle,
	.terminate = terminate,
};
