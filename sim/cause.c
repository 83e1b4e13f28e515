/*
 * cause: see cause.h for what it is.
 */
#include "sim/cause.h"

#include <stddef.h>
#include <string.h>

#include "calls/cause_list.h"

#define NAME_OF(number, name) [number] = (name),
static const char *const names[128] = { CAUSE_LIST(NAME_OF) };
#undef NAME_OF

bool
cause_is(uint64_t cause)
{
	return cause < sizeof names / sizeof names[0] && names[cause] != NULL;
}

const char *
cause_name(uint64_t cause)
{
	return cause_is(cause) ? names[cause] : "not a cause of Q.850";
}

uint64_t
cause_find(const char *text)
{
	uint64_t cause;

	for (cause = 1; cause < sizeof names / sizeof names[0]; cause++)
		if (*text != '\0' && names[cause] != NULL &&
		    strcasestr(names[cause], text) != NULL)
			return cause;
	return 0;
}
