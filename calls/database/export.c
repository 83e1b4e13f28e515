/*
 * export: see export.h for what it is.
 *
 * In CSV a number that is no integer has six decimals, the µs of a second or
 * the ns of a ms: a spreadsheet shall not meet 1e-06.  JSON has numbers as
 * SQLite writes them.  A reader that has gone away (`| head`) ends the output
 * early.
 */
#include "calls/database/export.h"

#include <sqlite3.h>
#include <string.h>

static void
print_field(const char *text, FILE *out)
{
	if (text == NULL)
		return; /* NULL: nothing between the commas */
	if (text[strcspn(text, ",\"\r\n")] == '\0') {
		fputs(text, out);
		return;
	}
	putc('"', out);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', out);
		putc(*text, out);
	}
	putc('"', out);
}

static void
print_value(sqlite3_stmt *statement, int column, FILE *out)
{
	if (sqlite3_column_type(statement, column) == SQLITE_FLOAT)
		fprintf(out, "%.6f", sqlite3_column_double(statement, column));
	else
		print_field(
		    (const char *)sqlite3_column_text(statement, column), out);
}

int
export_csv(sqlite3_stmt *statement, FILE *out)
{
	int columns = sqlite3_column_count(statement), i, step;

	for (i = 0; i < columns; i++) {
		print_field(sqlite3_column_name(statement, i), out);
		fputs(i + 1 < columns ? "," : "\r\n", out);
	}
	while ((step = sqlite3_step(statement)) == SQLITE_ROW && !ferror(out))
		for (i = 0; i < columns; i++) {
			print_value(statement, i, out);
			fputs(i + 1 < columns ? "," : "\r\n", out);
		}
	return step;
}

int
export_json(sqlite3_stmt *statement, FILE *out)
{
	const char *separator = "";
	int step;

	putc('[', out);
	while ((step = sqlite3_step(statement)) == SQLITE_ROW && !ferror(out)) {
		fprintf(out, "%s\n%s", separator,
		    (const char *)sqlite3_column_text(statement, 0));
		separator = ",";
	}
	fputs("\n]\n", out);
	return step;
}
