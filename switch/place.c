/* place: see place.h for what it is. */
#include "switch/place.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The linker's; hidden, as modules may not see them. */
__attribute__((visibility("hidden"))) extern const char __executable_start[],
    etext[];

/* One line of proc_pid_maps(5) that the address is in: its file and offset. */
static bool
read_line(const char *line, uintptr_t pc, char *text)
{
	uintptr_t begin, end, offset;
	const char *path = strpbrk(line, "/["), *slash;

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %" SCNxPTR, &begin,
		&end, &offset) != 3 ||
	    pc < begin || pc >= end || path == NULL)
		return false;
	slash = strrchr(path, '/');
	path = slash == NULL ? path : slash + 1;
	(void)snprintf(text, PLACE_MAX, "in %.*s at +0x%" PRIxPTR,
	    (int)strcspn(path, "\n"), path, pc - begin + offset);
	return true;
}

void
place_name(uintptr_t pc, char *text)
{
	const uintptr_t start = (uintptr_t)__executable_start;
	char line[512];
	FILE *maps;
	bool is_found = false;

	if (pc - start < (uintptr_t)etext - start) {
		(void)snprintf(text, PLACE_MAX, "at 0x%" PRIxPTR, pc - start);
		return;
	}
	(void)snprintf(text, PLACE_MAX, "where there is no code");
	maps = fopen("/proc/self/maps", "re");
	if (maps == NULL)
		return;
	while (!is_found && fgets(line, sizeof line, maps) != NULL)
		is_found = read_line(line, pc, text);
	(void)fclose(maps);
}
