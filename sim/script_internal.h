/*
 * Private to sim/script*.c: the process that a scenario's Tcl runs in.
 *
 * Only script_*.c include tcl.h.
 */
#ifndef SIM_SCRIPT_INTERNAL_H
#define SIM_SCRIPT_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>

#include "sim/frame.h"
#include "sim/part.h"

struct script;
struct script_options;
struct Tcl_Interp;
struct Tcl_Obj;

/*
 * Exit statuses that nothing else here has: it could not go on for want of
 * memory; or of that, time or stack, and has said so.
 */
enum { SCRIPT_EXIT_MEMORY = 86, SCRIPT_EXIT_LIMIT = 87 };

noreturn void script_child(
    int descriptor, struct parts *parts, const struct script_options *options);

/* Tcl's own commands that a scenario may use. */
extern const char script_allowed[];

/*
 * script_check.c: what is wrong with a text, in the order of its lines.  Where
 * something stands is told as a place, "s.tcl:4:7".
 */
struct script_findings {
	void *arg;
	void (*mistake)(void *arg, const char *place, const char *text);
	/* `module`, or an upgrade to it */
	void (*needs)(void *arg, const char *place, const char *module,
	    const char *version, const char *command);
	/* `seed`, `schedulers` or `pace` */
	void (*setting)(
	    void *arg, const char *place, const char *name, const char *number);
	/* "": one whose name is not known before the run */
	void (*param)(void *arg, const char *place, const char *name);
	/* The file that is included, or has data; -errno with `why`. */
	int (*part)(void *arg, const char *name, unsigned int *ret_number,
	    char *why, size_t size);
};
void script_check(struct parts *parts, const struct script_findings *findings);

/*
 * The columns among `columns` that a condition mentions, into `mentioned`,
 * separated by spaces.
 */
void script_mentions(
    const char *condition, const char *columns, char *mentioned, size_t size);

/* script_words.c: the commands of command.def in an interpreter. */
struct script_words {
	int descriptor;
	struct frame_reader *reader;
	const struct script_options *options;
	struct parts *parts;
	int files[PARTS_MAX]; /* of those that were evaluated; else 0 */
	struct Tcl_Interp *interp;
	unsigned int error_line; /* of the last command that failed */
	char error_text[512];
	unsigned int last_line; /* of the last command */
	/* script_agenda.c */
	struct script_body *bodies;
	unsigned int bodies_count, bodies_room;
	struct script_watch *watches;
	unsigned int depth;	/* of bodies that are being done */
	unsigned int body_line; /* where that one begins; 0: none is */
	bool is_ending;		/* what is watched is looked at once more */
	/* A -D that is no number where the scenario has one, or "". */
	char suspect[192];
	struct frame answer; /* the last one; good until the next */
};
int script_words_add(struct Tcl_Interp *interp, struct script_words *words);

/* The line that is being done, counted on over all parts; 0: not known. */
unsigned int script_line(struct script_words *words);

/* script_error.c: where an error arose that nothing caught. */
unsigned int script_error_line(struct script_words *words);

/* That it ended in the middle, by the error that Tcl has; does not return. */
noreturn void script_tell_broken(struct script_words *words);

/* script_agenda.c: whether the answer was a request of the agenda. */
bool script_agenda_take(struct script_words *words);
int script_agenda_finish(struct script_words *words);

/* Evaluates a part, as Tcl does a file, so that it counts its lines. */
int script_part_evaluate(struct script_words *words, unsigned int number);

/* script_part.c: asks for a file, and answers it at the switch's end. */
int script_part_ask(struct script_words *words, const char *name,
    unsigned int *ret_number, char *why, size_t size);
int script_part_serve(
    struct script *script, struct parts *parts, const char *name);

/* script_data.c: the rows of a CSV; NULL with one clause in `why`. */
struct Tcl_Obj *script_data_rows(
    const struct part *part, char *why, size_t size);
bool script_data_can_be_read(const struct part *part, char *why, size_t size);

/*
 * script_end.c: what is said when there is no time, memory or stack left: the
 * place that it was told last, or that of the command that runs.
 */
void script_end_install(struct script_words *words);
void script_end_place(const char *place);
void script_end_run(struct Tcl_Interp *interp); /* from here on it runs */
/* As frame_write(); nothing is said in the middle of it. */
int script_write(
    struct script_words *words, unsigned int count, const char *const *frame);

#endif
