/*
 * office: the simulated exchange as the host sees it: lines and attempts.
 *
 * It holds the lines, tells them of hooks and tones, starts a call for a line
 * that goes off-hook (by a request to one of the pools of calls), and counts.
 * What a call may ask of it stands in calls/exchange.h.
 *
 * A switch has one office.  Calls work in it on the thread of their scheduler;
 * all functions here are for home.
 *
 * Invariants: see office.c.
 */
#ifndef CALLS_EXCHANGE_OFFICE_H
#define CALLS_EXCHANGE_OFFICE_H

#include "calls/exchange.h"
#include "calls/exchange/band.h"

struct office;
struct scheduler;

#define OFFICE_MODULE  "call"	  /* what its calls run */
#define OFFICE_POOL    "calls"	  /* the supervisor of the calls */
#define OFFICE_PROCESS "exchange" /* asks it; a child for the root */

/*
 * The name of the pool on scheduler `number`, of 16 bytes: `calls`; where
 * there are several schedulers `pool-0`, `pool-1` ...
 */
enum { OFFICE_POOL_NAME_SIZE = 16 };
void office_pool_name(
    const struct scheduler *scheduler, unsigned int number, char *name);

/* Adds its effects and holdings to `scheduler` and becomes its office. */
int office_alloc(struct office **ret_office, struct scheduler *scheduler);
void office_free(struct office **officep);

/* T85: an ISDN line whose terminal does not answer RELEASE. */
#define ALARM_LINE_BLOCKED "line-blocked"

enum line_kind { LINE_ANALOG, LINE_ISDN };

/*
 * Makes the lines `first` to `last`: digits of one length, zeros kept.  One
 * number may begin another; the caller's pause then decides (T49).
 * -EINVAL no digits, unequal lengths, over DIGITS_MAX, last below first;
 * -EEXIST one of them is a line already, or a withdrawn one; -ENOMEM.
 */
int office_add_lines(struct office *office, const char *first, const char *last,
    enum line_kind kind);

/*
 * Nobody can call the numbers `first` to `last` any more, which are unallocated
 * (cause 1), nor from there; what calls their lines have, go on to their ends,
 * and each line is gone when it is idle.  Its id stays its number's: restored,
 * the line is as it was.  -EINVAL as above; -ENOENT one of them is no line, or
 * withdrawn already, or (restored) is not; -ENOMEM.
 */
int office_withdraw_lines(
    struct office *office, const char *first, const char *last);
int office_restore_lines(
    struct office *office, const char *first, const char *last);

/*
 * Makes a tariff; its number is given, whatever `prices` says of it.  -EINVAL
 * no name, or one that is too long; an interval of 0 ms; -EEXIST there is one
 * of that name; -ENOSPC there are as many as there can be; -ENOMEM.
 */
enum { TARIFF_NAME_SIZE = 32 };
int office_add_tariff(
    struct office *office, const char *name, const struct tariff_view *prices);
/* Likewise one more band of that name, or the first. */
int office_add_tariff_band(struct office *office, const char *name,
    const struct tariff_view *prices, const struct band *band);
/*
 * The tariff has these prices from now on, each in its band, for calls that are
 * answered then; one that was answered before keeps its own, and their bands.
 * -ENOENT there never was one of that name; else as above, and nothing has
 * changed.
 */
struct tariff_part {
	struct tariff_view prices;
	struct band band;
};
int office_change_tariff(struct office *office, const char *name,
    const struct tariff_part *parts, unsigned int count);
/* No line or route can be given it any more; those that have it keep it. */
void office_withdraw_tariff(struct office *office, const char *name);
/* The run began so many µs after Monday, 0:00; without this, then. */
void office_set_date(struct office *office, uint64_t week_us);
uint64_t office_date(const struct office *office);

/* Its number; TARIFF_NONE if there is none of that name. */
uint16_t office_find_tariff(const struct office *office, const char *name);

/* What calls to these lines cost that are answered from now on. */
void office_set_tariff(
    struct office *office, uint32_t first, uint32_t count, uint16_t tariff);

/*
 * Of which kind the line is, from when it has no call; false: it has one, by
 * the rules of the kind that it is still.
 */
bool office_set_kind(struct office *office, uint32_t line, enum line_kind kind);

/* Who ends a call to these lines, from now on. */
void office_set_control(struct office *office, uint32_t first, uint32_t count,
    enum line_control control);

/*
 * Room for services of so many lines, and then one of each of them, from now
 * on; one that is not on is ended.  -ENOMEM.
 */
int office_reserve_services(struct office *office, uint32_t count);
void office_set_service(struct office *office, uint32_t line,
    enum service_kind kind, const struct service *service);
/* Whether there is place for it: a line has at most BARS_MAX bars. */
enum { BARS_MAX = 16 };
bool office_may_set_service(struct office *office, uint32_t line,
    enum service_kind kind, const struct service *service);
struct service office_service(
    struct office *office, uint32_t line, enum service_kind kind);
