/*
 * mapping: what is mapped of a file into this process, by the kernel's word.
 *
 * dlclose(3) may leave a library where it is, and dlopen(3) may give one that
 * was there before, and neither says so.  The list of mappings of the process
 * itself, proc_pid_maps(5), knows: a mapping carries the device and the inode
 * of its file, which no other file has as long as one of both is in use.
 */
#ifndef UPGRADE_MAPPING_H
#define UPGRADE_MAPPING_H

#include <stddef.h>
#include <stdint.h>

/* How many mappings of the open file there are; -errno: it cannot be told. */
int mapping_count(int fd);

/*
 * Bytes from `begin` on that are in memory, whole pages of them; 0 where the
 * kernel does not say.
 */
size_t mapping_resident(uintptr_t begin, size_t size);

#endif
