/* scratch: see scratch.h for what it is. */
#include "switch/scratch.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "switch/behaviour.h" /* BEHAVIOUR_STATE_MAX */

enum {
	PAGE = 4096,
	CANARY = 16,
	SCRATCH = BEHAVIOUR_STATE_MAX + PAGE /* canary and a page to spare */
};

static const uint8_t canary[CANARY] = { 0xc4, 0x11, 0x5e, 0x7d, 0x02, 0xe9,
	0x9a, 0x36, 0xf8, 0x4b, 0xa7, 0x60, 0xd3, 0x1c, 0x85, 0xbe };

int
scratch_map(struct scratch *scratch)
{
	void *pages = mmap(NULL, SCRATCH + PAGE, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return -ENOMEM;
	scratch->pages = pages;
	scratch->end = scratch->pages + SCRATCH;
	return mprotect(scratch->end, PAGE, PROT_NONE) == 0 ? 0 : -ENOMEM;
}

void
scratch_unmap(struct scratch *scratch)
{
	if (scratch->pages != NULL)
		(void)munmap(scratch->pages, SCRATCH + PAGE);
	scratch->pages = NULL;
}

void *
scratch_take(const struct scratch *scratch, size_t size)
{
	uint8_t *state = scratch->end - size;

	assert(size > 0 && size <= BEHAVIOUR_STATE_MAX);
	memcpy(state - CANARY, canary, CANARY);
	return state;
}

bool
scratch_is_whole(const struct scratch *scratch, size_t size)
{
	return memcmp(scratch->end - size - CANARY, canary, CANARY) == 0;
}
