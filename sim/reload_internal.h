/*
 * Private to sim/reload*.c.
 *
 * reload.c is its life, reload_office.c does what has a name, reload_numbers.c
 * what is said of many lines, reload_answer.c says what it came to.
 */
#ifndef SIM_RELOAD_INTERNAL_H
#define SIM_RELOAD_INTERNAL_H

#include "sim/action_internal.h"
#include "sim/command.h"
#include "sim/reload.h"
#include "sim/reload_plan.h"

enum {
	/* A step that is no range weighs as much as so many lines. */
	STEP_WEIGHT = 16,
	/* A millisecond or so, of lines that become other ones. */
	WEIGHT_OF_A_TURN = 2048
};

struct reload {
	unsigned int magic;
#define RELOAD_MAGIC 0x3f6be8a2
	struct scenario *scenario;
	struct reload_plan plan;
	uint32_t at;
	uint64_t numbers;
	struct routing *draft;
	/* What goes when its calls have ended. */
	uint64_t waiting_lines, waiting_circuits;
	char why[WHY_SIZE];
};

/* One step, with what its command says. */
struct step {
	enum reload_verb verb;
	enum reload_kind kind;
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count;
	struct arguments arguments;
};

/* reload.c: the step at that place; what it is told when one fails. */
int reload_read_step(struct reload *reload, uint32_t at, struct step *ret_step);
int reload_refuse(struct reload *reload, const struct step *step, int result);

/* Each does a step: 0, or -errno by reload_refuse(). */
int reload_have(struct reload *reload, const struct step *step);
int reload_draft(struct reload *reload, const struct step *step);
int reload_swap(struct reload *reload);
int reload_withdraw(struct reload *reload, const struct step *step);
/* Of its numbers some: `numbers` is how many are done, 0 when all are. */
int reload_do_numbers(struct reload *reload, const struct step *step);

#endif
