/*
 * Whatever happens to calls, and whatever release they are converted to in
 * between, the books agree after every event; and when all parties have hung
 * up, nothing is left: no call, no busy line, no taken circuit.
 *
 * An input is a text of events: a letter, and what it is about, each by one
 * character from 0 to ? ("c01" line 0 calls number 1, "a1" line 1 answers, "t3"
 * 4 s pass); behind "&" is what happens at the same instant.  It is changed by
 * whole events.  The world is made once, and every input leaves it as it was.
 */
#include "tests/fuzz/fuzz.h"

#include "tests/preemption_world.h"

#include "calls/exchange/office_gate.h"
#include "switch/audit.h"
#include "switch/system.h"
#include "upgrade/code.h"

enum {
	RELEASES = 4,
	LINES = 8,
	CIRCUITS = 2,
	NUMBERS = 13,
	SECONDS_MAX = 3600,
	EVENTS_MAX = 512,
	ARGUMENTS = 4 /* no event is about more */
};

static const char *const versions[RELEASES] = { "1.0", "1.1", "2.0", "3.0" };
static const char *const lines[LINES] = { "1000", "1001", "1002", "1003",
	"2000", "2001", "30", "300" };
static const char *const numbers[NUMBERS] = { "1000", "1001", "1002", "2000",
	"30", "300", "0812345", "08", "999", "*21*1003#", "*8#", "1", "1125" };
static const uint64_t times[] = { 0, 1 * MS, 1 * S, 4 * S, 15 * S, 30 * S,
	60 * S, 200 * S };

static struct office_world *w;
static struct code *code;
static uint16_t releases[RELEASES];
static const uint8_t *next_byte, *last_byte;

static bool
is_argument(uint8_t byte)
{
	return byte >= '0' && byte <= '?';
}

/* What it is about next, as a number below `end`; 0 when it does not say. */
static unsigned int
pick(unsigned int end)
{
	return next_byte < last_byte && is_argument(*next_byte)
	    ? *next_byte++ % 16U % end
	    : 0;
}

static uint32_t
pick_line(void)
{
	return line(w, lines[pick(LINES)]);
}

static uint32_t
pick_circuit(void)
{
	return port(w, "T1", 1 + pick(CIRCUITS));
}

static enum signal_kind
pick_signal(void)
{
	unsigned int high = pick(3);

	return (enum signal_kind)(
	    1 + (high * 16 + pick(16)) % (SIGNAL_KINDS - 1));
}

static uint8_t
pick_cause(void)
{
	static const uint8_t causes[] = { 0, 16, 17, 21, 31, 34, 41, 127 };

	return causes[pick(sizeof causes)];
}

/* What a subscriber does with a call that he has. */
static enum signal_kind
pick_wish(void)
{
	static const enum signal_kind wishes[] = { SIGNAL_HOLD, SIGNAL_RETRIEVE,
		SIGNAL_FLASH, SIGNAL_SWAP, SIGNAL_TRANSFER, SIGNAL_CONFERENCE };

	return wishes[pick(sizeof wishes / sizeof wishes[0])];
}

/*--------------------------------------------------------------------
 * Events
 */

static void
set_service(void)
{
	const uint32_t of = pick_line();
	const enum service_kind kind = (enum service_kind)pick(SERVICES_COUNT);
	struct service set = { .is_on = pick(4) > 0 };

	if (kind == SERVICE_group)
		set.group = office_group(w->office, "room");
	else if (service_value(kind) == SERVICE_VALUE_NUMBER)
		(void)snprintf(set.number, sizeof set.number, "%s",
		    numbers[pick(NUMBERS - 3)]);
	if (!office_may_set_service(w->office, of, kind, &set) ||
	    office_reserve_services(w->office, 1) != 0)
		return;
	office_set_service(w->office, of, kind, &set);
}

static void
call_from_trunk(void)
{
	const struct trunk_call call = { .trunk =
					     office_find_trunk(w->office, "T1"),
		.circuit = pick(CIRCUITS + 1),
		.digits = numbers[pick(NUMBERS)],
		.calling = "0790123",
		.hops = (uint8_t)pick(3) };
	const char *why;
	uint32_t at;

	(void)office_trunk_call(w->office, &call, &w->call, &at, &why);
}

