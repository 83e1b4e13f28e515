/*
 * code: versions of modules, from a file to a behaviour and back.
 *
 * As OTP's code_server, with two departures: any number of versions may be
 * resident, and nothing is killed by loading.  A release is a folder
 * ROOT/VERSION/ with one MODULE.so for each module that makes it up.  The file
 * is copied to a sealed memfd before it is opened, so that what was checked is
 * what is mapped.
 */
#ifndef UPGRADE_CODE_H
#define UPGRADE_CODE_H

#include "switch/behaviour.h"

enum { CODE_WHY_MAX = 512 };

struct code;

/*
 * `roots`: folders of releases, searched in order, `count` of them; the
 * strings must outlive it.  Installs itself as the behaviours' converter.
 */
int code_alloc(struct code **ret_code, struct behaviours *behaviours,
    const char *const *roots, unsigned int count);
void code_free(struct code **codep);

/*
 * Who tries each file before it is opened here (prover.h); it must outlive
 * the loads.  Without one, as in the beginning, files are opened untried and
 * a self_test runs in the switch.
 */
struct prover;
void code_set_prover(struct code *code, struct prover *prover);

/*
 * Loads a version, unless it is resident, and derives the plans to and from
 * every resident version of that module.  *ret_id is its behaviour.  On
 * failure one clause in `why` (CODE_WHY_MAX bytes) that names what and why.
 *
 * -ENOENT    no such release in any root
 * -ENOEXEC   not a module to be let in: file, ABI, name, version, schema, or
 *            it crashes when it is tried
 * -EBADMSG   its self_test fails
 * -EINVAL    no plan to or from a resident version, or one that states do not
 *            survive when it is tried
 * -EBUSY     another load is under way
 */
int code_load(struct code *code, const char *module, const char *version,
    uint16_t *ret_id, char *why);

/*
 * The same in three parts, so that what blocks runs on a thread of its own:
 * code_load_work(), a worker_job_f, is given the load that code_load_begin()
 * has made, and code_load_finish() answers for both and frees *loadp.
 * code_load_begin(): -EBUSY, -ENOMEM.
 */
struct code_load;
int code_load_begin(struct code *code, const char *module, const char *version,
    struct code_load **ret_load);
void code_load_work(void *arg); /* a struct code_load */
int code_load_finish(
    struct code_load **loadp, uint16_t *ret_id, char *why, uint64_t *ret_us);
/* Frees one that is not wanted; NULL inside is welcome. */
void code_load_drop(struct code_load **loadp);

/*
 * From now on the schedulers of this switch read what is loaded; without it
 * nobody does but the caller.  All but code_load_work() is for home.
 */
struct scheduler;
void code_join(struct code *code, struct scheduler *home);

/*
 * Who hears, on the thread of the scheduler that has the process, of each
 * conversion that an event or use_current has caused, of each process that goes
 * to another version, is barred from one or waits, numbers their states,
 * chooses births for a canary, and hears of the last process that leaves a
 * version there (struct converter): the release handler.  Each may be NULL.
 * One; NULL ends it.  Before anything runs.
 */
struct code_listener {
	void *arg;
	void (*attempted)(
	    void *arg, struct pid pid, int result, uint64_t cpu_ns);
	void (*goes)(void *arg, const struct departure *departure);
	void (*barred)(void *arg, struct pid pid, int error);
	unsigned int (*state)(void *arg, uint16_t behaviour, const void *state);
	void (*waits)(
	    void *arg, unsigned int scheduler, unsigned int state, int change);
	/* As of struct converter; it is asked while there is a canary. */
	bool (*chooses)(void *arg, struct pid pid, const struct message *start);
	void (*left)(void *arg, unsigned int scheduler, uint16_t behaviour);
};
void code_listen(struct code *code, const struct code_listener *listener);

/* The resident versions of `module`: their number, the first `max` to ids. */
unsigned int code_residents(const struct code *code, const char *module,
    uint16_t *ids, unsigned int max);

