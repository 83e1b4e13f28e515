/*
 * argument: the types of words that commands take, see command.h.
 */
#include "sim/usage.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>

#include "calls/exchange.h"
#include "calls/exchange/office_trunk.h"
#include "sim/cause.h"
#include "sim/chaos.h"
#include "sim/civil.h"
#include "sim/distribution.h"
#include "sim/noun.h"
#include "sim/units.h"
#include "switch/nearest.h"

/* Q.763 3.80: five bits, and a call that comes with 0 has no way to come. */
enum { HOPS_MAX = 31 };

enum { NAME_MAX_BYTES = 31, KIND_MAX_BYTES = 32, COUNT_MAX = 1000000000 };

/* Each with a space in front, so that there is none behind the last. */
#define SIGNAL_WORD(symbol, number, word) " " word
static const char signal_words[] = SIGNALS(SIGNAL_WORD);
#undef SIGNAL_WORD

#define SERVICE_WORD(symbol, word, value) " " word
static const char service_words[] = SERVICES(SERVICE_WORD);
#undef SERVICE_WORD

#define TIMER_WORD(symbol) " " #symbol
static const char timer_words[] = OFFICE_TIMERS(TIMER_WORD);
#undef TIMER_WORD

#define KIND_WORD(symbol, word) " " word
static const char kind_words[] = CHAOS_KINDS(KIND_WORD);
#undef KIND_WORD

static const char event_words[] =
    "crash restart alarm refused rolled-back unexpected-signal cause late "
    "glare "
    "overload";

const char *
argument_text(enum argument_type type)
{
#define TYPE_TEXT(symbol, text) text,
	static const char *const texts[] = { ARGUMENT_TYPES(TYPE_TEXT) };
#undef TYPE_TEXT

	return texts[type];
}

const char *
argument_name(enum argument_type type)
{
#define TYPE_NAME(symbol, text) #symbol,
	static const char *const names[] = { ARGUMENT_TYPES(TYPE_NAME) };
#undef TYPE_NAME

	return names[type];
}

const char *
argument_words(enum argument_type type)
{
	if (type == ARGUMENT_MESSAGE)
		return signal_words + 1;
	if (type == ARGUMENT_TIMER)
		return timer_words + 1;
	if (type == ARGUMENT_SERVICE)
		return service_words + 1;
	if (type == ARGUMENT_KINDS)
		return kind_words + 1;
	return type == ARGUMENT_EVENT ? event_words : NULL;
}

static bool
is_bare_name(const char *word)
{
	const char *at = word;

	if (!isalpha((unsigned char)*at))
		return false;
	while (isalnum((unsigned char)*at) || *at == '-' || *at == '_')
		at++;
	return *at == '\0' && (size_t)(at - word) <= NAME_MAX_BYTES;
}

bool
command_is_name(const char *word)
{
	return is_bare_name(word) && noun_find(word) == NULL;
}

static bool
is_party(const char *word)
{
	const char *dot = strrchr(word, '.');
	char name[NAME_MAX_BYTES + 1];
	struct range range;

	if (dot == NULL)
		return strchr(word, '-') == NULL && units_range(word, &range);
	if ((size_t)(dot - word) >= sizeof name)
		return false;
	memcpy(name, word, (size_t)(dot - word));
	name[dot - word] = '\0';
	return command_is_name(name) && word_is_in(dot + 1, "a b c");
}

static bool
is_span(const char *word)
{
	uint64_t from, to;
	char first[24];
	size_t length = strcspn(word, "-");

	if (word[length] == '\0')
		return units_number(word, COUNT_MAX, &to);
	if (length >= sizeof first)
		return false;
	memcpy(first, word, length);
	first[length] = '\0';
	return units_number(first, COUNT_MAX, &from) &&
	    units_number(word + length + 1, COUNT_MAX, &to) && from <= to;
}

