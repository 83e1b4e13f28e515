/*
 * Private to sim/: one scenario that is being run.
 *
 * scenario.c makes the switch and takes it apart; conductor.c talks with the
 * script and drives time; action.c does what a command asks; subject.c says
 * how things are; judge.c, blame.c and audit.c give the verdict.  All but the
 * first run on home's thread, while the others are halted.
 */
#ifndef SIM_SCENARIO_INTERNAL_H
#define SIM_SCENARIO_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "calls/signalling.h"
#include "sim/agenda.h"
#include "sim/blame.h"
#include "sim/chaos.h"
#include "sim/command.h"
#include "sim/command_record.h"
#include "sim/module_fault.h"
#include "sim/orders.h"
#include "sim/random.h"
#include "sim/story.h"
#include "sim/telephony.h"
#include "sim/verdict.h"
#include "sim/wire.h"
#include "switch/module.h"

struct code;
struct event;
struct frame;
struct measurement;
struct noun;
struct office;
struct orders;
struct options;
struct permit;
struct prover;
struct recorder;
struct release_handler;
struct scheduler;
struct script;
struct search;
struct console;
struct source;
struct threshold;
struct traffics;
struct tree;

enum {
	CALL_NAME_SIZE = 32,
	WHY_SIZE = 768,
	COLUMN_VALUE_SIZE = 600,
	COLUMNS_MAX = 48,
	/* In one instant: seconds of work, and far more than calls have. */
	INSTANT_EVENTS = 5000000
};

/* A call that the scenario has given a name. */
struct named_call {
	char name[CALL_NAME_SIZE];
	char dialled[2 * DIGITS_MAX + 2]; /* by its caller, so far */
	uint64_t number;
	uint64_t begun;		      /* µs of the run */
	uint32_t line;		      /* the caller's, or its circuit */
	char calling[DIGITS_MAX + 1]; /* over that, of whom it came from */
	unsigned int at;	      /* the scenario's line */
	bool is_cause_expected;
};

/* What a scenario must not meet, unless it says so: of one, of several. */
/* clang-format off */
#define EVENTS(X)                                                              \
	X(crash, "crashes", "contained fault", "contained faults")             \
	X(restart, "restarts", "restart", "restarts")                          \
	X(alarm, "", "alarm", "alarms")                                        \
	X(refused, "=refused", "refused upgrade", "refused upgrades")          \
	X(rolled_back, "=rolled-back", "upgrade rolled back",                  \
	    "upgrades rolled back")                                            \
	X(unexpected_signal, "unexpected", "signal without a row",             \
	    "signals without a row")                                           \
	X(cause, "", "call with another cause than 16 or 31",                  \
	    "calls with another cause than 16 or 31")                          \
	X(late, "late", "late signal", "late signals")                         \
	X(glare, "glare", "dual seizure", "dual seizures")                         \
	X(overload, "gapped", "gapped attempt", "gapped attempts")
/* clang-format on */
#define EVENT_ENUM(symbol, mention, one, several) HAPPENED_##symbol,
enum happening { EVENTS(EVENT_ENUM) HAPPENINGS_COUNT };
#undef EVENT_ENUM

struct allowance {
	bool is_allowed, is_expected;
	unsigned int at; /* the line of `allow` */
	uint64_t from, to;
};

/* A subject as it is now: what a condition can be about. */
struct columns {
	char state[24];
	char absent[WHY_SIZE]; /* "" if it is there; else why it is not */
	unsigned int count;
	struct {
		char name[24], value[COLUMN_VALUE_SIZE];
	} column[COLUMNS_MAX];
};

enum waiting {
	WAITING_REQUEST, /* for the script */
	WAITING_TIME,	 /* till `until` */
	WAITING_CHANGE,	 /* of `watched`, or till `until` */
	WAITING_UPGRADE,
	WAITING_SEARCH,	    /* likewise, and then again */
	WAITING_BACKGROUND, /* for an upgrade, at the end of the script */
	WAITING_END,	    /* for an upgrade or records, likewise */
	WAITING_CONSOLE	    /* for operators, who come by another way */
};

/* What the script waits for, while it does something for the agenda. */
struct interrupted {
	bool is_so, is_watching_time, is_recording;
	enum waiting waiting;
	uint64_t until;
	unsigned int at, upgrade_at;
	const struct upgrade_report *upgrade;
	uint64_t upgrade_number;
	const struct noun *watched;
	char subject[3][64];
	struct command_record command;
	struct columns last;
};

struct scenario {
	unsigned int magic;
#define SCENARIO_MAGIC 0x1e94d75b
	const struct source *source;
	const struct options *options;
	struct script *script;
	struct verdict *verdict;
	struct console *console; /* NULL: it ends with its script */

	struct scheduler *scheduler;
	struct prover *prover;
	struct code *code;
	struct office *office;
	struct recorder *recorder;
	struct measurement *measurement;
	struct telephony telephony;
	struct release_handler *handler;
	struct traffics *traffics;
	struct tree *tree;
	struct event *readable;
	struct pid root;
	struct random races;
	struct chaos chaos;
	struct module_fault module_fault;
	struct wire wire;
	struct outage *outages; /* that end in their time */
	uint64_t outages_begun;
	const struct order *order; /* of races, or NULL: as these numbers say */
	struct races met;

