/*
 * gate: see gate.h for what it is.
 *
 * The limit by rate is the leaky bucket of RFC 7415, 3.5.1 and 3.5.2: a call
 * that is let in adds one to its content, and `rate` of them leak out in a
 * second.  A call may come in while the content is at most what a burst may
 * fill; those of priority lines while it is at most twice that.
 *
 *     reason     takes hold at             lets go at
 *     rate       content > burst           content <= burst / 2
 *     live       live >= limit             live <= limit - a twentieth
 *     delay      delay > limit             delay <= limit / 2
 *     records    room <= live              room > live + an eighth
 *     alarm      one is raised             the last is cleared
 *
 * Alarms are told on the thread of whoever raises them, so those are one
 * number that any thread may change.
 */
#include "calls/exchange/gate.h"

#include "switch/alarm.h"

enum {
	BURST_MIN = 4,	/* calls: RFC 7415 3.5.1 thinks of a few */
	BURST_PART = 10 /* of a second's calls: own choice */
};

/*
 * Several times as long as from a caller's first event to his last digit, and
 * short beside an hour that is busy: own choice.
 */
enum { LATE_US = 60 * 1000 * 1000 };

static void
on_alarm(void *arg, const struct alarm *alarm)
{
	struct gate *gate = arg;

	if (alarm->severity == ALARM_critical)
		atomic_fetch_add(&gate->alarms, alarm->is_raised ? 1 : -1);
}

void
gate_install(struct gate *gate, struct scheduler *scheduler)
{
	alarm_observe(scheduler, on_alarm, gate);
}

void
gate_set(struct gate *gate, const struct gate_limits *limits)
{
	gate->limits = *limits;
	if (limits->rate <= 0)
		gate->content = 0;
	if (limits->delay_us == 0)
		gate->late_until = 0;
}

static double
burst_of(double rate)
{
	double burst = rate / BURST_PART;

	return burst > BURST_MIN ? burst : BURST_MIN;
}

static void
leak(struct gate *gate, uint64_t now)
{
	double out = gate->limits.rate * (double)(now - gate->leaked) / 1e6;

	gate->leaked = now;
	gate->content = gate->content > out ? gate->content - out : 0;
}

/* From above `high` until it has come down to `low`. */
static bool
is_above(bool was, double value, double high, double low)
{
	return value > high || (was && value > low);
}

static void
weigh(struct gate *gate, const struct gate_load *load)
{
	const struct gate_limits *limits = &gate->limits;
	const double live = (double)load->live, room = (double)load->room;
	const double most = (double)limits->live;
	const double delay = (double)limits->delay_us;
	const double burst = burst_of(limits->rate);
	bool *holds = gate->holds;

	leak(gate, load->now);
	holds[GATE_rate] = limits->rate > 0 &&
	    is_above(holds[GATE_rate], gate->content, burst, burst / 2);
	/* Whole numbers: at least one below the limit. */
	holds[GATE_live] = limits->live > 0 &&
	    is_above(holds[GATE_live], live, most - 0.5,
		most - (most > 20 ? most / 20 : 1));
	holds[GATE_delay] = limits->delay_us > 0 &&
	    is_above(
		holds[GATE_delay], (double)load->delay_us, delay, delay / 2);
	if (holds[GATE_delay])
		gate->late_until = load->now + LATE_US;
	holds[GATE_records] =
	    is_above(holds[GATE_records], live - room, -0.5, -live / 8 - 0.5);
	holds[GATE_alarm] = atomic_load(&gate->alarms) > 0;
}

/* The gravest reason that holds; GATE_REASONS_COUNT: none does. */
static enum gate_reason
reason_of(const struct gate *gate)
{
	static const uint8_t gravest[] = { GATE_alarm, GATE_records, GATE_delay,
		GATE_live, GATE_rate };
	unsigned int i;

	for (i = 0; i < sizeof gravest; i++)
		if (gate->holds[gravest[i]])
			return (enum gate_reason)gravest[i];
	return GATE_REASONS_COUNT;
}

bool
gate_is_open(struct gate *gate, const struct gate_load *load)
{
	weigh(gate, load);
	return reason_of(gate) == GATE_REASONS_COUNT;
}

bool
gate_admits(struct gate *gate, const struct gate_load *load,
    enum line_class class, enum gate_reason *ret_reason)
{
	enum gate_reason reason;

	weigh(gate, load);
	reason = reason_of(gate);
	if (reason == GATE_rate && class == CLASS_priority &&
	    gate->content <= 2 * burst_of(gate->limits.rate))
		reason = GATE_REASONS_COUNT;
	if (reason != GATE_REASONS_COUNT && class != CLASS_emergency) {
		*ret_reason = reason;
		return false;
	}
	if (gate->limits.rate > 0)
		gate->content += 1;
	return true;
}

bool
gate_is_late(const struct gate *gate)
{
	return gate->holds[GATE_delay];
}

bool
gate_was_late(const struct gate *gate, uint64_t now)
{
	return now < gate->late_until;
}

void
gate_look(
    struct gate *gate, const struct gate_load *load, struct gate_view *ret_view)
{
	unsigned int i;

	weigh(gate, load);
	ret_view->reason = reason_of(gate);
	ret_view->is_open = ret_view->reason == GATE_REASONS_COUNT;
	for (i = 0; i < GATE_REASONS_COUNT; i++)
		ret_view->gapped[i] = gate->gapped[i];
}

const char *
gate_reason_word(enum gate_reason reason)
{
#define REASON_WORD(symbol) [GATE_##symbol] = #symbol,
	static const char *const words[] = { GATE_REASONS(REASON_WORD) };
#undef REASON_WORD

	return words[reason];
}
