/*
 * csv: see csv.h for what it is.
 *
 * Line by line, so that each mistake has its line: what stands in these files
 * are numbers, which go over no line's end.  Its cells are cut by libcsv.
 */
#include "sim/csv.h"

#include <csv.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sim/part.h"
#include "sim/source.h"
#include "switch/object.h"

enum { CELLS_BYTES = 4096 };

/* One line that is being cut. */
struct cutting {
	struct csv_row row;
	char bytes[CELLS_BYTES]; /* of its cells, each with a NUL behind */
	size_t length;
	bool is_full;
};

/* One file that is being read. */
struct reading {
	const char *file;
	csv_row_f *take;
	void *arg;
	unsigned int rows; /* taken so far */
	char *why;
	size_t size;
};

__attribute__((format(printf, 3, 4))) static int
refuse(const struct reading *reading, int result, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	(void)vsnprintf(reading->why, reading->size, format, values);
	va_end(values);
	return result;
}

static void
on_cell(void *bytes, size_t length, void *arg)
{
	struct cutting *cutting = arg;
	char *to = cutting->bytes + cutting->length;

	if (cutting->length + length + 1 > sizeof cutting->bytes) {
		cutting->is_full = true;
		return;
	}
	memcpy(to, bytes, length);
	to[length] = '\0';
	cutting->length += length + 1;
	if (cutting->row.count < CSV_CELLS_MAX)
		cutting->row.cells[cutting->row.count++] = to;
}

/* 0; -EINVAL: it is no line of cells. */
static int
cut(struct cutting *cutting, const char *line, size_t length)
{
	struct csv_parser parser;
	int result = 0;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return -ENOMEM;
	csv_set_delim(
	    &parser, memchr(line, ';', length) == NULL ? CSV_COMMA : ';');
	if (csv_parse(&parser, line, length, on_cell, NULL, cutting) !=
		length ||
	    csv_fini(&parser, on_cell, NULL, cutting) != 0 || cutting->is_full)
		result = -EINVAL;
	csv_free(&parser);
	return result;
}

/* Of a row that was taken: 0; or -errno, with a clause in `why`. */
static int
count_row(struct reading *reading, int result)
{
	if (result < 0)
		return result;
	if (result > 0 && reading->rows > 0)
		return -EINVAL;
	reading->rows++; /* or the names of the columns */
	return 0;
}

static int
take_line(struct reading *reading, const char *line, size_t length,
    unsigned int number)
{
	struct cutting cutting = { .row = { .line = number } };
	char clause[256] = "no line of cells, with commas or ; between them";
	const struct reading inner = { .why = clause, .size = sizeof clause };
	int result = 0;

	if (line[strspn(line, " \t\r")] == '#')
		return 0;
	if (reading->rows == CSV_ROWS_MAX)
		result =
		    refuse(&inner, -EFBIG, "more than %d rows", CSV_ROWS_MAX);
	if (result == 0)
		result = cut(&cutting, line, length);
	if (result == 0 && cutting.row.count > 0 &&
	    (cutting.row.count > 1 || cutting.row.cells[0][0] != '\0'))
		result = count_row(reading,
		    reading->take(
			reading->arg, &cutting.row, clause, sizeof clause));
	return result == 0 ? 0
			   : refuse(reading, result, "%s:%u: %s", reading->file,
				 number, clause);
}

static int
take_lines(struct reading *reading, const char *text)
{
	unsigned int number = 0;
	size_t length;
	int result = 0;

	for (; result == 0 && *text != '\0'; text += *text == '\n') {
		length = strcspn(text, "\n");
		result = take_line(reading, text, length, ++number);
		text += length;
	}
	return result;
}

int
csv_read(const char *beside, const char *file, csv_row_f *row, void *arg,
    char *why, size_t size)
{
	struct reading reading = { file, row, arg, 0, why, size };
	int descriptor = part_open(beside, file), result;
	char clause[256], *text;
	size_t length;

	if (descriptor == -EXDEV)
		return refuse(&reading, -EACCES,
		    "cannot read '%s': it is not in the scenario's folder",
		    file);
	result = source_take(descriptor, &text, &length, clause, sizeof clause);
	if (result != 0)
		return refuse(&reading, result, "cannot read '%s': %s", file,
		    descriptor < 0 ? strerror(-descriptor) : clause);
	result = take_lines(&reading, text);
	object_free(text, length + 1);
	return result;
}
