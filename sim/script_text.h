/*
 * Private to sim/script*.c: a scenario's text while it is looked at.
 *
 * script_check.c cuts it into commands; script_own.c holds ours against their
 * usage; script_shape.c knows where Tcl's own commands have bodies;
 * script_names.c which names are made and used; script_condition.c looks at
 * conditions, script_expression.c at what of them cannot be read.
 */
#ifndef SIM_SCRIPT_TEXT_H
#define SIM_SCRIPT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <tcl.h>

#include "sim/command.h"
#include "sim/part.h"
#include "sim/units.h"

struct noun;
struct script_findings;

enum {
	MISTAKES_MAX = 1000, /* that are told; more are counted */
	NEEDS_MAX = 1000,    /* that are told in their place */
	DEPTH_MAX = 600,     /* Tcl itself goes no deeper than a thousand */
	TEXT_MAX = 640,
	KNOWN_MAX = 4096,     /* bytes of all command words */
	RANGES_HELD_MAX = 64, /* of `lines`, that are held against each other */
	WORD_MAX = 256	      /* a literal that a type could refuse or take */
};

/*
 * Names that the text makes: of calls, and of others.  Begun, and once,
 * are those of commands so far that stand outside of all bodies.
 */
#define TABLES(X)                                                              \
	X(calls)                                                               \
	X(traffics)                                                            \
	X(modules)                                                             \
	X(accounts)                                                            \
	X(tariffs)                                                             \
	X(trunks)                                                              \
	X(behaviours)                                                          \
	X(procs)                                                               \
	X(variables)                                                           \
	X(begun)                                                               \
	X(once_trunk)                                                          \
	X(once_account)                                                        \
	X(once_traffic)                                                        \
	X(once_behaviour)
#define TABLE_ENUM(symbol) TABLE_##symbol,
enum table { TABLES(TABLE_ENUM) TABLES_COUNT };
#undef TABLE_ENUM

/* Where no time passes: in a race, and in what an `at` or `every` does. */
enum timelessness { TIME_PASSES_THERE, TIMELESS_RACE, TIMELESS_BODY };

enum piece_kind { PIECE_SCRIPT, PIECE_EXPRESSION };

struct piece {
	const char *start;
	size_t length;
	enum piece_kind kind;
	enum timelessness timeless;
	unsigned int depth; /* of bodies in bodies */
	bool asks;	    /* stands in a condition, which has columns */
};

struct mistake {
	const char *where;
	char text[TEXT_MAX];
};

/* A release that a command of the text wants. */
struct need {
	const char *where;
	char module[WORD_MAX], version[WORD_MAX], command[16];
};

struct ranges {
	struct range *range;
	unsigned int count, room;
	bool is_open; /* one is made at run time: any line */
};

struct check {
	struct parts *parts;
	const struct script_findings *findings;
	Tcl_Interp *interp; /* for the texts of Tcl's own mistakes */
	bool is_learning;
	enum timelessness timeless;
	unsigned int depth; /* of the piece that is looked at */
	/* The command, if it is one behind which nothing is reached; or "". */
	char leaver[16];
	bool is_outmost;      /* in no body, and in no brackets */
	bool asks;	      /* as in the piece */
	bool expects_refusal; /* of an upgrade */
	unsigned int torn;    /* places where it cannot be cut */
	struct piece *pieces;
	unsigned int pieces_count, pieces_room;
	struct mistake *mistakes;
	unsigned int mistakes_count, mistakes_room;
	struct need *needs;
	unsigned int needs_count, needs_room;
	/* As bits: parts that were looked at, and what each includes. */
	uint64_t seen, included[PARTS_MAX];
	Tcl_HashTable tables[TABLES_COUNT];
	bool is_open[TABLES_COUNT]; /* a name is made at run time: any */
	struct ranges lines;	    /* of the whole text, in order */
	struct ranges made_lines;   /* so far, by commands outside of bodies */
};

/* A command as it stands in the text. */
struct cut {
	Tcl_Parse *parse;
	const Tcl_Token *words[COMMAND_WORDS_MAX + 1];
	/* Or NULL: made at run time, too long, or behind the last. */
	const char *literals[COMMAND_WORDS_MAX + 1];
	unsigned int count;
	bool is_open; /* {*} or too many: more may follow */
	char bytes[(COMMAND_WORDS_MAX + 1) * 8 + 2048];
	size_t used;
};

/* Adds a mistake; text as printf(3). */
__attribute__((format(printf, 3, 4))) void check_mistake(
    struct check *check, const char *where, const char *format, ...);
/* The words of a command that wants a release. */
void check_need(struct check *check, const char *where, const struct cut *cut);

