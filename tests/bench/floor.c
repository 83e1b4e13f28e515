/*
 * floor: see floor.h for what it is.
 *
 * The messages that one start takes in the switch: the request to the pool,
 * the start event, the answer to who asked.
 */
#include "tests/bench/floor.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "switch/behaviour.h"
#include "tests/bench/lane.h"
#include "tests/bench/meter.h"
#include "tests/bench/toy.h"

enum { STEP = 16 << 20, IN_FLIGHT = 192, FAULTS = 10000, EVENTS = 10000000 };

struct header {
	uint32_t generation, events, state, spare[13];
};
_Static_assert(sizeof(struct header) == 64, "as the switch's");

/* What one thread works on. */
struct bare {
	pthread_t thread;
	void (*work)(struct bare *bare);
	const struct module *module;
	uint32_t count, populated, rounds;
	uint32_t *order;
	struct header *headers;
	uint8_t *states;
	size_t size; /* of a state, in whole units of the store */
	struct message messages[IN_FLIGHT];
	uint8_t scratch[BEHAVIOUR_STATE_MAX];
};

/* The module under test is called through this, so never inlined. */
int floor_exit(struct self *self, struct reason reason);

int
floor_exit(struct self *self, struct reason reason)
{
	(void)self;
	(void)reason;
	return 0;
}

