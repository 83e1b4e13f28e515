/*
 * Private to sim/script*.c: a scenario's text while it is looked at.
 *
 * script_check.c cuts it and holds our commands against their usage;
 * script_shape.c knows where Tcl's own commands have bodies;
 * script_condition.c looks at conditions.
 */
#ifndef SIM_SCRIPT_TEXT_H
#define SIM_SCRIPT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <tcl.h>

#include "sim/command.h"

struct noun;
struct script_findings;
struct source;

enum {
	MISTAKES_MAX = 20, /* more help nobody */
	TEXT_MAX = 640,
	KNOWN_MAX = 4096, /* bytes of all command words */
	WORD_MAX = 256	  /* a literal that a type could refuse or take */
};

enum piece_kind { PIECE_SCRIPT, PIECE_EXPRESSION };

struct piece {
	const char *start;
	size_t length;
	enum piece_kind kind;
};

struct mistake {
	const char *where;
	char text[TEXT_MAX];
};

struct check {
	const struct source *source;
	const struct script_findings *findings;
	Tcl_Interp *interp; /* for the texts of Tcl's own mistakes */
	bool is_learning;
	bool makes_names;   /* of calls, at run time: any may exist then */
	bool makes_modules; /* likewise */
	struct piece *pieces;
	size_t pieces_count, pieces_room;
	struct mistake mistakes[MISTAKES_MAX];
	unsigned int mistakes_count;
	/* Names that the text makes: calls and traffics, and others. */
	Tcl_HashTable made, modules, procs, variables;
};

/* A command as it stands in the text. */
struct cut {
	Tcl_Parse *parse;
	const Tcl_Token *words[COMMAND_WORDS_MAX + 1];
	const char *literals[COMMAND_WORDS_MAX + 1]; /* or NULL */
	unsigned int count;
	bool is_open; /* {*} or too many: more may follow */
	char bytes[(COMMAND_WORDS_MAX + 1) * 8 + 2048];
	size_t used;
};

/* Adds a mistake; text as printf(3). */
__attribute__((format(printf, 3, 4))) void check_mistake(
    struct check *check, const char *where, const char *format, ...);

/* Names that the text makes. */
void check_learn(Tcl_HashTable *table, const char *name);
bool check_is_learnt(Tcl_HashTable *table, const char *name);
void check_learn_variables(struct check *check, const char *names);

/* A piece that is still to be looked at; one that is the text of a word. */
void check_add_piece(struct check *check, const char *start, size_t length,
    enum piece_kind kind);
void check_add_body(
    struct check *check, const Tcl_Token *word, enum piece_kind kind);

/* The text of a word that nothing is substituted in; false if it is not so. */
bool check_literal(
    const Tcl_Token *word, const char **ret_start, size_t *ret_length);
bool cut_is_word(const struct cut *cut, unsigned int i, const char *word);

/* Bodies and variables of a command of Tcl's own. */
void check_follow(struct check *check, const struct cut *cut);

/* A condition over the columns of `noun`. */
void check_condition(
    struct check *check, const struct noun *noun, const Tcl_Token *word);
/* Likewise one of upgrade_condition.h, behind its option. */
void check_upgrade_condition(
    struct check *check, const struct cut *cut, unsigned int i);
/* And one on the columns of a report; NULL: not known before it runs. */
void check_report_condition(struct check *check, const struct cut *cut,
    const char *report, unsigned int i);

#endif