static void
break_something(void)
{
	const char *why;

	switch (pick(6)) {
	case 0:
		office_block_line(w->office, pick_line(), pick(2) == 0);
		break;
	case 1:
		(void)office_fail_line(
		    w->office, pick_line(), pick(2) == 0, &why);
		break;
	case 2:
		office_block_circuit(w->office, pick_circuit(), pick(2) == 0);
		break;
	case 3:
		(void)office_fail_circuit(
		    w->office, pick_circuit(), pick(2) == 0);
		break;
	case 4:
		(void)office_fail_trunk(w->office, 0, pick(2) == 0);
		break;
	default:
		office_set_control(
		    w->office, pick_line(), 1, (enum line_control)pick(3));
	}
}

static void
convert_each(void *arg, uint64_t key)
{
	struct scheduler *scheduler = w->world.scheduler;
	uint32_t cursor = 0;
	struct pid pid;

	(void)arg;
	while (process_next(scheduler, &cursor, &pid))
		if (is_call(w, pid))
			(void)process_change_code(
			    scheduler, pid, (uint16_t)key);
}

/* So many calls may live, or (0) as many as want to. */
static void
set_gate(uint64_t live)
{
	const struct gate_limits limits = { .live = live };

	office_set_gate(w->office, &limits);
}

/* New calls are born in it; those that can go there, go. */
static void
upgrade(uint16_t release)
{
	struct scheduler *scheduler = w->world.scheduler;

	behaviour_make_current(scheduler_behaviours(scheduler), release);
	(void)scheduler_at(
	    scheduler, scheduler_now(scheduler), convert_each, NULL, release);
}

static void
do_at_line(int letter, uint32_t at)
{
	const char *why;

	switch (letter) {
	case 'o':
		(void)office_offhook(w->office, at, &w->call, &why);
		break;
	case 'c':
		(void)office_call(
		    w->office, at, numbers[pick(NUMBERS)], &w->call, &why);
		break;
	case 'd':
		(void)office_dial(w->office, at, numbers[pick(NUMBERS)], &why);
		break;
	case 'k':
		(void)office_consult(
		    w->office, at, numbers[pick(NUMBERS)], &w->call, &why);
		break;
	case 'b':
		(void)office_blind(w->office, at, numbers[pick(NUMBERS)], &why);
		break;
	case 'a':
		(void)office_answer(w->office, at, &why);
		break;
	case 'r':
		(void)office_reject(w->office, at, pick_cause(), &why);
		break;
	case 'h':
		(void)office_hangup(w->office, at, &why);
		break;
	case 'f':
		(void)office_signal(
		    w->office, at, pick_wish(), CAUSE_NONE, &why);
		break;
	default:
		(void)office_signal(
		    w->office, at, pick_signal(), pick_cause(), &why);
		break;
	}
}

static void
do_elsewhere(int letter)
{
	const char *why;
	uint32_t at;

	switch (letter) {
	case 'x':
		at = pick_circuit();
		(void)office_far_signal(
		    w->office, at, pick_signal(), pick_cause(), &why);
		break;
	case 'y':
		at = pick_circuit();
		(void)office_far_dial(
		    w->office, at, numbers[pick(NUMBERS)], &why);
		break;
	case 'z':
		call_from_trunk();
		break;
	case 'v':
		set_service();
		break;
	case 'w':
		break_something();
		break;
	case 'g':
		set_gate(pick(4));
		break;
	case 'u':
		upgrade(releases[pick(RELEASES)]);
		break;
	case 'e':
		(void)office_clear(w->office,
		    office_call_pid(w->office, w->call), pick_cause());
		break;
	case 't':
		world_run(
		    &w->world, times[pick(sizeof times / sizeof times[0])]);
		break;
	default:
		break;
	}
}

/*--------------------------------------------------------------------
 * What must hold
 */