	/* conductor.c */
	uint64_t until;
	uint64_t look_at; /* µs of the run: not before */
	enum waiting waiting;
	unsigned int at; /* the scenario's line being done */
	bool has_input, is_racing;
	bool is_cut;	       /* an error ended the script before its end */
	bool catches_up;       /* at the end, and nothing takes time any more */
	bool is_stop_expected; /* by an `expect`, of stop.c */
	bool is_watching_time; /* a condition about elapsed_ms */
	bool is_recording;     /* of the command being done: its record */
	struct arguments watched;
	struct columns last, now;
	struct command_record command;
	char mode[8];	     /* expect, never */
	char subject[3][64]; /* words behind `watched` */
	struct interrupted interrupted;
	struct agenda agenda;

	/* stop.c: why the switch has stopped by itself, or empty; and when */
	char stopped[192];
	uint64_t stopped_at;

	/* action.c */
	struct named_call *calls;
	unsigned int calls_count, calls_room;
	struct dialling *diallings; /* `dial -every` in progress */
	char module[32], version[32];
	char impossible[2 * WHY_SIZE]; /* why there can be no run, or empty */
	char phase[128];
	struct story story;
	struct allowance allowances[HAPPENINGS_COUNT];
	struct permit *permits;	   /* of `allow`, the last one first */
	char alarms_expected[128]; /* names, with spaces */
	/* The upgrade or rollback that goes on, and the line that began it. */
	const struct upgrade_report *upgrade;
	uint64_t upgrade_number; /* of it: a report's place is used again */
	unsigned int upgrade_at;
	/* What the command that was done last has asked of a release, or NULL.
	 */
	const struct upgrade_report *asked;
	struct threshold *thresholds;
	struct search *search; /* that goes on; or NULL */
	unsigned int harms;    /* done to the database and healed, so far */
	struct blame blame;
	char why[WHY_SIZE], value[COLUMN_VALUE_SIZE];
	FILE *out; /* what an action says; NULL: people's standard output */

	/* progress */
	uint64_t wall_began, wall_told;
	bool is_on_terminal;
};

/* conductor.c: takes part in the scheduler's turns. */
int conductor_install(struct scenario *scenario);
void conductor_remove(struct scenario *scenario);

/*
 * action.c: does a command; what it answers is in `value`.  0; -EINVAL it
 * cannot be done, the cause in `why`; 1 time must pass till it is done
 * (`waiting` and `until` are set).
 */
int action_do(struct scenario *scenario, const struct arguments *arguments);
void action_forget(struct scenario *scenario);

struct named_call *scenario_call(struct scenario *scenario, const char *name);
/* NULL: it has no name; 0 is no call's. */
const struct named_call *scenario_call_numbered(
    const struct scenario *scenario, uint64_t number);

/*
 * party.c: the port at side 0 to 2 of a call, as the call itself has it, or
 * PORT_NONE; of one that is not there its caller's line.
 */
uint32_t party_port(const struct scenario *scenario,
    const struct named_call *call, unsigned int side);

/* subject.c: 0, or -EINVAL with `why` when there can be no such subject. */
int subject_look(struct scenario *scenario, const struct noun *noun,
    const char *key, const char *second_key, struct columns *ret_columns);
/* subject_process.c: a registered one, or the root, by its name; PID_NONE. */
struct pid scenario_process(const struct scenario *scenario, const char *name);
/* That of the number; NULL, with `why`, when there is none. */
struct scheduler *scenario_scheduler(
    struct scenario *scenario, const char *number);
const char *columns_find(const struct columns *columns, const char *name);

/* judge.c: keeps the reports of upgrades that are done; and this one, if so. */
void judge_keep_report(struct scenario *scenario);
void judge_keep_answer(
    struct scenario *scenario, const struct upgrade_report *report);
/* Whether none is being done: neither in front nor behind the script's back. */
bool judge_upgrade_is_done(const struct scenario *scenario);
/* judge.c: the script ended in the middle, at a line. */
void judge_cut(struct scenario *scenario, const char *why);
/* judge.c: what the scenario asks for, from `look`. */
void judge_note_expected(struct scenario *scenario, const struct noun *noun,
    const char *key, const char *mentions);
/* judge_counts.c: at the end, against what is expected and allowed. */
void judge_counts(struct scenario *scenario);
/* judge.c: what so many of them are called. */
const char *judge_text(enum happening happening, uint64_t count);
/* judge.c: at the end of the script, on the scheduler's thread. */
void judge_close(struct scenario *scenario);
/* Of one that was in service: its records are written, nothing is judged. */
void judge_close_operation(struct scenario *scenario);

/* stop.c: whether the switch has stopped by itself. */
bool stop_look(struct scenario *scenario);
/* Why what needs time cannot be had, once it has. */
void stop_say_no_time(const struct scenario *scenario, char *text, size_t size);
/* What an `expect` asks for, as judge_note_expected(). */
void stop_note_expected(struct scenario *scenario, const struct noun *noun,
    const char *key, bool is_down);
/* At the end: a stop that nothing asks for fails the scenario. */
void stop_judge(struct scenario *scenario);

/* audit.c: A1 to A7; a broken row is a failure at the scenario's line `at`. */
bool audit_look(struct scenario *scenario);

/* progress.c */
void progress_tell(struct scenario *scenario, bool is_last);
/* Before something else is written on a terminal. */
void progress_clear(void);
uint64_t wall_us(void);

#endif
