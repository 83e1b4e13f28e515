/*
 * script_data: the rows of a CSV as a list of dicts.
 *
 * Its first row names the columns; each further one has as many fields (RFC
 * 4180, read by libcsv), of which each dict has all.  Rows are what a person
 * fills in: a wrong one is told with its line.
 */
#include "sim/script_internal.h"

#include <csv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <tcl.h>

#include "sim/part.h"

struct reading {
	Tcl_Obj *rows, *row; /* NULL: only to see whether it can be read */
	Tcl_Obj *names;
	int fields, columns, count; /* of this row, of the first, rows */
	char *why;
	size_t size;
};

static void
refuse(struct reading *reading, const char *what)
{
	if (reading->why[0] == '\0')
		(void)snprintf(reading->why, reading->size, "row %d %s",
		    reading->count + 1, what);
}

static void
on_field(void *bytes, size_t length, void *arg)
{
	struct reading *reading = arg;
	Tcl_Obj *field = Tcl_NewStringObj(bytes, (int)length), *name = NULL;

	Tcl_IncrRefCount(field);
	if (reading->count == 0) {
		if (length == 0)
			refuse(reading, "has a column without a name");
		(void)Tcl_ListObjAppendElement(NULL, reading->names, field);
	} else if (reading->fields < reading->columns) {
		(void)Tcl_ListObjIndex(
		    NULL, reading->names, reading->fields, &name);
		(void)Tcl_DictObjPut(NULL, reading->row, name, field);
	}
	reading->fields++;
	Tcl_DecrRefCount(field);
}

static void
on_row(int end, void *arg)
{
	struct reading *reading = arg;
	char what[96];

	(void)end;
	(void)snprintf(what, sizeof what, "has %d field%s, row 1 has %d",
	    reading->fields, reading->fields == 1 ? "" : "s", reading->columns);
	if (reading->count == 0)
		reading->columns = reading->fields;
	else if (reading->fields != reading->columns)
		refuse(reading, what);
	else
		(void)Tcl_ListObjAppendElement(
		    NULL, reading->rows, reading->row);
	Tcl_DecrRefCount(reading->row);
	reading->row = Tcl_NewDictObj();
	Tcl_IncrRefCount(reading->row);
	reading->fields = 0;
	reading->count++;
}

static void
read_rows(struct reading *reading, const struct part *part)
{
	struct csv_parser parser;

	if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return;
	if (csv_parse(&parser, part->text, part->length, on_field, on_row,
		reading) != part->length ||
	    csv_fini(&parser, on_field, on_row, reading) != 0)
		refuse(reading, "has a quote at the wrong place");
	csv_free(&parser);
	if (reading->count == 0)
		refuse(reading, "is missing: it names the columns");
}

struct Tcl_Obj *
script_data_rows(const struct part *part, char *why, size_t size)
{
	struct reading reading = { .rows = Tcl_NewListObj(0, NULL),
		.row = Tcl_NewDictObj(),
		.names = Tcl_NewListObj(0, NULL),
		.why = why,
		.size = size };

	why[0] = '\0';
	Tcl_IncrRefCount(reading.row);
	Tcl_IncrRefCount(reading.names);
	read_rows(&reading, part);
	Tcl_DecrRefCount(reading.row);
	Tcl_DecrRefCount(reading.names);
	if (why[0] == '\0')
		return reading.rows;
	Tcl_DecrRefCount(reading.rows);
	return NULL;
}

bool
script_data_can_be_read(const struct part *part, char *why, size_t size)
{
	Tcl_Obj *rows = script_data_rows(part, why, size);

	if (rows != NULL)
		Tcl_DecrRefCount(rows);
	return rows != NULL;
}
