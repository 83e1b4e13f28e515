/*
 * Private to script_words.c, script_look.c, script_agenda.c: one command of a
 * scenario that is being done.
 */
#ifndef SIM_SCRIPT_DOING_H
#define SIM_SCRIPT_DOING_H

#include <tcl.h>

#include "sim/command.h"
#include "sim/script_internal.h"

enum { WHY_MAX = 512, LINE_SIZE = 16 };

struct doing {
	Tcl_Interp *interp;
	struct script_words *words;
	unsigned int count;
	const char *argv[COMMAND_WORDS_MAX + 1]; /* its name, its words */
	struct arguments arguments;
	char line[LINE_SIZE];
};

/* A Tcl error of that text, at the command's line. */
int doing_fail(struct doing *doing, const char *text);

/*
 * Sends a frame and waits for its answer, which is then words->answer; without
 * a switch there is no life.  What the agenda wants comes first.
 */
int doing_ask(
    struct doing *doing, unsigned int count, const char *const *words);

/* What the command is asked of the switch as it stands; its answer is Tcl's. */
int doing_request(struct doing *doing);

/* Its words against their usage. */
int doing_match(struct doing *doing);

/* script_look.c: the commands `expect` and `never`. */
int script_expect(struct doing *doing);
int script_never(struct doing *doing);
/* A watch of the agenda: `seen` as in script.h; whether it goes on. */
int script_look_again(
    struct doing *doing, const struct frame *seen, bool *ret_goes_on);

/* script_agenda.c: `at`, `every`; and a watch that was armed by that number. */
int script_later(struct doing *doing);
int script_keep_watch(struct doing *doing, unsigned int number);

#endif