/* The number of a group by its name; 0: there are too many, or no memory. */
uint16_t office_group(struct office *office, const char *name);
const char *service_word(enum service_kind kind); /* "call-waiting" */
/* What is said of a line that has it, as SERVICES() has that. */
enum service_value {
	SERVICE_VALUE_ON,
	SERVICE_VALUE_ALL,
	SERVICE_VALUE_NUMBER,
	SERVICE_VALUE_NAME
};
enum service_value service_value(enum service_kind kind);

/* Of what class these lines are, and the calls that they make from now on. */
void office_set_class(struct office *office, uint32_t first, uint32_t count,
    enum line_class class);
const char *line_class_word(enum line_class class); /* "emergency" */

/*
 * Of what class a call from that line is, with those digits dialled; on any
 * scheduler's thread.
 */
enum line_class office_class_of(
    struct office *office, uint32_t line, const char *digits);

/* How long a timer runs that is started from now on; its word, "T303". */
void office_set_timer(
    struct office *office, enum office_timer timer, uint64_t us);
/* 0: nobody has set it. */
uint64_t office_timer(const struct office *office, enum office_timer timer);
const char *office_timer_word(enum office_timer timer);

/* LINE_NONE if there is none, or none any more. */
uint32_t office_find(struct office *office, const char *number);
uint32_t office_lines(const struct office *office); /* and withdrawn ones */
/*
 * `text` of DIGITS_MAX + 1 bytes; of a circuit the number that was sent there,
 * or that has come from there.
 */
void office_number(const struct office *office, uint32_t port, char *text);

/*
 * Makes an account: billed, or prepaid with that deposit; when less than the
 * warning is left, who pays is warned.  -EINVAL no name, or one that is too
 * long; -EEXIST; -ENOSPC; -ENOMEM.
 */
enum { ACCOUNT_NAME_SIZE = 32 };
#define ACCOUNT_NONE UINT16_MAX
struct account_plan {
	const char *name;
	bool is_prepaid;
	uint64_t deposit_micro, warn_micro;
};
int office_add_account(struct office *office, const struct account_plan *plan);
/*
 * It is so from now on, with what has been charged to it.  -ENOENT there is
 * none of that name; -EBUSY it has spent or reserved more than that deposit, or
 * something, and was of the other kind.
 */
int office_change_account(
    struct office *office, const struct account_plan *plan);
/* No line can be given it any more; what calls have begun with it, it pays. */
void office_withdraw_account(struct office *office, const char *name);
/* Its number; ACCOUNT_NONE if there is none of that name. */
uint16_t office_find_account(const struct office *office, const char *name);
/* Who pays for what these lines call, and for what they forward. */
void office_set_account(
    struct office *office, uint32_t first, uint32_t count, uint16_t account);

/* As it is made, for the recorder. */
enum { RECORD_ACCOUNT = 0xfe22 };
struct account_record {
	char name[ACCOUNT_NAME_SIZE];
	bool is_prepaid;
	uint64_t deposit_micro, warn_micro;
};

struct account_info {
	char name[ACCOUNT_NAME_SIZE];
	bool is_prepaid;
	uint64_t deposit_micro, charged_micro, reserved_micro;
};
/* By number; false: there is none. */
bool office_account(
    struct office *office, uint16_t number, struct account_info *ret_info);

/*
 * What subscribers do.  0, or -ENOTSUP with *ret_why a clause that says why
 * it cannot be done now ("line 1002 is idle: nothing rings there"), good until
 * the next one.  Not to be called from a terminal (office_set_terminal).
 */
int office_offhook(struct office *office, uint32_t line, uint64_t *ret_call,
    const char **ret_why); /* begins a call: number in *ret_call */
int office_call(struct office *office, uint32_t from, const char *digits,
    uint64_t *ret_call, const char **ret_why); /* all digits at once */
/* A second call, from a line that holds the other side of its first. */
int office_consult(struct office *office, uint32_t line, const char *digits,
    uint64_t *ret_call, const char **ret_why);
/* Leaves the other side of its call to that number. */
int office_blind(struct office *office, uint32_t line, const char *digits,
    const char **ret_why);
int office_dial(struct office *office, uint32_t line, const char *digits,
    const char **ret_why);
/* Lifts a line that rings, or that has hung up in a call that waits for it. */
int office_answer(struct office *office, uint32_t line, const char **ret_why);
int office_reject(
    struct office *office, uint32_t line, uint8_t cause, const char **ret_why);
int office_hangup(struct office *office, uint32_t line, const char **ret_why);

/*
 * Out of service, for the next call; or failed: its calls lose their terminal,
 * which is cause 27, and it can be reached by none until it is mended.
 */
void office_block_line(struct office *office, uint32_t line, bool is_blocked);
int office_fail_line(
    struct office *office, uint32_t line, bool is_down, const char **ret_why);
