/*
 * verbs_service: the services of lines, as calls and the operator see them.
 *
 * A call asks what a line has; a subscriber's code changes it, through a call,
 * when its event has been: so the verb reserves the room, and all that is set
 * fits the 64 bits of an effect.
 */
#include <inttypes.h>

#include "calls/exchange/verbs_internal.h"
#include "switch/object.h"

/*--------------------------------------------------------------------
 * The operator
 */

int
office_reserve_services(struct office *office, uint32_t count)
{
	int status;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	status = services_reserve(office->services, count);
	office_leave(office);
	return status;
}

/* Who rings there is found from now on where the line is. */
static void
set_service(struct office *office, uint32_t id, enum service_kind kind,
    const struct service *service)
{
	struct line *line = lines_at(office->lines, id);

	services_set(office->services, id, kind, service);
	if (kind != SERVICE_group)
		return;
	line->is_grouped = service->is_on != 0;
	if (line->state == LINE_STATE_ringing)
		ringing_add(office, line->attempt, id);
}

void
office_set_service(struct office *office, uint32_t line, enum service_kind kind,
    const struct service *service)
{
	office_enter(office->scheduler);
	set_service(office, line, kind, service);
	office_leave(office);
}

struct service
office_service(struct office *office, uint32_t line, enum service_kind kind)
{
	struct service service;

	office_enter(office->scheduler);
	service = services_at(office->services, line, kind);
	office_leave(office);
	return service;
}

bool
office_may_set_service(struct office *office, uint32_t line,
    enum service_kind kind, const struct service *service)
{
	bool may;

	office_enter(office->scheduler);
	may = services_may_set(office->services, line, kind, service);
	office_leave(office);
	return may;
}

uint16_t
office_group(struct office *office, const char *name)
{
	uint16_t group;

	office_enter(office->scheduler);
	group = services_group(office->services, name);
	if (ringing_reserve(&office->ringing, group) != 0)
		group = 0;
	office_leave(office);
	return group;
}

const char *
service_word(enum service_kind kind)
{
#define SERVICE_WORD(symbol, word, value) [SERVICE_##symbol] = (word),
	static const char *const words[] = { SERVICES(SERVICE_WORD) };
#undef SERVICE_WORD

	return words[kind];
}

