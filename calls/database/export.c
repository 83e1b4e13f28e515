/*
 * export: see export.h for what it is.
 *
 * Numbers are written as SQLite writes them, so that the program that reads
 * them has what any SQLite tool would have given it.  A reader that has gone
 * away (`| head`) ends the output early.
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
			print_field(
			    (const char *)sqlite3_column_text(statement, i),
			    out);
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