static void
expect_books(void)
{
	char text[AUDIT_TEXT_MAX];

	must(audit_attempts(w->office, text, sizeof text), "A1: %s", text);
	must(audit_records(w->office, text, sizeof text), "A2: %s", text);
	must(audit_lines(w->office, text, sizeof text), "A3: %s", text);
	must(audit_versions(w->office, releases, RELEASES, text, sizeof text),
	    "A4: %s", text);
	must(audit_owners(w->world.scheduler, text, sizeof text), "A5: %s",
	    text);
	must(audit_supervisors(w->world.scheduler, w->top, text, sizeof text),
	    "A6: %s", text);
	must(
	    audit_bytes(w->world.scheduler, text, sizeof text), "A7: %s", text);
	must(w->faults == 0, "an event has crashed: %s at +0x%x", w->log,
	    w->fault.reason.offset);
}

static void
end_services(void)
{
	const struct service none = { .is_on = false };
	unsigned int i, kind;

	for (i = 0; i < LINES; i++)
		for (kind = 0; kind < SERVICES_COUNT; kind++)
			if (office_service(w->office, line(w, lines[i]),
				(enum service_kind)kind)
				.is_on &&
			    office_reserve_services(w->office, 1) == 0)
				office_set_service(w->office, line(w, lines[i]),
				    (enum service_kind)kind, &none);
}

static void
mend_all(void)
{
	const char *why;
	unsigned int i;

	set_gate(0);
	(void)office_fail_trunk(w->office, 0, false);
	for (i = 0; i < CIRCUITS; i++) {
		(void)office_fail_circuit(
		    w->office, port(w, "T1", 1 + i), false);
		office_block_circuit(w->office, port(w, "T1", 1 + i), false);
	}
	for (i = 0; i < LINES; i++) {
		(void)office_fail_line(
		    w->office, line(w, lines[i]), false, &why);
		office_block_line(w->office, line(w, lines[i]), false);
		office_set_control(
		    w->office, line(w, lines[i]), 1, (enum line_control)0);
	}
	end_services();
}

static void
hang_up_all(void)
{
	const char *why;
	unsigned int i;

	for (i = 0; i < LINES; i++)
		(void)office_hangup(w->office, line(w, lines[i]), &why);
	for (i = 0; i < CIRCUITS; i++)
		(void)office_far_signal(w->office, port(w, "T1", 1 + i),
		    SIGNAL_RELEASE, CAUSE_NORMAL, &why);
	world_run(&w->world, 0);
}

static void
expect_idle(void)
{
	struct line_info info;
	unsigned int i;

	must(office_counts(w->office)->live == 0, "%llu calls are left",
	    (unsigned long long)office_counts(w->office)->live);
	for (i = 0; i < LINES; i++) {
		office_line(w->office, line(w, lines[i]), &info);
		must(info.state == LINE_STATE_idle, "line %s is %s", lines[i],
		    line_state_word(info.state));
	}
	for (i = 0; i < CIRCUITS; i++)
		must(
		    circuit_look_at(w, "T1", 1 + i).state == CIRCUIT_STATE_idle,
		    "circuit T1 %u is not idle", 1 + i);
}

/* Alternately, since who hangs up may hear his other call ring again. */
static void
end_all(void)
{
	unsigned int i;

	mend_all();
	for (i = 0; i < 4; i++) {
		hang_up_all();
		world_run(&w->world, (uint64_t)SECONDS_MAX * S);
		mend_all(); /* T85 has blocked a circuit */
	}
	expect_books();
	expect_idle();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const roots[] = { HOTSWITCH_RELEASES };
	/* Either end has the say of one of them, when both seize it. */
	static const struct trunk_plan both = { .name = "T1",
		.circuits = CIRCUITS,
		.kind = TRUNK_ISDN,
		.control = OURS_EVEN };
	char why[CODE_WHY_MAX] = "";
	unsigned int i;

	(void)argc;
	(void)argv;
	w = office_world_begin_with(NULL, false);
	must(code_alloc(&code, scheduler_behaviours(w->world.scheduler), roots,
		 1) == 0,
	    "no loader");
	for (i = 0; i < RELEASES; i++)
		must(code_load(code, "call", versions[i], &releases[i], why) ==
			0,
		    "%s", why);
	trunk(w, &both, "08");
	emergency_trunk(w);
	return 0;
}