/* Its ISDN terminal confirms no RELEASE, from now on (T84, T85). */
int office_silence_line(
    struct office *office, uint32_t line, bool is_silent, const char **ret_why);
/* Any other signal from the line to its call: HOLD, RETRIEVE, ALERTING ... */
int office_signal(struct office *office, uint32_t line, enum signal_kind signal,
    uint8_t cause, const char **ret_why);
/* Likewise, in that of its calls. */
int office_signal_in(struct office *office, uint32_t line, uint64_t call,
    enum signal_kind signal, uint8_t cause, const char **ret_why);
/* The operator's CLEAR, to a call's process; -ESRCH it has ended; -ENOSPC. */
int office_clear(struct office *office, struct pid pid, uint8_t cause);

/*
 * An upgrade cannot take the call along, and the operator wants no more of it:
 * its last event is the next one, its cause is 41, UPGRADE_REJECT, unless it
 * was ending already.  `at` is the scheduler that has its process, on whose
 * thread this may be called.  -ESRCH it has none.
 */
int office_reject_call(struct scheduler *at, uint64_t call);

/* Who began it, how long ago, for whom; likewise on its scheduler's thread. */
struct office_call_view {
	uint32_t port_a;     /* PORT_NONE: it has ended */
	uint64_t elapsed_us; /* since it was seized */
	enum line_class class;
	bool is_dialled;  /* its number is known, and of what class that is */
	bool in_register; /* it has no process before it is */
	bool is_unborn;	  /* its process has yet to begin */
	uint16_t legs;	  /* that it has had */
};
void office_look_at_call(
    struct scheduler *at, uint64_t call, struct office_call_view *ret_view);

#define LINE_STATES(X)                                                         \
	X(idle)                                                                \
	X(busy) X(ringing) X(parked) X(waiting) X(blocked) X(down) X(withdrawn)
#define LINE_STATE_ENUM(symbol) LINE_STATE_##symbol,
enum line_state { LINE_STATES(LINE_STATE_ENUM) };
#undef LINE_STATE_ENUM

struct line_info {
	enum line_state state;
	enum tone tone;
	bool is_offhook;
	uint32_t calls;	 /* 0, 1 or 2 */
	struct pid call; /* its process: the one that it talks in */
	enum tone call_tone;
	uint32_t peer;	      /* the port it is connected to, or PORT_NONE */
	struct pid other;     /* the process of its other call, or none */
	enum tone other_tone; /* that it would hear there */
	uint8_t status; /* cause of the last STATUS to it in this call, or 0 */
	bool is_gapped; /* its call was turned away */
};
void office_line(
    struct office *office, uint32_t line, struct line_info *ret_info);
enum line_state office_line_state(struct office *office, uint32_t line);

/*
 * A subscriber: told when its line begins to ring (an ISDN one: gets SETUP,
 * which is state busy, tone none), when its tone changes and when it is free
 * again.  It is told within an event, or soon after it, in order: what it does
 * about it, it does later, by scheduler_at().
 */
typedef void office_terminal_f(
    void *arg, uint32_t line, enum line_state state, enum tone tone);
void office_set_terminal(
    struct office *office, office_terminal_f *terminal, void *arg);

struct office_counts {
	uint64_t turned_away; /* of the gapped those that still hear it */
	uint64_t attempts, gapped, live, answered, ended, lost, unexpected,
	    late, records, legs, charge_micro,
	    seizures, /* attempts that have had a process, and a number */
	    busy_us,  /* live calls times time */
	    glare,    /* SETUP of both ends on one circuit */
	    unkept;   /* records that were not to be kept */
};

/*
 * Whether CDRs and the records of legs are made, as they are at first.  If not,
 * a CDR is still made while somebody wants the events of calls, to judge them
 * by, and says so (cdr.h).
 */
void office_keep_records(struct office *office, bool is_on);

/*
 * The calls that have no process will get none any more, and end with their
 * records: for the end of a run, when all processes have ended.
 */
void office_give_up_starts(struct office *office);

/*
 * Gives each record of an ended call, and of its legs, for which no memory was
 * left, as the parcel would be, until `give` returns an error, which is
 * returned: for the end of a run, when memory has not come back.
 */
typedef int office_owed_f(
    void *arg, uint16_t kind, const void *record, size_t size);
int office_give_owed(struct office *office, office_owed_f *give, void *arg);

/*
 * As they are now, and as they were when it began to be now; good until the
 * next call of either.
 */
const struct office_counts *office_counts(struct office *office);
const struct office_counts *office_counts_before(struct office *office);

/* The pid of a live call by its number; PID_NONE once it has ended. */
struct pid office_call_pid(struct office *office, uint64_t call);

const char *signal_word(uint16_t kind); /* "offhook"; NULL if it is none */
const char *tone_word(enum tone tone);	/* "no-answer" */
const char *leg_kind_word(uint8_t kind);
const char *redirect_reason_word(uint8_t reason); /* "no-reply", "" */
const char *line_state_word(enum line_state state);

#endif
