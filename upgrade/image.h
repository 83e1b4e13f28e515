/*
 * image: one shared object, from a file to code in memory and out of it again.
 *
 * The file is looked at, copied to a sealed memfd, looked at again there, and
 * only then opened: what was checked is what is mapped, whatever happens to
 * the file meanwhile.  An image knows nothing of versions, plans or processes
 * (code.c), and its descriptor is believed no further than it was checked.
 */
#ifndef UPGRADE_IMAGE_H
#define UPGRADE_IMAGE_H

#include "switch/module.h"

struct image;

/*
 * Copies ROOT/VERSION/MODULE.so, and looks at the copy without running any of
 * it (elf_check.h).  On failure one clause in `why`.
 *
 * -ENOENT   no such file
 * -ENOEXEC  not a file, folder or module to be trusted
 * -ENOMEM, -EMFILE ...
 */
struct image_name {
	const char *root, *module, *version;
};
int image_copy(struct image **ret_image, const struct image_name *name,
    char *why, size_t size);

/* As image_copy, of a copy that has been looked at; takes the descriptor. */
int image_adopt(struct image **ret_image, int fd);

/* Maps it and looks at its descriptor.  -ENOEXEC: it is no such module. */
int image_map(
    struct image *image, const struct image_name *name, char *why, size_t size);

/*
 * Closes the copy of one that is mapped, where nothing else will be opened:
 * its name is free then.
 */
void image_close_copy(struct image *image);

/*
 * Unmaps it; the copy stays, and may be mapped again.  -EBUSY when the code is
 * still mapped afterwards (mapping.h), because something holds it.
 */
int image_unmap(struct image *image);

/*
 * Unmaps it and frees *imagep; NULL inside is welcome.  -EBUSY as
 * image_unmap(): then its copy stays open, so that its name cannot become
 * another's.
 */
int image_close(struct image **imagep);

/* Of a copy: what it is read from. */
int image_fd(const struct image *image);

/* Of one that is mapped. */
const struct module *image_module(const struct image *image);

/* Where that lies in memory. */
uintptr_t image_begin(const struct image *image);
size_t image_size(const struct image *image);
size_t image_resident(const struct image *image); /* bytes now in memory */

#endif
