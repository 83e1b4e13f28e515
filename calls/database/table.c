/*
 * table: see table.h for what it is.
 *
 * The rows are read twice, once for the widths and once to print them, so
 * that a table of a million rows needs the memory of one.
 *
 * The name of a column says its unit after the last `_`; the words between
 * the `_` stand above each other, which keeps columns narrow:
 *
 *	       setup
 *	  call    ms
 */
#include "calls/database/table.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "calls/database/screen.h"
#include "switch/nearest.h"

enum { COLUMNS_MAX = 64, NAME_MAX_SIZE = 40, GAP = 2, INDENT = 4 };

struct column {
	char name[NAME_MAX_SIZE];
	unsigned int words; /* of its name */
	unsigned int width; /* characters */
	bool is_text, is_shown;
};

struct table {
	sqlite3_stmt *statement;
	FILE *out;
	unsigned int width; /* of the terminal; 0: there is none */
	bool is_bold;
	const char *hidden; /* words: columns that are not to be seen */
	int count;
	int below;	     /* the column on lines of its own, or -1 */
	unsigned int blanks; /* before the next character of the line */
	struct column columns[COLUMNS_MAX];
};

/* Values */

/*
 * Of a measure in seconds thousandths count, of finer ones tenths; of what has
 * no unit, as a share, as many figures as say something.
 */
static void
write_real(const char *name, double value, char *text)
{
	const char *unit = strrchr(name, '_');

	if (unit != NULL && strcmp(unit, "_s") == 0)
		snprintf(text, TABLE_VALUE, "%.3f", value);
	else if (value >= 1000 ||
	    (unit != NULL &&
		(strcmp(unit, "_ms") == 0 || strcmp(unit, "_us") == 0)))
		snprintf(text, TABLE_VALUE, "%.1f", value);
	else
		snprintf(text, TABLE_VALUE, "%.5g", value);
}

const char *
table_value(sqlite3_stmt *statement, int column, char *text)
{
	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_NULL:
		return "-";
	case SQLITE_FLOAT:
		write_real(sqlite3_column_name(statement, column),
		    sqlite3_column_double(statement, column), text);
		return text;
	default:
		return (const char *)sqlite3_column_text(statement, column);
	}
}

/*
 * At most `length` bytes.  A text may have come over a wire: what would steer
 * a terminal is a blank.
 */
static void
print_text(struct table *table, const char *text, size_t length)
{
	if (length == 0 || *text == '\0')
		return;
	fprintf(table->out, "%*s", (int)table->blanks, "");
	table->blanks = 0;
	screen_print(table->out, text, length);
}

static void
end_line(struct table *table)
{
	putc('\n', table->out);
	table->blanks = 0;
}

/* A text of `width` characters in its column, and the gap to the next. */
static void
print_cell(struct table *table, const struct column *column, const char *text,
    size_t length, unsigned int width)
{
	if (!column->is_text)
		table->blanks += column->width - width;
	print_text(table, text, length);
	table->blanks += GAP;
	if (column->is_text)
		table->blanks += column->width - width;
}

/* Headings */

/* Word `which` of a name of words between `_`, counted from 0. */
static const char *
word_of(const char *name, unsigned int which, int *ret_length)
{
	for (; which > 0; which--)
		name += strcspn(name, "_") + 1;
	*ret_length = (int)strcspn(name, "_");
	return name;
}

static void
name_column(struct column *column, const char *name)
{
	unsigned int i;
	int length;

	snprintf(column->name, sizeof column->name, "%s", name);
	for (column->words = 1; *name != '\0'; name++)
		column->words += *name == '_';
	for (i = 0; i < column->words; i++) {
		(void)word_of(column->name, i, &length);
		if ((unsigned int)length > column->width)
			column->width = (unsigned int)length;
	}
}

static bool
is_hidden(const struct table *table, int column)
{
	const char *name = table->columns[column].name;

	return strcmp(name, "run") == 0 || word_is_in(name, table->hidden);
}

static void
name_columns(struct table *table)
{
	int i;

	assert(table->count <= COLUMNS_MAX);
	for (i = 0; i < table->count; i++) {
		name_column(&table->columns[i],
		    sqlite3_column_name(table->statement, i));
		table->columns[i].is_shown = !is_hidden(table, i);
	}
}

static bool
is_in_line(const struct table *table, int column)
{
	return table->columns[column].is_shown && column != table->below;
}