/* As code_residents, of all modules: what is not current but another is. */
unsigned int code_old(const struct code *code, uint16_t *ids, unsigned int max);

/*
 * When the version was loaded, and since when it is what it is, current or
 * old: µs of the run.  code_note_current() has that begin now for all versions
 * of the module in which it is not so already.
 */
struct code_times {
	uint64_t loaded, since;
};
struct code_times code_times(const struct code *code, uint16_t id);
void code_note_current(struct code *code, const char *module);
size_t code_resident_bytes(const struct code *code, uint16_t id);

/*
 * Closes the version of number `id`, which nobody uses, in three parts as a
 * load.  code_close_begin() takes it out: nobody finds it any more.
 * code_close_work(), a worker_job_f, unmaps it and looks whether it is gone.
 * code_close_finish() says whether it is, and frees *closingp; it does the
 * work too where nobody has.
 *
 * code_close_begin():
 * -ENOENT   it is not resident
 * -EBUSY    a process runs it, it is current, the way back of a trial, or the
 *           plan between two others needs its code_change
 * -EAGAIN   a load is under way
 * -ENOMEM
 * code_close_finish():
 * -EADDRINUSE  nobody runs it, but something holds it mapped
 */
struct code_closing;
int code_close_begin(
    struct code *code, uint16_t id, struct code_closing **ret_closing);
void code_close_work(void *arg); /* a struct code_closing */
int code_close_error(const struct code_closing *closing); /* once done */
const char *code_close_module(const struct code_closing *closing);
const char *code_close_version(const struct code_closing *closing);
int code_close_finish(struct code_closing **closingp);

/* All three at once, on this thread; -EBUSY also while a load is under way. */
int code_purge(struct code *code, const char *module, const char *version);

/*
 * Whether the plan between two others leads by way of `id` and needs its
 * code_change: it is held for as long as both are there.
 */
bool code_is_on_the_way(const struct code *code, uint16_t id);

/*
 * Closes the version of number `id` and opens it again, elsewhere, under those
 * who run it; home is between two events, and there is no load.  In the build
 * hard alone (code_reopen.c): where it fails, with the cause in `why`, there is
 * nothing to go on with.
 */
int code_reopen(struct code *code, uint16_t id, char *why);

/* Versions of `module` that stand in the roots, "1.0 2.0", for messages. */
void code_known(
    const struct code *code, const char *module, char *text, size_t size);
/* Likewise, of `count` roots and before there is any code. */
void code_list(const char *const *roots, unsigned int count, const char *module,
    char *text, size_t size);
/*
 * Such a list for a person: of a folder one word, and of a long one its
 * beginning, "1.0 2.0 faulty/... and 3 more".
 */
void code_abridge(const char *list, char *text, size_t size);
/* Before it, for one that is not in it: "did you mean '2.0'? there are: ". */
void code_suggest(
    const char *version, const char *list, char *text, size_t size);

/*
 * By which table a release works: read in the prover, which there must be, and
 * loaded nowhere.  As code_load() fails, or -ENODATA: it does not say.
 */
struct state_chart;
int code_states(struct code *code, const char *module, const char *version,
    struct state_chart **ret_chart, char *why);

/*
 * Of the releases that stand in the roots the n-th that lies between the two;
 * false: there are not so many.
 */
struct code_ends {
	const char *module, *from, *to;
};
bool code_between(const struct code *code, const struct code_ends *ends,
    unsigned int n, char *version, size_t size);

/*
 * One clause on how far the plan between the two is the same as the way through
 * the releases that lie between and stand in the roots; "" if none does.
 */
void code_say_proof(const struct code *code, uint16_t from, uint16_t to,
    char *text, size_t size);

/* The plan between two behaviours, or NULL. */
struct conversion;
const struct conversion *code_plan(
    const struct code *code, uint16_t from, uint16_t to);

#endif
