/*
 * origin: see origin.h for what it is.
 */
#include "sim/operator/origin.h"

#include <stdio.h>
#include <string.h>

/* The host of "HOST[:PORT]", without brackets. */
static void
take_host(const char *text, char *host, size_t size)
{
	const char *end;

	if (text[0] == '[')
		end = strchr(++text, ']');
	else
		end = strrchr(text, ':');
	if (end == NULL)
		end = text + strlen(text);
	(void)snprintf(host, size, "%.*s", (int)(end - text), text);
}

bool
origin_is_host(const char *address, const char *header)
{
	char host[256], own[256];

	if (header == NULL)
		return false;
	take_host(header, host, sizeof host);
	take_host(address, own, sizeof own);
	return strcmp(host, own) == 0 || strcmp(host, "localhost") == 0 ||
	    strcmp(host, "127.0.0.1") == 0 || strcmp(host, "::1") == 0;
}

bool
origin_is_same(const char *origin, const char *host)
{
	return origin == NULL ||
	    (strncmp(origin, "http://", 7) == 0 &&
		strcmp(origin + 7, host) == 0);
}
