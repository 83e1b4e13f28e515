/*
 * elf_check: whether a file is a shared object that the loader can be given.
 *
 * dlopen(3) believes what it reads: a table that lies about its length, or a
 * file that ends early, is met by a signal inside the loader, and what a file
 * asks to be run is run before anybody could look at it.  So all that the
 * loader would follow is followed here first, and none of it is run.
 */
#ifndef UPGRADE_ELF_CHECK_H
#define UPGRADE_ELF_CHECK_H

#include <stddef.h>

/*
 * 0; -ENOEXEC and in `why` what is wrong with the file, as the rest of a
 * sentence about it: "is no ELF file", "imports 'system', ..."; else the
 * -errno of not having been able to look.
 */
int elf_check(int fd, char *why, size_t size);

#endif
