/*
 * output: a file that is there whole, or as it was before.
 */
#ifndef SIM_OUTPUT_H
#define SIM_OUTPUT_H

#include <limits.h>
#include <stdio.h>

struct output {
	const char *path;
	char made[PATH_MAX]; /* its name until it is whole */
	FILE *stream;
};

/* Opens it for writing, under another name.  -errno of fopen(3). */
int output_open(struct output *ret_output, const char *path);

/*
 * Gives it its name, if `result` is 0 and all was written; else it is taken
 * away.  `result`, or -errno of what failed.
 */
int output_close(struct output *output, int result);

#endif