static unsigned int
heading_lines(const struct table *table)
{
	unsigned int lines = 0;
	int i;

	for (i = 0; i < table->count; i++)
		if (is_in_line(table, i) && table->columns[i].words > lines)
			lines = table->columns[i].words;
	return lines;
}

/* Line `line` of `lines`; a name of fewer words stands at the bottom. */
static void
print_heading_line(struct table *table, unsigned int line, unsigned int lines)
{
	const struct column *column;
	const char *word = "";
	unsigned int above;
	int i, length;

	if (table->is_bold)
		fputs("\033[1m", table->out);
	for (i = 0; i < table->count; i++) {
		if (!is_in_line(table, i))
			continue;
		column = &table->columns[i];
		above = lines - column->words;
		length = 0;
		if (line >= above)
			word = word_of(column->name, line - above, &length);
		print_cell(
		    table, column, word, (size_t)length, (unsigned int)length);
	}
	if (table->is_bold)
		fputs("\033[0m", table->out);
	end_line(table);
}

static void
print_heading(struct table *table)
{
	unsigned int line, lines = heading_lines(table);

	for (line = 0; line < lines; line++)
		print_heading_line(table, line, lines);
}

/* Rows */

static void
print_row(struct table *table)
{
	char text[TABLE_VALUE];
	const char *value;
	int i;

	for (i = 0; i < table->count; i++) {
		if (!is_in_line(table, i))
			continue;
		value = table_value(table->statement, i, text);
		print_cell(table, &table->columns[i], value, SIZE_MAX,
		    screen_width(value));
	}
	end_line(table);
	if (table->below < 0)
		return;
	value = table_value(table->statement, table->below, text);
	if (*value == '\0')
		return;
	screen_wrap(table->out, value, table->width, INDENT);
	table->blanks = 0;
}

static void
measure_row(struct table *table)
{
	char text[TABLE_VALUE];
	struct column *column;
	unsigned int width;
	int i;

	for (i = 0; i < table->count; i++) {
		column = &table->columns[i];
		width = screen_width(table_value(table->statement, i, text));
		if (width > column->width)
			column->width = width;
		if (sqlite3_column_type(table->statement, i) == SQLITE_TEXT)
			column->is_text = true;
	}
}

/* Width */

static unsigned int
whole_width(const struct table *table)
{
	unsigned int width = 0;
	int i;

	for (i = 0; i < table->count; i++)
		if (is_in_line(table, i))
			width += table->columns[i].width + GAP;
	return width - GAP;
}

static void
fit(struct table *table, unsigned int width)
{
	int last = table->count - 1;

	if (whole_width(table) > width &&
	    (strcmp(table->columns[last].name, "text") == 0 ||
		strcmp(table->columns[last].name, "definition") == 0))
		table->below = last--;
	for (; last > 0 && whole_width(table) > width; last--)
		table->columns[last].is_shown = false;
}

static void
print_left_out(const struct table *table)
{
	char text[COLUMNS_MAX * NAME_MAX_SIZE];
	const char *separator = "not shown, the terminal is too narrow: ";
	size_t at = 0;
	int i;

	for (i = 0; i < table->count; i++) {
		if (table->columns[i].is_shown || is_hidden(table, i))
			continue;
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s",
		    separator, table->columns[i].name);
		separator = ", ";
	}
	if (at == 0)
		return;
	(void)snprintf(text + at, sizeof text - at, "; --format csv has all");
	screen_wrap(table->out, text, table->width, 0);
}

int
table_print(sqlite3_stmt *statement, FILE *out, const struct screen *screen,
    const char *hidden, unsigned long *ret_rows)
{
	struct table table = { .statement = statement,
		.out = out,
		.width = screen->width,
		.is_bold = screen->is_coloured,
		.hidden = hidden,
		.count = sqlite3_column_count(statement),
		.below = -1 };
	int step;

	name_columns(&table);
	for (*ret_rows = 0; (step = sqlite3_step(statement)) == SQLITE_ROW;
	     ++*ret_rows)
		measure_row(&table);
	sqlite3_reset(statement);
	if (step != SQLITE_DONE || *ret_rows == 0)
		return step;
	if (screen->width > 0)
		fit(&table, screen->width);
	print_heading(&table);
	while ((step = sqlite3_step(statement)) == SQLITE_ROW && !ferror(out))
		print_row(&table);
	print_left_out(&table);
	return step;
}
