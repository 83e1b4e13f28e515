/*
 * row: see row.h for what it is.
 *
 * A value goes to the next place of a prepared statement.  The first failure
 * is kept and told once the row is whole, so that a fill need not look.
 */
#include "calls/database/row.h"

#include <string.h>

#include "calls/database/writer_internal.h"

static void
note_status(struct row *row, int status)
{
	if (row->status == SQLITE_OK)
		row->status = status;
}

void
row_integer(struct row *row, int64_t value)
{
	note_status(
	    row, sqlite3_bind_int64(row->statement, ++row->column, value));
}

void
row_real(struct row *row, double value)
{
	note_status(
	    row, sqlite3_bind_double(row->statement, ++row->column, value));
}

void
row_text(struct row *row, const char *text, size_t size)
{
	note_status(row,
	    sqlite3_bind_text(row->statement, ++row->column, text,
		(int)strnlen(text, size), SQLITE_STATIC));
}

void
row_copied_text(struct row *row, const char *text)
{
	note_status(row,
	    sqlite3_bind_text(
		row->statement, ++row->column, text, -1, SQLITE_TRANSIENT));
}

uint64_t
row_number(const struct row *row)
{
	return row->number;
}
