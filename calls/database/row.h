/*
 * row: how a record becomes a row of a table.
 *
 * A layer that has records of its own describes them here in a const
 * row_type; the database itself knows the types of the switch and of calls.
 * Values go from the record to SQLite without a copy.
 */
#ifndef CALLS_DATABASE_ROW_H
#define CALLS_DATABASE_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "switch/module.h" /* struct pid */

struct row;

struct row_type {
	uint16_t kind;	     /* of the record's parcel */
	size_t size;	     /* of the record */
	const char *table;   /* of schema.c; its key begins with run */
	const char *columns; /* ", call, calling": all but run, as filled */
	/* A later record of one key takes the place of the one before. */
	bool is_renewed;
	/*
	 * Or: it changes the row that stands there, as this condition has it
	 * of the first columns, and is a conflict if none does.
	 */
	const char *amends;
	/* Gives the row one value per column; called by the writer's thread. */
	void (*fill)(struct row *row, const void *record);
};

void row_integer(struct row *row, int64_t value);
void row_real(struct row *row, double value);
/* At most `size` bytes, which last as long as the record, or for ever. */
void row_text(struct row *row, const char *text, size_t size);
/* A text that does not last. */
void row_copied_text(struct row *row, const char *text);

/* The place of the record among all of the run, from 1: a key where the
 * record has none of its own. */
uint64_t row_number(const struct row *row);

/* slot * 2^32 + generation */
static inline void
row_pid(struct row *row, struct pid pid)
{
	row_integer(row, (int64_t)((uint64_t)pid.slot << 32 | pid.generation));
}

/* For lists X(column, kind, value) that give both names and fill. */
#define ROW_NAME(column, kind, value) ", " #column
#define ROW_FILL(column, kind, value) ROW_FILL_##kind(value);
#define ROW_FILL_INTEGER(value)	      row_integer(row, (int64_t)(value))
#define ROW_FILL_REAL(value)	      row_real(row, (value))
#define ROW_FILL_PID(value)	      row_pid(row, (value))
#define ROW_FILL_ARRAY(value)	      row_text(row, (value), sizeof(value))
#define ROW_FILL_WORD(value)	      row_text(row, (value), SIZE_MAX)
#define ROW_FILL_COPIED(value)	      row_copied_text(row, (value))

#endif