static void
do_event(int letter)
{
	if (strchr("ocdkbarhfs", letter) != NULL)
		do_at_line(letter, pick_line());
	else
		do_elsewhere(letter);
	while (next_byte < last_byte && is_argument(*next_byte))
		next_byte++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	next_byte = bytes;
	last_byte = bytes + size;
	behaviour_make_current(
	    scheduler_behaviours(w->world.scheduler), releases[0]);
	while (next_byte < last_byte) {
		do_event(*next_byte++);
		if (next_byte < last_byte && *next_byte == '&') {
			next_byte++;
			continue;
		}
		world_run(&w->world, 0);
		expect_books();
	}
	end_all();
	return 0;
}

/*--------------------------------------------------------------------
 * Other inputs, by whole events
 */

struct events {
	unsigned int count;
	char event[EVENTS_MAX][ARGUMENTS + 3]; /* and its "&" */
};

static void
read_events(struct events *events, const uint8_t *bytes, size_t size)
{
	const uint8_t *end = bytes + size;
	size_t length;
	char *event;

	events->count = 0;
	while (bytes < end && events->count < EVENTS_MAX) {
		event = events->event[events->count];
		length = 0;
		event[length++] = (char)*bytes++;
		while (bytes < end && is_argument(*bytes)) {
			if (length <= ARGUMENTS)
				event[length++] = (char)*bytes;
			bytes++;
		}
		if (bytes < end && *bytes == '&')
			event[length++] = (char)*bytes++;
		event[length] = '\0';
		events->count += islower((unsigned char)event[0]) != 0;
	}
}

static size_t
write_events(const struct events *events, uint8_t *bytes, size_t room)
{
	size_t at = 0, length;
	unsigned int i;

	for (i = 0; i < events->count; i++) {
		length = strlen(events->event[i]);
		if (at + length > room)
			break;
		memcpy(bytes + at, events->event[i], length);
		at += length;
	}
	return at;
}

static void
draw_event(char *event)
{
	static const char letters[] = "occdkkbaaarhhfffsxxyzvwuuegttt";
	size_t length = 0;

	event[length++] = letters[(size_t)rand() % (sizeof letters - 1)];
	while (length <= ARGUMENTS)
		event[length++] = (char)('0' + rand() % 16);
	if (rand() % 4 == 0)
		event[length++] = '&';
	event[length] = '\0';
}

/* Room for one at `at`, or none there any more. */
static void
move_events(struct events *events, unsigned int at, bool is_more)
{
	const size_t one = sizeof events->event[0];
	char *here = events->event[at];

	if (is_more) {
		memmove(here + one, here, (events->count++ - at) * one);
		draw_event(here);
	} else {
		memmove(here, here + one, (--events->count - at) * one);
	}
}

static void
change_events(struct events *events)
{
	const unsigned int at = (unsigned int)rand() % (events->count + 1);
	char *event = events->event[at];

	if (at == events->count || rand() % 3 == 0) {
		if (events->count < EVENTS_MAX)
			move_events(events, at, true);
	} else if (rand() % 3 == 0) {
		move_events(events, at, false);
	} else if (rand() % 2 == 0) {
		memcpy(events->event[(unsigned int)rand() % events->count],
		    event, sizeof events->event[0]);
	} else {
		event += 1 + rand() % ARGUMENTS;
		if (is_argument((uint8_t)*event))
			*event = (char)('0' + rand() % 16);
	}
}

size_t
LLVMFuzzerCustomMutator(
    uint8_t *bytes, size_t size, size_t room, unsigned int seed)
{
	static struct events events;
	unsigned int changes;

	srand(seed);
	read_events(&events, bytes, size);
	for (changes = 1 + (unsigned int)rand() % 4; changes > 0; changes--)
		change_events(&events);
	return write_events(&events, bytes, room);
}
