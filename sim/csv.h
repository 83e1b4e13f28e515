/*
 * csv: a file of rows that lies beside a scenario, or in a folder below.
 *
 * Cells stand between commas or semicolons, blanks around them count for
 * nothing; rows that are empty or begin with # are left out, and so is the
 * first if it is no data but the names of the columns.  What is no regular
 * file, endless, too large or no text is refused in one line.
 */
#ifndef SIM_CSV_H
#define SIM_CSV_H

#include <stddef.h>

enum { CSV_CELLS_MAX = 16, CSV_ROWS_MAX = 1000000 };

struct csv_row {
	unsigned int line;
	unsigned int count;
	char *cells[CSV_CELLS_MAX];
};

/*
 * 0: it is taken; 1: it is none, which is fine in the first row; or -errno,
 * with a clause in `why`.
 */
typedef int csv_row_f(
    void *arg, const struct csv_row *row, char *why, size_t size);

/*
 * Reads `file` of the folder that the scenario `beside` lies in.  -errno, with
 * one clause in `why` that names file and row.
 */
int csv_read(const char *beside, const char *file, csv_row_f *row, void *arg,
    char *why, size_t size);

#endif
