/*
 * command: the words of scenarios and operators and what may follow each, from
 * command.def and operation.def.
 *
 * The usage line that a person reads is also what arguments are held against:
 * by `check`, where some are not yet known, and by a run.
 */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct noun;

enum { COMMAND_WORDS_MAX = 64, COMMAND_SLOTS_MAX = 16 };

#define DISTRIBUTION_TEXT                                                      \
	"a distribution, as in fixed:9s exp:9s uniform:5s-20s "                \
	"lognormal:8s/4s "                                                     \
	"data:FILE"

/* What a far end does, where it has no behaviour. */
#define FAR_WORDS "answers silent"

#define MONEY_TEXT                                                             \
	"an amount of money below 4294.967296, with at most six decimals, as " \
	"in 0.05"

/* TYPE(word of a usage, what a person is told was expected) */
#define ARGUMENT_TYPES(X)                                                      \
	X(WORDS, "one of these words")                                         \
	X(N, "a whole number, as in 3")                                        \
	X(CIRCUITS, "how many circuits a group has, 1 to 65535")               \
	X(HOPS, "a hop counter, 1 to 31")                                      \
	X(LENGTH, "how many digits, of a number's 15")                         \
	X(PACE, "virtual, real, or how many times as fast as that, 2 to 1000") \
	X(DUR, "a duration, as in 250ms 2s 5m 1h")                             \
	X(PERIOD, "a duration above 0, as in 250ms 2s 5m 1h")                  \
	X(TIME, "a time of the run, as in 10m, or from now, as in +10m")       \
	X(NAME, "a name: a letter, then letters, digits, - or _")              \
	X(CALL, "the name of a call: a letter, then letters, digits, - or _")  \
	X(WHICH, "the name of a call, or the number of one that lives")        \
	X(MODULE, "the name of a module, as in call")                          \
	X(VERSION, "a version, as in 2.0 or faulty/wrong-abi")                 \
	X(TEXT, "a text")                                                      \
	X(VALUE, "a value")                                                    \
	X(FILE, "a file in the scenario's folder or below")                    \
	X(EVENT, "what can be allowed, one of")                                \
	X(SPAN, "a number or a span, as in 3 or 1-5")                          \
	X(RANGE, "a number, or two of one length, as in 1000-1999")            \
	X(ORIGIN, "numbers as in 1000-1999, or the name of a trunk group")     \
	X(LINE, "the number of a line, as in 1001")                            \
	X(FROM, "the number of a line, or the name of a trunk group")          \
	X(PREFIX, "what numbers begin with: digits, * or #")                   \
	X(TARGET, "the name of a trunk group, announcement or local")          \
	X(FAR, "the name of a behaviour, answers or silent")                   \
	X(NUMBER, "a number to dial: digits, * or #")                          \
	X(DIGITS, "digits to dial, * or #")                                    \
	X(PARTY, "the number of a line, or a side of a call, as in c.a")       \
	X(CAUSE, "a cause of Q.850, as in 16 17 21 31")                        \
	X(MESSAGE, "a signal, one of")                                         \
	X(TIMER, "a timer of calls, one of")                                   \
	X(SERVICE, "a service of a line, one of")                              \
	X(KINDS, "kinds of faults in braces, of")                              \
	X(BODY, "commands in braces")                                          \
	X(RATE, "a rate of at most 1000000/s, as in 20/s or 2/m")              \
	X(RATES, "a span of rates or of traffic, as in 10/s-200/s or 5E-50E")  \
	X(QUANTITY,                                                            \
	    "a rate (at most 1000000/s) or an amount of traffic (100000E), "   \
	    "as in 20/s or 25E")                                               \
	X(ERLANGS,                                                             \
	    "an amount of traffic of at most 100000E, as in 25E or 0.5E")      \
	X(SHARE, "a share above 0% and up to 100%, as in 5%")                  \
	X(MONEY, MONEY_TEXT)                                                   \
	X(PRICE, "a price of an interval of at most 49 days, as in 0.05/60s")  \
	X(WHEN, "a moment with its zone, as in 2026-11-30T08:00:00+01:00")     \
	X(HOURS, "hours of a day, as in 8-18 or 22:30-6:00")                   \
	X(DAYS, "days of the week, as in mon-fri or sat,sun")                  \
	X(DIST, DISTRIBUTION_TEXT)                                             \
	X(SUBJECT, "the name of a call, or a noun with its key")               \
	X(REPORT, "a report, one of")                                          \
	X(STATE, "a state of the subject, as its noun has them")               \
	X(COND, "a condition in braces: texts by eq ne in, numbers by == < >")

#define ARGUMENT_TYPE_ENUM(symbol, text) ARGUMENT_##symbol,
enum argument_type { ARGUMENT_TYPES(ARGUMENT_TYPE_ENUM) ARGUMENT_TYPES_COUNT };
#undef ARGUMENT_TYPE_ENUM

struct command {
	const char *name, *usage, *help, *example;
};

unsigned int command_count(void);
const struct command *command_at(unsigned int i);
const struct command *command_find(const char *name); /* or NULL */

/* Likewise the words of operation.def, which only a running switch does. */
unsigned int operation_count(void);
const struct command *operation_at(unsigned int i);
const struct command *operation_find(const char *name);
/* Of both, whatever an operator may say; NULL at the end. */
const struct command *operator_word_at(unsigned int i);
const struct command *operator_word_find(const char *name);

/* Where the words of a command went; NULL where one was not given. */
struct arguments {
	const struct command *command;
	const char *positional[COMMAND_SLOTS_MAX]; /* in order of the usage */
	struct {
		const char *name, *value; /* a flag's value is its name */
	} options[COMMAND_SLOTS_MAX];
	unsigned int options_count;
	/* Of a slot that may stand several times, its words. */
	const char *const *repeated;
	unsigned int repeated_count;
	/* Of the word at each place; also where its value is not known. */
	enum argument_type types[COMMAND_WORDS_MAX];
	/* Where a refusal is about, from 1; 0: the command as a whole. */
	unsigned int wrong;
	/* Of a command with SUBJECT. */
	const struct noun *noun;
	const char *key, *second_key, *state, *condition;
	char braced[2 * COMMAND_WORDS_MAX]; /* of an option, if in one word */
};

/* The words behind a command's name; NULL is one not known before it runs. */
struct command_words {
	const char *const *words;
	unsigned int count;
	bool is_open; /* more may follow that are not seen */
};

/*
 * Holds words against the usage of a command; one that is not known fits
 * everywhere.  0; or -EINVAL with one clause in `why` that names the command,
 * what is wrong and what was expected; -EDOM: each word fits, and together they
 * make no sense.
 */
int command_match(const struct command *command,
    const struct command_words *words, struct arguments *ret_arguments,
    char *why, size_t size);

/*
 * service.c: of the words behind `service`, whether the value and -after suit
 * the service; false, with why not in one clause.
 */
bool service_suits(const struct arguments *arguments, char *why, size_t size);

/* The value of an option, or NULL; `option` with its dash. */
const char *arguments_option(
    const struct arguments *arguments, const char *option);

/* A name as the language has it, and no noun. */
bool command_is_name(const char *word);

#endif
