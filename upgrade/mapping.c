/*
 * mapping: see mapping.h for what it is.
 *
 * A line of the list is "begin-end rights offset major:minor inode path".
 */
#include "upgrade/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LINE_BYTES = 4096 + 128 /* a path, and what stands before it */ };

static int
is_of(const char *line, const struct stat *file)
{
	unsigned int major, minor;
	unsigned long inode;

	return sscanf(line, "%*s %*s %*s %x:%x %lu", &major, &minor, &inode) ==
	    3 &&
	    major == major(file->st_dev) && minor == minor(file->st_dev) &&
	    inode == file->st_ino;
}

int
mapping_count(int fd)
{
	char line[LINE_BYTES];
	struct stat file;
	FILE *maps;
	int count = 0, error;

	if (fstat(fd, &file) != 0)
		return -errno;
	maps = fopen("/proc/self/maps", "re");
	if (maps == NULL)
		return -errno;
	while (fgets(line, sizeof line, maps) != NULL)
		count += is_of(line, &file);
	error = ferror(maps) ? -EIO : 0;
	(void)fclose(maps);
	return error == 0 ? count : error;
}

/* Of one page the kernel tells 8 bytes; the highest bit: it is in memory. */
size_t
mapping_resident(uintptr_t begin, size_t size)
{
	const uint64_t is_present = UINT64_C(1) << 63;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), resident = 0;
	uintptr_t at = begin / page;
	uint64_t word;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	for (; at * page < begin + size; at++)
		if (pread(fd, &word, sizeof word, (off_t)(at * sizeof word)) ==
			(ssize_t)sizeof word &&
		    (word & is_present) != 0)
			resident += page;
	(void)close(fd);
	return resident;
}
