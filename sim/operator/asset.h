/*
 * asset: what the live page is made of, inside the program.
 *
 * The files of sim/operator/web/ and those that a library brings are put there
 * when the program is built (cmake/assets.cmake).
 */
#ifndef SIM_OPERATOR_ASSET_H
#define SIM_OPERATOR_ASSET_H

#include <stddef.h>

struct asset {
	const char *path; /* "/app.js"; that of the page itself is "/" */
	const char *type; /* of its content */
	const char *bytes;
	size_t length;
};

/* NULL: there is none at that path. */
const struct asset *asset_find(const char *path);

#endif
