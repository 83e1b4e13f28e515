/*
 * Private to sim/script*.c: the process that a scenario's Tcl runs in.
 *
 * Only script_child.c, script_check.c and script_words.c include tcl.h.
 */
#ifndef SIM_SCRIPT_INTERNAL_H
#define SIM_SCRIPT_INTERNAL_H

#include <stddef.h>
#include <stdnoreturn.h>

#include "sim/frame.h"

struct script_options;
struct source;
struct Tcl_Interp;

/* An exit status that nothing else here has: Tcl could not go on. */
enum { SCRIPT_EXIT_MEMORY = 86 };

noreturn void script_child(int descriptor, const struct source *source,
    const struct script_options *options);

/* Tcl's own commands that a scenario may use. */
extern const char script_allowed[];

/* script_check.c: what is wrong with a text, in the order of its lines. */
struct script_findings {
	void *arg;
	void (*mistake)(void *arg, unsigned int line, const char *text);
	/* `module`, or an upgrade to it */
	void (*needs)(void *arg, unsigned int line, const char *module,
	    const char *version, const char *command);
	/* `seed` or `schedulers` */
	void (*setting)(
	    void *arg, unsigned int line, const char *name, const char *number);
	/* "": one whose name is not known before the run */
	void (*param)(void *arg, unsigned int line, const char *name);
};
void script_check(
    const struct source *source, const struct script_findings *findings);

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
	unsigned int error_line; /* of the last command that failed */
	char error_text[512];
	/* A -D that is no number where the scenario has one, or "". */
	char suspect[192];
	struct frame answer; /* the last one; good until the next */
};
int script_words_add(struct Tcl_Interp *interp, struct script_words *words);

#endif