static bool
is_version(const char *word)
{
	size_t length = strspn(word,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789.-_/");

	return length > 0 && length < 32 && word[length] == '\0' &&
	    isalnum((unsigned char)word[0]) && strstr(word, "..") == NULL;
}

static bool
is_range(const char *word)
{
	struct range range;

	return units_range(word, &range);
}

static bool
is_line(const char *word)
{
	return strchr(word, '-') == NULL && is_range(word);
}

static bool
is_civil(enum argument_type type, const char *word)
{
	uint64_t week_us;
	uint16_t from, to;
	uint8_t days;

	if (type == ARGUMENT_WHEN)
		return civil_moment(word, &week_us);
	return type == ARGUMENT_HOURS ? civil_hours(word, &from, &to)
				      : civil_days(word, &days);
}

static bool
is_quantity(enum argument_type type, const char *word)
{
	struct distribution distribution;
	struct units_span span;
	double number;
	uint32_t micro, ms;

	if (type == ARGUMENT_WHEN || type == ARGUMENT_HOURS ||
	    type == ARGUMENT_DAYS)
		return is_civil(type, word);
	if (type == ARGUMENT_RATE)
		return units_rate(word, &number);
	if (type == ARGUMENT_RATES)
		return units_span(word, &span);
	if (type == ARGUMENT_QUANTITY)
		return units_rate(word, &number) ||
		    units_erlangs(word, &number);
	if (type == ARGUMENT_ERLANGS)
		return units_erlangs(word, &number);
	if (type == ARGUMENT_SHARE)
		return units_share(word, &number);
	if (type == ARGUMENT_MONEY)
		return units_money(word, &micro);
	if (type == ARGUMENT_PRICE)
		return units_price(word, &micro, &ms);
	return units_distribution(word, &distribution);
}

static bool
is_named(enum argument_type type, const char *word)
{
	if (type == ARGUMENT_MODULE)
		return is_bare_name(word);
	return type == ARGUMENT_VERSION ? is_version(word)
					: command_is_name(word);
}

/* One line or several; or a trunk group, where one may stand as well. */
static bool
is_place(enum argument_type type, const char *word)
{
	if (type == ARGUMENT_RANGE || type == ARGUMENT_LINE)
		return type == ARGUMENT_RANGE ? is_range(word) : is_line(word);
	return command_is_name(word) ||
	    (type == ARGUMENT_ORIGIN ? is_range(word) : is_line(word));
}

/* Whether what has bounds is within them. */
static bool
is_bounded(enum argument_type type, const char *word)
{
	uint64_t number;

	if (type == ARGUMENT_LENGTH)
		return units_number(word, DIGITS_MAX, &number);
	if (type == ARGUMENT_PERIOD)
		return units_duration(word, &number) && number > 0;
	return units_number(word,
		   type == ARGUMENT_HOPS ? HOPS_MAX : TRUNK_CIRCUITS_MAX,
		   &number) &&
	    number > 0;
}

static bool
is_count(enum argument_type type, const char *word)
{
	uint64_t number;
	unsigned int pace;

	if (type == ARGUMENT_SPAN)
		return is_span(word);
	if (type == ARGUMENT_PACE)
		return units_pace(word, &pace);
	if (type == ARGUMENT_DUR)
		return units_duration(word, &number);
	if (type == ARGUMENT_TIME)
		return units_duration(word + (word[0] == '+'), &number);
	if (type == ARGUMENT_CAUSE)
		return units_number(word, 127, &number) && cause_is(number);
	return units_number(word, UINT64_MAX, &number);
}

static bool
is_which(enum argument_type type, const char *word)
{
	return is_named(type, word) || is_count(ARGUMENT_N, word);
}

const char *
argument_stranger(const char *list)
{
	char word[KIND_MAX_BYTES];
	const char *at = list + strspn(list, " ");
	size_t length;

	for (; *at != '\0'; at += length + strspn(at + length, " ")) {
		length = strcspn(at, " ");
		(void)snprintf(word, sizeof word, "%.*s", (int)length, at);
		if (length >= sizeof word || !word_is_in(word, kind_words))
			return at;
	}
	return at;
}

static bool
is_listed(enum argument_type type, const char *word)
{
	return type == ARGUMENT_KINDS ? word[strspn(word, " ")] != '\0' &&
		argument_stranger(word)[0] == '\0'
				      : word_is_in(word, argument_words(type));
}

static bool
are_digits(enum argument_type type, const char *word)
{
	(void)type;
	return units_digits(word);
}

static bool
is_side(enum argument_type type, const char *word)
{
	(void)type;
	return is_party(word);
}

/* A type that is not here takes any word, or others look at it. */
static bool (*const holds[ARGUMENT_TYPES_COUNT])(
    enum argument_type type, const char *word) = {
	[ARGUMENT_N] = is_count,
	[ARGUMENT_DUR] = is_count,
	[ARGUMENT_TIME] = is_count,
	[ARGUMENT_CAUSE] = is_count,
	[ARGUMENT_SPAN] = is_count,
	[ARGUMENT_PACE] = is_count,
	[ARGUMENT_CIRCUITS] = is_bounded,
	[ARGUMENT_HOPS] = is_bounded,
	[ARGUMENT_LENGTH] = is_bounded,
	[ARGUMENT_PERIOD] = is_bounded,
	[ARGUMENT_NAME] = is_named,
	[ARGUMENT_CALL] = is_named,
	[ARGUMENT_WHICH] = is_which,
	[ARGUMENT_TARGET] = is_named,
	[ARGUMENT_FAR] = is_named,
	[ARGUMENT_MODULE] = is_named,
	[ARGUMENT_VERSION] = is_named,
	[ARGUMENT_RANGE] = is_place,
	[ARGUMENT_ORIGIN] = is_place,
	[ARGUMENT_LINE] = is_place,
	[ARGUMENT_FROM] = is_place,
	[ARGUMENT_PREFIX] = are_digits,
	[ARGUMENT_NUMBER] = are_digits,
	[ARGUMENT_DIGITS] = are_digits,
	[ARGUMENT_PARTY] = is_side,
	[ARGUMENT_WHEN] = is_quantity,
	[ARGUMENT_HOURS] = is_quantity,
	[ARGUMENT_DAYS] = is_quantity,
	[ARGUMENT_RATE] = is_quantity,
	[ARGUMENT_ERLANGS] = is_quantity,
	[ARGUMENT_QUANTITY] = is_quantity,
	[ARGUMENT_RATES] = is_quantity,
	[ARGUMENT_SHARE] = is_quantity,
	[ARGUMENT_MONEY] = is_quantity,
	[ARGUMENT_PRICE] = is_quantity,
	[ARGUMENT_DIST] = is_quantity,
	[ARGUMENT_EVENT] = is_listed,
	[ARGUMENT_MESSAGE] = is_listed,
	[ARGUMENT_SERVICE] = is_listed,
	[ARGUMENT_TIMER] = is_listed,
	[ARGUMENT_KINDS] = is_listed,
};

bool
argument_is(enum argument_type type, const char *word)
{
	return holds[type] == NULL || holds[type](type, word);
}

/* Two numbers with a dash between them, and no range: what is wrong with it. */
static const char *
fault_of_range(enum argument_type type, const char *word)
{
	char *dash, *end;
	unsigned long long first = strtoull(word, &dash, 10), last;

	if (dash == word || *dash != '-')
		return NULL;
	last = strtoull(dash + 1, &end, 10);
	if (end == dash + 1 || *end != '\0')
		return NULL;
	if (type != ARGUMENT_SPAN && dash - word != end - dash - 1)
		return "has ends of unequal length: both want as many digits, "
		       "as in 1000-1999";
	return last < first ? "ends before it begins" : NULL;
}

/* "busy": that is 17. */
static bool
hint_of_cause(const char *word, char *text, size_t size)
{
	const uint64_t cause = cause_find(word);

	if (cause == 0)
		return false;
	(void)snprintf(text, size,
	    "'%.40s' is not the number of a cause: %s is %u", word,
	    cause_name(cause), (unsigned int)cause);
	return true;
}

bool
argument_hint(enum argument_type type, const char *word, const char *next,
    char *text, size_t size)
{
	bool is_range = type == ARGUMENT_RANGE || type == ARGUMENT_SPAN ||
	    type == ARGUMENT_ORIGIN;
	const char *fault = is_range ? fault_of_range(type, word) : NULL;
	uint64_t number;

	if (fault != NULL) {
		(void)snprintf(text, size, "'%.40s' %s", word, fault);
		return true;
	}
	if (type == ARGUMENT_CAUSE)
		return hint_of_cause(word, text, size);
	if ((type != ARGUMENT_DUR && type != ARGUMENT_PERIOD) || next == NULL ||
	    !isalpha((unsigned char)next[0]) ||
	    !units_number(word, UINT64_MAX, &number))
		return false;
	(void)snprintf(text, size,
	    "'%.20s %.20s' is not one word: a duration is, as in 250ms 2s 5m "
	    "1h",
	    word, next);
	return true;
}
