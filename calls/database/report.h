/*
 * report: what the call database says, for people and for programs.
 *
 * Every report is an SQL view named report_NAME (`-` as `_`) in the file
 * itself, so that any SQLite tool shows the same figures; here they are only
 * asked for and printed.
 */
#ifndef CALLS_DATABASE_REPORT_H
#define CALLS_DATABASE_REPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum report_format { REPORT_TABLE, REPORT_CSV, REPORT_JSON, REPORT_HTML };

/* What stands in one column of a row. */
struct report_value {
	enum { REPORT_NULL, REPORT_INTEGER, REPORT_REAL, REPORT_TEXT } kind;
	int64_t integer;
	double real;
	const char *text;
};

/* Whether the row of these values, in the order of the columns, is wanted. */
typedef bool report_wants_f(void *arg, const struct report_value *values);

/*
 * Puts the rows of a report on the switch as it runs: of each its values, in
 * the order of the columns, without the run.
 */
struct report_rows;
typedef void report_fill_f(
    void *arg, const char *name, struct report_rows *rows);
void report_rows_add(
    struct report_rows *rows, const struct report_value *values);

struct report_options {
	const char *name;	  /* NULL: summary */
	const char *const *words; /* keys, or filters as NAME=VALUE */
	unsigned int words_count;
	const char *path; /* of the database */
	const char *run;  /* "last" or a number */
	enum report_format format;
	unsigned int width; /* what is printed fits it; 0: all of it */
	bool is_coloured;
	int64_t limit;	       /* rows at most; 0: all */
	report_wants_f *wants; /* NULL: all */
	void *arg;
	report_fill_f *fill; /* NULL: there is no running switch */
	void *fill_arg;
};

/*
 * Prints one report to `out`.  0; -ENOENT no such report, filter, run or
 * object; -EINVAL no database of ours; -errno; with one line in `why`.
 */
int report_print(const struct report_options *options, FILE *out, char *why,
    unsigned int size);

/* Whether it asks the running switch, and not the file alone. */
bool report_is_live(const char *name);

/* "summary calls upgrades ...", for help and messages. */
enum { REPORT_NAMES_MAX = 512 };
void report_names(char *names, size_t size);

/* The i-th with the words it wants and what it is, for help; false: no more. */
bool report_about(unsigned int i, char *about, size_t size);

/*
 * Gives every column of a report in its order, of a database that is made for
 * it in memory.  -ENOENT no such report, as above; -ENOMEM.
 */
typedef void report_column_f(void *arg, const char *name, bool is_text);
int report_columns(const char *name, report_column_f *column, void *arg,
    char *why, unsigned int size);

/* Whether so many words behind a name are enough; -ENOENT, as report_print().
 */
int report_check_words(
    const char *name, unsigned int count, char *why, unsigned int size);

#endif