static uint8_t *
reserve(size_t bytes)
{
	uint8_t *memory;

	bytes = (bytes + STEP - 1) / STEP * STEP;
	memory = mmap(NULL, bytes + STEP, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	meter_must(memory == MAP_FAILED ? -1 : 0, "reserve memory");
	memory += STEP - (uintptr_t)memory % STEP;
	(void)madvise(memory, bytes, MADV_HUGEPAGE);
	return memory;
}

/* In steps, as the store does; both arrays at the same pace. */
static void
populate(struct bare *bare, uint32_t index)
{
	size_t at = index * sizeof *bare->headers;

	if (at % STEP == 0)
		(void)madvise(
		    (uint8_t *)bare->headers + at, STEP, MADV_POPULATE_WRITE);
	at = index * bare->size;
	if (at / STEP != (at + bare->size - 1) / STEP || at % STEP == 0)
		(void)madvise(
		    bare->states + (at + bare->size - 1) / STEP * STEP, STEP,
		    MADV_POPULATE_WRITE);
}

static void
write_message(struct bare *bare, uint32_t at, uint16_t kind, const void *body,
    size_t length)
{
	struct message *message = &bare->messages[at % IN_FLIGHT];

	message->kind = kind;
	message->length = (uint8_t)length;
	memcpy(message->body.bytes, body, length);
	/* It is read by another, later: not to be optimised away. */
	__asm__ volatile("" : : "r"(message) : "memory");
}

/* In by the scratch, out by the scratch, one indirect call between. */
static void
handle(struct bare *bare, uint32_t call, uint32_t at)
{
	struct header *header = &bare->headers[call];
	uint8_t *state = bare->states + call * bare->size;
	uint32_t size = bare->module->schema.size;

	memcpy(bare->scratch, state, size);
	bare->module->handle(
	    NULL, bare->scratch, &bare->messages[at % IN_FLIGHT]);
	memcpy(state, bare->scratch, size);
	header->events++;
}

static void
start(struct bare *bare, uint32_t call)
{
	struct header *header = &bare->headers[call];
	uint8_t *state = bare->states + call * bare->size;
	uint32_t size = bare->module->schema.size, i;
	const struct toy_start body = { .key = call, .digits = "3000000" };

	memset(header, 0, sizeof *header);
	header->generation++;
	memset(state, 0, size);
	for (i = 0; i < 3; i++)
		write_message(bare, i, 0, &body, sizeof body);
	memcpy(bare->scratch, state, size);
	(void)bare->module->init(NULL, bare->scratch, &bare->messages[1]);
	memcpy(state, bare->scratch, size);
	header->events++;
}

static void
tell(struct bare *bare, uint32_t at, uint16_t kind)
{
	const struct toy_event body = { .at = at, .pulses = 1 };

	write_message(bare, at, kind, &body, sizeof body);
}

static void
do_starts(struct bare *bare)
{
	uint32_t i;

	for (i = 0; i < bare->count; i++) {
		populate(bare, i);
		start(bare, i);
	}
}

static void
do_talk(struct bare *bare)
{
	uint32_t i;

	for (i = 0; i < bare->count; i++) {
		tell(bare, 0, TOY_ALERTING);
		handle(bare, i, 0);
		tell(bare, 0, TOY_ANSWER);
		handle(bare, i, 0);
	}
}

static void
do_events(struct bare *bare)
{
	uint32_t i, j, round;

	for (round = 0; round < bare->rounds; round++)
		for (i = 0; i < bare->count; i += IN_FLIGHT) {
			for (j = i; j < i + IN_FLIGHT && j < bare->count; j++)
				tell(bare, j, TOY_TICK);
			for (j = i; j < i + IN_FLIGHT && j < bare->count; j++)
				handle(bare, bare->order[j], j);
		}
}

/* One slot serves them all, as a freed piece is taken again at once. */
static void
do_calls(struct bare *bare)
{
	static const uint16_t kinds[] = { TOY_ALERTING, TOY_ANSWER, TOY_TICK,
		TOY_HANGUP };
	const struct reason normal = { .kind = REASON_NORMAL };
	uint32_t i, at;

	for (i = 0; i < bare->count; i++) {
		start(bare, 0);
		for (at = 0; at < 4; at++)
			tell(bare, at, kinds[at]);
		for (at = 0; at < 4; at++)
			handle(bare, 0, at);
		write_message(bare, 0, 0, &normal, sizeof normal);
		memcpy(bare->scratch, bare->states, bare->size);
		bare->module->terminate(NULL, bare->scratch, &normal);
		write_message(bare, 1, 0, &normal, sizeof normal);
	}
}

static void
prepare(struct bare *bare, uint32_t count)
{
	uint32_t i, index = 0;

	bare->module = &floor_module;
	bare->count = count;
	bare->size = (bare->module->schema.size + 15) / 16 * 16;
	bare->headers =
	    (struct header *)(void *)reserve(count * sizeof *bare->headers);
	bare->states = reserve(count * bare->size + STEP);
	bare->order = malloc(count * sizeof *bare->order);
	meter_must(bare->order == NULL ? -1 : 0, "keep the order");
	for (i = 0; i < count; i++) {
		bare->order[i] = index;
		index = meter_next(index, count);
	}
}

static void *
run(void *arg)
{
	struct bare *bare = arg;

	bare->work(bare);
	return NULL;
}

static struct span
run_all(struct bare *bares, void (*work)(struct bare *), uint32_t rounds)
{
	struct span began = meter_begin();
	unsigned int i;

	for (i = 0; i < LANES; i++) {
		bares[i].work = work;
		bares[i].rounds = rounds;
		meter_must(
		    -pthread_create(&bares[i].thread, NULL, run, &bares[i]),
		    "start a thread");
	}
	for (i = 0; i < LANES; i++)
		(void)pthread_join(bares[i].thread, NULL);
	return meter_since(began);
}

/*--------------------------------------------------------------------
 * A fault: the signal, and the jump back to where it was expected
 */

static sigjmp_buf back;

static void
on_signal(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

static uint64_t
fault_once(void)
{
	static volatile int *volatile nowhere;
	static volatile uint64_t faulted;

	if (sigsetjmp(back, 0) == 0) {
		faulted = meter_wall_ns();
		*nowhere = 1;
	}
	return meter_wall_ns() - faulted;
}

static uint64_t
fault_median(void)
{
	const struct sigaction action = { .sa_handler = on_signal,
		.sa_flags = SA_ONSTACK | SA_NODEFER };
	const struct sigaction standard = { .sa_handler = SIG_DFL };
	static uint64_t samples[FAULTS];
	unsigned int i;

	(void)sigaction(SIGSEGV, &action, NULL);
	for (i = 0; i < FAULTS; i++)
		samples[i] = fault_once();
	(void)sigaction(SIGSEGV, &standard, NULL);
	return meter_median(samples, FAULTS);
}

void
floor_run(uint32_t calls)
{
	struct bare *bares = calloc(LANES, sizeof *bares);
	uint32_t rounds = EVENTS / calls < 1 ? 1 : EVENTS / calls;
	struct span span;
	unsigned int i;

	meter_must(bares == NULL ? -1 : 0, "have memory");
	for (i = 0; i < LANES; i++)
		prepare(&bares[i], calls / LANES);
	span = run_all(bares, do_starts, 0);
	meter_print_rate("floor-starts", calls, span);
	(void)run_all(bares, do_talk, 0);
	(void)run_all(bares, do_events, 1);
	span = run_all(bares, do_events, rounds);
	meter_print_rate("floor-events", (double)calls * rounds, span);
	span = run_all(bares, do_calls, 0);
	meter_print_rate("floor-calls", calls, span);
	meter_print(
	    "floor-memory", (double)(sizeof(struct header) + bares[0].size));
	meter_print("floor-fault", (double)fault_median());
	free(bares);
}