enum service_value
service_value(enum service_kind kind)
{
#define SERVICE_VALUE(symbol, word, value)                                     \
	[SERVICE_##symbol] = SERVICE_VALUE_##value,
	static const uint8_t values[] = { SERVICES(SERVICE_VALUE) };
#undef SERVICE_VALUE

	return (enum service_value)values[kind];
}

/*--------------------------------------------------------------------
 * Calls
 */

struct service
line_service(struct self *self, uint32_t line, enum service_kind kind)
{
	struct service service = { .is_on = false };
	const bool is_kind = (unsigned int)kind < SERVICES_COUNT;
	struct office *office = enter(self);
	char room[NUMBER_ROOM];

	if (is_kind &&
	    (!verb_is_noted(self) ||
		!verb_ask(self, &service, sizeof service, "line_service %s %s",
		    number(office, line, room), service_word(kind))))
		service = services_at(office->services, line, kind);
	leave(office, self);
	if (is_kind && verb_is_noted(self))
		verb_answer(self, &service, sizeof service);
	return service;
}

bool
line_bars(struct self *self, uint32_t line, const char *digits)
{
	char copy[DIGITS_MAX + 1] = "", room[NUMBER_ROOM];
	struct office *office;
	bool bars = false;

	memcpy(copy, digits, strnlen(digits, DIGITS_MAX));
	office = enter(self);
	if (!verb_is_noted(self) ||
	    !verb_ask(self, &bars, sizeof bars, "line_bars %s %s",
		number(office, line, room), copy))
		bars = services_bar(office->services, line, copy);
	leave(office, self);
	if (verb_is_noted(self))
		verb_answer(self, &bars, sizeof bars);
	return bars;
}

/*
 * In an effect: the service in the lowest four bits, then four for each digit,
 * as places in `keys`, 0 behind the last; OFF in place of the first ends it.
 */
static const char keys[] = " 0123456789*#";
enum { CODE_BITS = 4, CODE_OFF = 15 };
_Static_assert((int)SERVICES_COUNT <= 1 << CODE_BITS, "they fit a code");
_Static_assert((DIGITS_MAX + 1) * CODE_BITS <= 64, "a number fits an effect");

static uint64_t
code_of(enum service_kind kind, const char *digits)
{
	uint64_t code = kind;
	unsigned int i;

	if (digits == NULL)
		return code | (uint64_t)CODE_OFF << CODE_BITS;
	for (i = 0; digits[i] != '\0'; i++)
		code |= (uint64_t)(strchr(keys, digits[i]) - keys)
		    << (i + 1) * CODE_BITS;
	return code;
}

static struct service
service_of(uint64_t code)
{
	struct service service = { .is_on = true };
	unsigned int i, key;

	for (i = 0; i < DIGITS_MAX; i++) {
		code >>= CODE_BITS;
		key = code & ((1U << CODE_BITS) - 1);
		if (key == CODE_OFF)
			return (struct service){ .is_on = false };
		if (key != 0)
			service.number[i] = keys[key];
	}
	return service;
}

/* Whether a service is about a number, and if so, whether that is one. */
static bool
is_value(enum service_kind kind, const char *digits)
{
	const size_t length = digits == NULL ? 0 : strnlen(digits, DIGITS_MAX);

	if ((unsigned int)kind >= SERVICES_COUNT)
		return false;
	if (digits == NULL)
		return true;
	if (service_value(kind) == SERVICE_VALUE_NUMBER)
		return length > 0 && strspn(digits, keys + 1) == length;
	return length == 0 && service_value(kind) != SERVICE_VALUE_NAME;
}

static int
reserve_service(
    struct office *office, struct self *self, uint32_t line, uint64_t code)
{
	int status;

	if (services_reserve(office->services, 1) != 0)
		return -ENOSPC;
	status = ask(office, self, EFFECT_SERVICE, line, code);
	if (status != 0)
		services_give_back(office->services, 1);
	return status;
}

int
line_set_service(struct self *self, uint32_t line, enum service_kind kind,
    const char *digits)
{
	char copy[DIGITS_MAX + 1] = "", room[NUMBER_ROOM];
	const bool is_off = digits == NULL;
	struct office *office;
	int status = -EINVAL;

	if (digits != NULL)
		memcpy(copy, digits, strnlen(digits, DIGITS_MAX));
	if (!is_value(kind, is_off ? NULL : copy))
		return status;
	office = enter(self);
	if (verb_is_noted(self) &&
	    verb_note(self, &status, 0, "line_set_service %s %s %s",
		number(office, line, room), service_word(kind),
		is_off ? "off" : copy))
		return leave_with(office, self, status);
	if (own_line(office, self, line) != NULL)
		status = reserve_service(
		    office, self, line, code_of(kind, is_off ? NULL : copy));
	return leave_with(office, self, status);
}

static void
commit_service(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t code)
{
	struct office *office = office_enter(scheduler);
	const struct service service = service_of(code);

	(void)pid;
	set_service(office, line,
	    (enum service_kind)(code & ((1U << CODE_BITS) - 1)), &service);
	office_leave(office);
}

static void
undo_service(
    struct scheduler *scheduler, struct pid pid, uint32_t line, uint64_t code)
{
	struct office *office = office_enter(scheduler);

	(void)pid, (void)line, (void)code;
	services_give_back(office->services, 1);
	office_leave(office);
}

void
services_install(struct effect_type types[EFFECTS_COUNT])
{
	types[EFFECT_SERVICE] =
	    (struct effect_type){ commit_service, undo_service };
}
