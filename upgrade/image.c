/*
 * image: see image.h for what it is.
 *
 * Each step leaves one more thing to undo, in struct image, and image_close()
 * undoes however many there are:
 *
 *   look at folder and file   open_file      owner, mode, kind, size
 *   copy                      copy_file      fd: a sealed memfd
 *   look at the copy          elf_check      before any of its code runs
 *   map                       map_image      handle
 *   look at the descriptor    check_module   module
 *
 * The copy stays open while it is mapped: dlopen(3) tells files apart by name
 * first, and the name of the copy is its descriptor's number, which is nobody
 * else's as long as it is open.
 */
#include "upgrade/image.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "switch/object.h"
#include "upgrade/elf_check.h"
#include "upgrade/mapping.h"

enum {
	PATH_BYTES = 4096,
	/* The largest module of ours has 0.4 MB, with a sanitizer 1.5 MB. */
	FILE_BYTES_MAX = 16 << 20
};

struct image {
	unsigned int magic;
#define IMAGE_MAGIC 0x1a6e70c4
	int fd; /* of the sealed copy, or -1 */
	void *handle;
	const struct module *module;
	uintptr_t begin;
	size_t size;
	char path[32]; /* /proc/self/fd/N */
};

/* What is opened, and where it is said why not. */
struct opening {
	const struct image_name *name;
	char path[PATH_BYTES];
	char *why;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static int
refuse(const struct opening *opening, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(opening->why, opening->size, format, args);
	va_end(args);
	return -ENOEXEC;
}

/* For what the system has refused; errno is taken before it is told. */
static int
give_up(const struct opening *opening, const char *what)
{
	int error = -errno;

	snprintf(opening->why, opening->size, "cannot %s '%s': %s", what,
	    opening->path, strerror(-error));
	return error;
}

/*--------------------------------------------------------------------
 * The file
 */

static int
check_owner(
    const struct opening *opening, const struct stat *status, const char *what)
{
	if (status->st_uid != 0 && status->st_uid != geteuid())
		return refuse(opening,
		    "the %s '%s' belongs to user %u, want root or user %u",
		    what, opening->path, status->st_uid, geteuid());
	if ((status->st_mode & S_IWOTH) != 0)
		return refuse(opening,
		    "the %s '%s' may be written by anyone (mode %03o), `chmod "
		    "o-w` forbids it",
		    what, opening->path, status->st_mode & 0777U);
	if ((status->st_mode & S_IWGRP) != 0 && status->st_gid != 0 &&
	    status->st_gid != getegid())
		return refuse(opening,
		    "the %s '%s' may be written by group %u (mode %03o), "
		    "`chmod g-w` forbids it",
		    what, opening->path, status->st_gid,
		    status->st_mode & 0777U);
	return 0;
}

static int
check_folder(const struct opening *opening)
{
	struct stat status;

	if (stat(opening->path, &status) != 0)
		return give_up(opening, "find");
	if (!S_ISDIR(status.st_mode))
		return refuse(opening, "'%s' is no folder", opening->path);
	return check_owner(opening, &status, "folder");
}

/* ROOT, and each folder below it that the version names: "faulty/loops". */
static int
check_folders(struct opening *opening)
{
	size_t length = strlen(opening->name->root);
	char *end;
	int error;

	if ((size_t)snprintf(opening->path, sizeof opening->path, "%s/%s",
		opening->name->root,
		opening->name->version) >= sizeof opening->path)
		return refuse(opening, "the path of the folder is too long");
	for (end = opening->path + length; *end == '/';
	     end += 1 + strcspn(end + 1, "/")) {
		*end = '\0';
		error = check_folder(opening);
		*end = '/';
		if (error != 0)
			return error;
	}
	return check_folder(opening);
}

static int
check_file(const struct opening *opening, const struct stat *status)
{
	if (!S_ISREG(status->st_mode))
		return refuse(opening, "'%s' is no file", opening->path);
	if (status->st_size == 0 || status->st_size > FILE_BYTES_MAX)
		return refuse(opening, "'%s' has %lld bytes, want 1 to %d",
		    opening->path, (long long)status->st_size, FILE_BYTES_MAX);
	return check_owner(opening, status, "file");
}

/* The open file that has passed, or -errno. */
static int
open_file(struct opening *opening, struct stat *ret_status)
{
	size_t length;
	int error, fd;

	error = check_folders(opening);
	if (error != 0)
		return error;
	length = strlen(opening->path);
	if ((size_t)snprintf(opening->path + length,
		sizeof opening->path - length, "/%s.so",
		opening->name->module) >= sizeof opening->path - length)
		return refuse(opening, "the path of the file is too long");
	/* Not blocking: else a pipe of that name would hold us up. */
	fd = open(opening->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return give_up(opening, "open");
	error = fstat(fd, ret_status) == 0 ? check_file(opening, ret_status)
					   : give_up(opening, "look at");
	if (error != 0) {
		close(fd);
		return error;
	}
	return fd;
}

/*--------------------------------------------------------------------
 * The copy
 */

static int
write_all(int fd, const char *bytes, size_t length)
{
	ssize_t written;

	while (length > 0) {
		written = write(fd, bytes, length);
		if (written < 0)
			return -errno;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* Whether it has been written to since it was looked at. */
static bool
has_changed(int file, const struct stat *before)
{
	struct stat now;

	return fstat(file, &now) != 0 || now.st_size != before->st_size ||
	    now.st_mtim.tv_sec != before->st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != before->st_mtim.tv_nsec;
}

/*
 * As many bytes as it has now; not as many as it had when looked at is an
 * error.  What is copied is checked as the copy that it is: that a change
 * meanwhile is met here only gives it its true name.
 */
static int
copy_bytes(int from, int to, off_t size)
{
	char buffer[2048];
	off_t copied = 0;
	ssize_t got;
	int error;

	while ((got = read(from, buffer, sizeof buffer)) > 0) {
		copied += got;
		if (copied > size)
			return -ESTALE;
		error = write_all(to, buffer, (size_t)got);
		if (error != 0)
			return error;
	}
	if (got < 0)
		return -errno;
	return copied == size ? 0 : -ESTALE;
}

static int
copy_file(const struct opening *opening, struct image *image, int file,
    const struct stat *status)
{
	const int seals =
	    F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
	int error;

	image->fd = memfd_create(
	    opening->name->module, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (image->fd < 0)
		return give_up(opening, "copy");
	error = copy_bytes(file, image->fd, status->st_size);
	if (error == 0 && has_changed(file, status))
		error = -ESTALE;
	if (error == -ESTALE)
		return refuse(
		    opening, "'%s' changed while it was read", opening->path);
	if (error != 0) {
		errno = -error;
		return give_up(opening, "copy");
	}
	if (fcntl(image->fd, F_ADD_SEALS, seals) != 0)
		return give_up(opening, "seal the copy of");
	snprintf(
	    image->path, sizeof image->path, "/proc/self/fd/%d", image->fd);
	return 0;
}

static int
check_copy(const struct opening *opening, const struct image *image)
{
	char what[PATH_BYTES / 16];
	int error = elf_check(image->fd, what, sizeof what);

	if (error != 0)
		(void)snprintf(opening->why, opening->size, "'%s' %s",
		    opening->path, what);
	return error;
}

/*--------------------------------------------------------------------
 * The mapping
 */

struct search {
	const char *path;
	uintptr_t begin, end;
};

static int
visit_image(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *search = arg;
	uintptr_t end;
	int i;

	(void)size;
	if (strcmp(info->dlpi_name, search->path) != 0)
		return 0;
	search->begin = info->dlpi_addr;
	for (i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		end = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr +
		    info->dlpi_phdr[i].p_memsz;
		if (end > search->end)
			search->end = end;
	}
	return 1;
}

static bool
is_mapped(struct search *search)
{
	return dl_iterate_phdr(visit_image, search) != 0;
}

/* The loader's words, without the name that the copy has. */
static int
refuse_to_map(const struct opening *opening, const struct image *image)
{
	const char *words = dlerror();
	size_t length = strlen(image->path);

	if (strncmp(words, image->path, length) == 0 &&
	    strncmp(words + length, ": ", 2) == 0)
		words += length + 2;
	return refuse(opening, "it cannot be opened: %s", words);
}

static int
map_image(const struct opening *opening, struct image *image)
{
	struct search search = { .path = image->path };

	if (is_mapped(&search))
		return refuse(
		    opening, "an older copy is still mapped under its name");
	image->handle = dlopen(image->path, RTLD_NOW | RTLD_LOCAL);
	if (image->handle == NULL)
		return refuse_to_map(opening, image);
	if (!is_mapped(&search) || mapping_count(image->fd) <= 0)
		return refuse(opening,
		    "it was not mapped anew: the loader gave an older image");
	image->begin = search.begin;
	image->size = search.end - search.begin;
	return 0;
}

/*--------------------------------------------------------------------
 * The descriptor
 */

static bool
lies_within(const struct image *image, const void *at)
{
	return (uintptr_t)at >= image->begin &&
	    (uintptr_t)at < image->begin + image->size;
}

static const char *
missing_callback(const struct module *module)
{
	if (module->init == NULL)
		return "init";
	if (module->handle == NULL)
		return "handle";
	return module->terminate == NULL ? "terminate" : NULL;
}

static int
check_words(const struct opening *opening, const struct image *image,
    const struct module *module)
{
	const struct image_name *name = opening->name;

	if (!lies_within(image, module->name) ||
	    !lies_within(image, module->version))
		return refuse(opening, "it has no name or no version");
	if (strcmp(module->name, name->module) != 0)
		return refuse(opening, "it calls itself '%s', want '%s'",
		    module->name, name->module);
	if (strcmp(module->version, name->version) != 0)
		return refuse(opening,
		    "it calls itself version %s, want %s as its folder",
		    module->version, name->version);
	return 0;
}

static int
check_module(const struct opening *opening, struct image *image)
{
	const struct module *module = dlsym(image->handle, "hotswitch_module");
	const char *missing;

	if (module == NULL)
		return refuse(opening, "it has no symbol 'hotswitch_module'");
	if (!lies_within(image, module))
		return refuse(
		    opening, "its 'hotswitch_module' lies in another image");
	if (module->magic != MODULE_MAGIC)
		return refuse(opening, "magic %#x, want %#x", module->magic,
		    (unsigned int)MODULE_MAGIC);
	if (module->abi != MODULE_ABI)
		return refuse(
		    opening, "ABI %u, want %d", module->abi, MODULE_ABI);
	missing = missing_callback(module);
	if (missing != NULL)
		return refuse(opening, "it has no callback '%s'", missing);
	image->module = module;
	return check_words(opening, image, module);
}

/*--------------------------------------------------------------------
 * Life
 */

int
image_adopt(struct image **ret_image, int fd)
{
	struct image *image;

	if (ALLOC_OBJ(image, IMAGE_MAGIC) == NULL)
		return -ENOMEM;
	image->fd = fd;
	(void)snprintf(image->path, sizeof image->path, "/proc/self/fd/%d", fd);
	*ret_image = image;
	return 0;
}

int
image_copy(struct image **ret_image, const struct image_name *name, char *why,
    size_t size)
{
	struct opening opening = { .name = name, .why = why, .size = size };
	struct image *image = NULL;
	struct stat status = { 0 };
	int error, file;

	file = open_file(&opening, &status);
	if (file < 0)
		return file;
	error = -ENOMEM;
	if (ALLOC_OBJ(image, IMAGE_MAGIC) == NULL)
		goto fail;
	image->fd = -1;
	error = copy_file(&opening, image, file, &status);
	if (error == 0)
		error = check_copy(&opening, image);
	if (error != 0)
		goto fail;
	close(file);
	*ret_image = image;
	return 0;

fail:
	if (error == -ENOMEM)
		snprintf(why, size, "no memory for it");
	close(file);
	image_close(&image);
	return error;
}

/* NOLINTBEGIN(readability-non-const-parameter): refuse() writes to why */
int
image_map(
    struct image *image, const struct image_name *name, char *why, size_t size)
{
	const struct opening opening = {
		.name = name, .why = why, .size = size
	};
	int error;

	CHECK_OBJ(image, IMAGE_MAGIC);
	assert(image->handle == NULL);
	error = map_image(&opening, image);
	return error == 0 ? check_module(&opening, image) : error;
}
/* NOLINTEND(readability-non-const-parameter) */

void
image_close_copy(struct image *image)
{
	CHECK_OBJ(image, IMAGE_MAGIC);
	(void)close(image->fd);
	image->fd = -1;
}

/* What cannot be seen is not believed: only 0 mappings are none. */
static bool
is_still_there(const struct image *image)
{
	struct search search = { .path = image->path };

	return is_mapped(&search) ||
	    (image->fd >= 0 && mapping_count(image->fd) != 0);
}

int
image_unmap(struct image *image)
{
	CHECK_OBJ(image, IMAGE_MAGIC);
	if (image->handle == NULL)
		return 0;
	(void)dlclose(image->handle);
	image->handle = NULL;
	image->module = NULL;
	return is_still_there(image) ? -EBUSY : 0;
}

int
image_close(struct image **imagep)
{
	struct image *image = *imagep;
	bool stays;

	if (image == NULL)
		return 0;
	stays = image_unmap(image) != 0;
	/* A name that is still mapped must not become another's. */
	if (image->fd >= 0 && !stays)
		close(image->fd);
	FREE_OBJ(imagep, IMAGE_MAGIC);
	return stays ? -EBUSY : 0;
}

int
image_fd(const struct image *image)
{
	CHECK_OBJ(image, IMAGE_MAGIC);
	return image->fd;
}

const struct module *
image_module(const struct image *image)
{
	CHECK_OBJ(image, IMAGE_MAGIC);
	return image->module;
}

uintptr_t
image_begin(const struct image *image)
{
	CHECK_OBJ(image, IMAGE_MAGIC);
	return image->begin;
}

size_t
image_size(const struct image *image)
{
	CHECK_OBJ(image, IMAGE_MAGIC);
	return image->size;
}

size_t
image_resident(const struct image *image)
{
	CHECK_OBJ(image, IMAGE_MAGIC);
	return mapping_resident(image->begin, image->size);
}
