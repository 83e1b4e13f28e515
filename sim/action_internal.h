/*
 * Private to sim/: what the commands of a scenario are done with.
 *
 * action.c gives each command to its function; those about calls are in
 * action_call.c, those about lines in action_lines.c, about traffic in
 * action_traffic.c, versions and faults in action_release.c,
 * those that change the release in action_upgrade.c, services of lines in
 * service.c, overload control in overload.c, trunks in trunk.c; party.c finds
 * the lines and calls that their words name.
 */
#ifndef SIM_ACTION_INTERNAL_H
#define SIM_ACTION_INTERNAL_H

#include "calls/exchange/office.h"
#include "sim/scenario_internal.h"

/* What an action answers when time must pass till it is done. */
enum { TIME_PASSES = 1 };

typedef int action_f(struct scenario *, const struct arguments *);

/* By name, or NULL. */
action_f *action_of_call(const char *name);
action_f *action_of_trunk(const char *name);
action_f *action_of_traffic(const char *name);
action_f *action_of_release(const char *name);
action_f *action_of_fault(const char *name);
action_f *action_of_upgrade(const char *name);
action_f *action_of_database(const char *name);
action_f action_module;
action_f action_lines;	/* action_lines.c */
action_f action_tariff; /* action_charge.c */
action_f action_account;
action_f action_date;
action_f action_service;
action_f action_gate;
action_f action_capacity;

/* Always -EINVAL; the clause goes to `why`, behind the command's name. */
__attribute__((format(printf, 3, 4))) int action_refuse(
    struct scenario *scenario, const struct arguments *arguments,
    const char *format, ...);
/* Likewise, as the office has said of what has that name. */
int action_refuse_error(struct scenario *scenario,
    const struct arguments *arguments, const char *name, int error);

/*
 * action.c: what `report` asks for, but which run and whether of the running
 * switch; its words are those of the arguments.
 */
struct reporting;
int action_read_report(struct scenario *scenario,
    const struct arguments *arguments, struct reporting *ret_asked);

/* A line for the person who runs it, apart from what machines read. */
void action_say(const struct scenario *scenario, const char *text);

/* Values of words that command_match() has found to be such. */
const char *action_word(const struct arguments *arguments, unsigned int i);
uint64_t action_number(const char *text);
uint64_t action_duration(const char *text);
uint16_t action_signal(const char *word);

/* action_lines.c: what is said of lines, and then they are so. */
struct line_plan {
	enum line_kind kind;
	enum line_control control;
	enum line_class class;
	uint16_t tariff, account; /* or TARIFF_NONE, ACCOUNT_NONE */
};
int action_read_lines(struct scenario *scenario,
    const struct arguments *arguments, struct line_plan *ret_plan);
void action_set_lines(struct scenario *scenario, uint32_t first, uint32_t count,
    const struct line_plan *plan);

/* action_charge.c: one band of a tariff. */
void action_read_tariff(
    const struct arguments *arguments, struct tariff_part *ret_part);

/* Likewise: what is said of an account; and that is recorded. */
void action_read_account(
    const struct arguments *arguments, struct account_plan *ret_plan);
int action_record_account(
    struct scenario *scenario, const struct account_plan *plan);

/* trunk.c: what is said of a group, and what its far end does (or NULL). */
struct mix;
struct trunk_plan;
int action_read_trunk(struct scenario *scenario,
    const struct arguments *arguments, struct trunk_plan *ret_plan,
    const struct mix **ret_mix);

/* trunk.c: what is said of a route. */
struct route_plan;
int action_read_route(struct scenario *scenario,
    const struct arguments *arguments, struct route_plan *ret_plan);

/* action.c: of an option that is a number or a span; without it 0 to no end. */
void action_span(const struct arguments *arguments, const char *option,
    uint64_t *ret_from, uint64_t *ret_to);

/* action_lines.c: of -tariff; TARIFF_NONE without it. */
int action_find_tariff(struct scenario *scenario,
    const struct arguments *arguments, uint16_t *ret_tariff);

/* trunk.c: the group of that name; the circuit that a subject names. */
int action_find_trunk(struct scenario *scenario,
    const struct arguments *arguments, const char *name, uint32_t *ret_trunk);
int action_find_circuit(struct scenario *scenario,
    const struct arguments *arguments, uint32_t *ret_port);

/* action_traffic.c: the behaviour of that name. */
int action_find_mix(struct scenario *scenario,
    const struct arguments *arguments, const char *name,
    const struct mix **ret_mix);

/* Likewise: there is no such traffic. */
int action_refuse_traffic(struct scenario *scenario,
    const struct arguments *arguments, const char *name);

/*
 * action_database.c: `fault database ...`; what befalls it now ends at `at` µs
 * of the run.  -ENOSPC: it has ended already.
 */
action_f action_harm;
int action_heal_database(struct scenario *scenario, uint64_t at);

/* action_call.c: digits that are still to be dialled. */
void action_forget_dialling(struct scenario *scenario);

/* party.c: 0, or -EINVAL by action_refuse(). */
int party_line(struct scenario *scenario, const struct arguments *arguments,
    const char *number, uint32_t *ret_line);
int party_find(struct scenario *scenario, const struct arguments *arguments,
    uint32_t *ret_line); /* the PARTY at place 0 */
int party_find_second(struct scenario *scenario,
    const struct arguments *arguments,
    uint32_t *ret_line); /* behind the name of a call that begins */
/* Likewise; and the call, if it is named as a side of one, or 0. */
int party_find_in(struct scenario *scenario, const struct arguments *arguments,
    uint32_t *ret_line, uint64_t *ret_call);
/* The circuit of a far end, as in c.a, whose call has left it; or PORT_NONE. */
uint32_t party_gone(const struct scenario *scenario, const char *party);
int party_call(struct scenario *scenario, const struct arguments *arguments,
    const char *name,
    struct pid *ret_pid); /* the CALL at place 0, which must live */
/* Off-hook, or with `digits` the whole number; its name at place 0. */
int party_begin_call(struct scenario *scenario,
    const struct arguments *arguments, uint32_t line, const char *digits);
/* As that, from a trunk group. */
struct trunk_call;
int party_begin_trunk_call(struct scenario *scenario,
    const struct arguments *arguments, const struct trunk_call *how);
/* As that, of a line that is in a call. */
int party_begin_consultation(struct scenario *scenario,
    const struct arguments *arguments, uint32_t line, const char *digits);
void party_note_dialled(
    struct scenario *scenario, uint32_t line, const char *digits);

#endif
