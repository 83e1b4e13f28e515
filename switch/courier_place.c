/*
 * courier_place: places for children on other schedulers.
 *
 * A spawn has its pid at once, and a slot can only be taken by the scheduler
 * whose it is: so each has a few of every other in advance, and is sent another
 * when one is used.
 */
#include "switch/courier_internal.h"

#include <errno.h>

struct pid
courier_take_place(struct scheduler *scheduler, unsigned int on)
{
	struct outgoing *out = &scheduler->courier->out[on];

	return out->places_count == 0 ? PID_NONE
				      : out->places[--out->places_count];
}

void
courier_return_place(struct scheduler *scheduler, struct pid place)
{
	struct outgoing *out = outgoing_to(scheduler, place);

	assert(out->places_count < PLACES);
	out->places[out->places_count++] = place;
}

void
courier_send_place(struct scheduler *scheduler, unsigned int to)
{
	uint32_t slot;
	struct cargo cargo = { .type = CARGO_PLACE,
		.to = { .slot = to * STORE_SLOTS } };

	if (courier_reserve(scheduler, cargo.to) != 0)
		return; /* one place fewer */
	slot = slot_take(scheduler);
	if (slot == 0) {
		courier_give_back(scheduler, cargo.to);
		return;
	}
	cargo.about =
	    (struct pid){ slot, process_at(scheduler, slot)->generation };
	courier_send(scheduler, &cargo);
}

int
courier_lay_out_places(struct scheduler *scheduler)
{
	struct scheduler *peer;
	unsigned int i, count;
	uint32_t slot;

	for (i = 0; i < scheduler->schedulers; i++) {
		peer = scheduler->node->scheduler[i];
		for (count = 0; peer != scheduler && count < PLACES; count++) {
			slot = slot_take(scheduler);
			if (slot == 0)
				return -ENOMEM;
			courier_return_place(peer,
			    (struct pid){ slot,
				process_at(scheduler, slot)->generation });
		}
	}
	return 0;
}