/* Where that is: "s.tcl:4:7". */
void check_where(
    struct check *check, const char *where, char place[PLACE_SIZE]);

/* script_own.c: a command of command.def. */
void check_own(
    struct check *check, const struct command *command, const struct cut *cut);

/* script_names.c: a name that the text makes; NULL: one not known yet. */
void check_learn(struct check *check, enum table table, const char *name);
bool check_is_learnt(struct check *check, enum table table, const char *name);
void check_learn_all(struct check *check); /* of every table */
/* The name that a command makes. */
void check_learn_names(struct check *check, const struct cut *cut);
/* The word at place `i`, if it is a name that must be made somewhere. */
void check_name(struct check *check, const struct cut *cut,
    enum argument_type type, unsigned int i);
/* Whether a subject that is no noun is a call that something makes. */
bool check_subject(struct check *check, const struct cut *cut);
/* What has been made already and cannot be once more. */
void check_repeated(struct check *check, const struct cut *cut);

/*
 * Whether there is nothing to be said: while the text is learnt, and when more
 * mistakes were found than are told, which are counted here.
 */
bool check_is_enough(struct check *check);

/* script_lines.c: what `lines` makes, and in order when all of it is known. */
void check_learn_lines(struct check *check, const struct cut *cut);
void check_sort_lines(struct check *check);
/* The word at place `i`: a line or several, which must be made somewhere. */
void check_line(struct check *check, const struct cut *cut, unsigned int i);
/* A `lines` whose lines another has made before. */
void check_new_lines(struct check *check, const struct cut *cut);
void check_forget_lines(struct check *check);

/*
 * script_variables.c: what a list of names, the parameters of a procedure, a
 * word, or a command sets; NULL: what is not known, and so may be any.
 */
void check_learn_variables(struct check *check, const char *names);
void check_learn_parameters(struct check *check, const char *parameters);
void check_learn_variable(
    struct check *check, const struct cut *cut, unsigned int i);
void check_learn_set(struct check *check, const struct cut *cut);
/* Whether anything sets it; what of these tokens nothing does. */
bool check_is_set(struct check *check, const char *name);
void check_variables(
    struct check *check, const Tcl_Parse *parse, bool may_be_columns);

/* script_reach.c: what is behind a command that never lets it be reached. */
void check_reach(struct check *check, const struct cut *cut);

/* Words into KNOWN_MAX bytes with a space behind each: where the next goes. */
size_t check_append_word(char *words, size_t at, const char *word);
size_t check_append_names(
    struct check *check, enum table table, char *words, size_t at);

/* A piece that is still to be looked at; one that is the text of a word. */
void check_add_piece(struct check *check, const char *start, size_t length,
    enum piece_kind kind);
void check_add_body(
    struct check *check, const Tcl_Token *word, enum piece_kind kind);

/* What stands in brackets anywhere in these tokens. */
void check_add_brackets(struct check *check, const Tcl_Parse *parse);

/*
 * script_expression.c: whether Tcl can read it; told if it cannot.  In one of a
 * subject variables may be columns, and are not looked at.
 */
bool check_expression(
    struct check *check, const char *start, size_t length, bool is_of_subject);

/*
 * script_torn.c: what cannot be cut is told by Tcl's mistake; returns where the
 * text goes on.
 */
const char *check_torn(struct check *check, const char *command,
    const char *end, const Tcl_Parse *parse);

/* script_unknown.c: a command that there is not. */
void check_unknown(struct check *check, const struct cut *cut);

/* script_arity.c: whether a command of Tcl's has as many words as it takes. */
bool check_arity(struct check *check, const struct cut *cut);

/* The text of a word that nothing is substituted in; false if it is not so. */
bool check_literal(
    const Tcl_Token *word, const char **ret_start, size_t *ret_length);
bool cut_is_word(const struct cut *cut, unsigned int i, const char *word);
/* A command with a condition: its columns are told if they want braces. */
bool cut_asks(const struct cut *cut);

/* Bodies and variables of a command of Tcl's own. */
void check_follow(struct check *check, const struct cut *cut);

/* A condition over the columns of `noun`. */
void check_condition(
    struct check *check, const struct noun *noun, const Tcl_Token *word);
/* Likewise one of upgrade_condition.h, behind its option. */
void check_upgrade_condition(
    struct check *check, const struct cut *cut, unsigned int i);
/* And one on the columns of a report; NULL: not known before it runs. */
/* Of `threshold` and `search`. */
void check_switch_condition(struct check *check, const struct cut *cut,
    const struct arguments *arguments, unsigned int i);
void check_report_condition(struct check *check, const struct cut *cut,
    const char *report, unsigned int i);

#endif
