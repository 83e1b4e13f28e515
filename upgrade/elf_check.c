/*
 * elf_check: see elf_check.h for what it is.
 *
 * Read by hand and not with libelf, since that follows the section headers,
 * which the loader never looks at.  Here the loader's own way is gone: header,
 * segments, dynamic section, and from there each table, by its address.
 *
 *   elf_check.c         header, segments
 *   elf_dynamic.c       dynamic section, strings, libraries
 *   elf_symbols.c       symbols, imports, their versions
 *   elf_relocations.c   what the loader would write
 *
 *   1. Every byte is found through elf_at(), which knows the file's end; an
 *      address is only followed inside the part of a segment that the file
 *      holds.
 *   2. What is not known is refused: kinds of segment, dynamic tags,
 *      relocations.  Our modules need few, and each new one wants a thought.
 *   3. Nothing is written but `why`, and what was found is never repaired.
 *
 * A build with instruments (sanitizers, coverage) lets a module that was built
 * with them have what they add: constructors, writable bytes, imports.  Any
 * other build refuses these, and with them such a module.
 */
#include "upgrade/elf_check.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "upgrade/elf_internal.h"

#if defined(__x86_64__)
enum { MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { MACHINE = EM_AARCH64 };
#else
#error "name the ELF machine of this architecture here"
#endif

enum {
	/* A module of ours has 11; the linker knows of about 20 kinds. */
	SEGMENTS_MAX = 32,
	/* What a module may map: the largest of ours has 0.1 MB. */
	SPAN_MAX = 64 << 20
};

int
elf_refuse(const struct elf *elf, const char *format, ...)
{
	va_list args;
	char *c;

	va_start(args, format);
	(void)vsnprintf(elf->why, elf->why_size, format, args);
	va_end(args);
	/* A name out of a damaged file may be anything. */
	for (c = elf->why; *c != '\0'; c++)
		if (!isprint((unsigned char)*c))
			*c = '?';
	return -ENOEXEC;
}

bool
elf_fits(uint64_t first, uint64_t length, uint64_t end)
{
	return first <= end && length <= end - first;
}

bool
elf_is_load(const Elf64_Phdr *segment)
{
	return segment->p_type == PT_LOAD;
}

const void *
elf_at(const struct elf *elf, uint64_t address, uint64_t length,
    uint64_t alignment)
{
	const Elf64_Phdr *segment = elf->segments;
	const Elf64_Phdr *end = segment + elf->header->e_phnum;

	for (; segment < end; segment++)
		if (elf_is_load(segment) && address >= segment->p_vaddr &&
		    elf_fits(
			address - segment->p_vaddr, length, segment->p_filesz))
			return address % alignment != 0
			    ? NULL
			    : elf->bytes + segment->p_offset +
				(address - segment->p_vaddr);
	return NULL;
}

/*--------------------------------------------------------------------
 * Header
 */

#ifdef HOTSWITCH_INSTRUMENTED
/* They call themselves to life by these names. */
static bool
is_instrumented(const struct elf *elf)
{
	static const char *const names[] = { "__asan_init", "__tsan_init",
		"gcov_init" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++)
		if (memmem(elf->bytes, elf->size, names[i], strlen(names[i])) !=
		    NULL)
			return true;
	return false;
}
#else
static bool
is_instrumented(const struct elf *elf)
{
	(void)elf;
	return false;
}
#endif

/* As the linker writes the section headers last, they tell of a file cut. */
static int
check_whole(const struct elf *elf)
{
	const Elf64_Ehdr *header = elf->header;

	if (header->e_shoff != 0 &&
	    !elf_fits(header->e_shoff,
		(uint64_t)header->e_shnum * sizeof(Elf64_Shdr), elf->size))
		return elf_refuse(elf,
		    "ends after %llu bytes, before its section headers",
		    (unsigned long long)elf->size);
	return 0;
}

static int
check_header(struct elf *elf)
{
	const Elf64_Ehdr *header = (const void *)elf->bytes;

	if (elf->size < SELFMAG || memcmp(elf->bytes, ELFMAG, SELFMAG) != 0)
		return elf_refuse(elf, "is no ELF file");
	if (elf->size < sizeof *header)
		return elf_refuse(elf, "ends inside its header");
	if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
	    header->e_ident[EI_DATA] != ELFDATA2LSB)
		return elf_refuse(elf,
		    "is ELF of class %u and byte order %u, want %d and %d",
		    header->e_ident[EI_CLASS], header->e_ident[EI_DATA],
		    ELFCLASS64, ELFDATA2LSB);
	if (header->e_machine != MACHINE)
		return elf_refuse(elf, "is for machine %u, want %d",
		    header->e_machine, MACHINE);
	if (header->e_type != ET_DYN)
		return elf_refuse(elf,
		    "is ELF of type %u, want a shared object", header->e_type);
	if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
	    header->e_phnum > SEGMENTS_MAX ||
	    header->e_phoff % sizeof(uint64_t) != 0 ||
	    !elf_fits(header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr),
		elf->size))
		return elf_refuse(elf, "has no readable program headers");
	elf->is_instrumented = is_instrumented(elf);
	elf->header = header;
	elf->segments = (const void *)(elf->bytes + header->e_phoff);
	return check_whole(elf);
}

/*--------------------------------------------------------------------
 * Segments
 */

static uint64_t
page_down(const struct elf *elf, uint64_t address)
{
	return address & ~(elf->page - 1);
}

static bool
is_aligned(const struct elf *elf, const Elf64_Phdr *segment)
{
	uint64_t alignment = segment->p_align;

	return alignment >= elf->page && (alignment & (alignment - 1)) == 0 &&
	    (segment->p_vaddr - segment->p_offset) % alignment == 0;
}

static int
check_load(struct elf *elf, const Elf64_Phdr *segment)
{
	const unsigned int both = PF_W | PF_X;

	if (!elf_fits(segment->p_offset, segment->p_filesz, elf->size))
		return elf_refuse(elf,
		    "ends after %llu bytes, inside a segment",
		    (unsigned long long)elf->size);
	if (!is_aligned(elf, segment))
		return elf_refuse(elf, "has a segment that is not aligned");
	if (segment->p_memsz == 0 || segment->p_filesz > segment->p_memsz ||
	    !elf_fits(segment->p_vaddr, segment->p_memsz, SPAN_MAX))
		return elf_refuse(elf, "has a segment of impossible size");
	if ((elf->end == 0 && segment->p_vaddr + segment->p_offset != 0) ||
	    page_down(elf, segment->p_vaddr) < elf->end)
		return elf_refuse(elf, "has segments out of order");
	if ((segment->p_flags & both) == both)
		return elf_refuse(
		    elf, "has a segment that is writable and executable");
	if ((segment->p_flags & PF_R) == 0)
		return elf_refuse(elf, "has a segment that cannot be read");
	/* The end of its last page, where the next may begin. */
	elf->end =
	    page_down(elf, segment->p_vaddr + segment->p_memsz + elf->page - 1);
	return 0;
}

static int
check_segment(struct elf *elf, const Elf64_Phdr *segment)
{
	switch (segment->p_type) {
	case PT_LOAD:
		return check_load(elf, segment);
	case PT_GNU_STACK:
		if ((segment->p_flags & PF_X) != 0)
			return elf_refuse(elf, "wants an executable stack");
		return 0;
	case PT_TLS:
		return elf_refuse(
		    elf, "has variables of its own in each thread");
	case PT_GNU_RELRO:
		elf->relro = segment;
		return 0;
	case PT_DYNAMIC:
		elf->dynamic_segment = segment;
		return 0;
	case PT_NOTE:
	case PT_GNU_PROPERTY:
	case PT_GNU_EH_FRAME:
		return 0;
	default:
		return elf_refuse(
		    elf, "has a segment of unknown kind %#x", segment->p_type);
	}
}

/* What is writable must be forbidden again once it is relocated. */
static int
check_writable(const struct elf *elf, const Elf64_Phdr *segment)
{
	uint64_t begin = segment->p_vaddr, sealed = 0;

	if (!elf_is_load(segment) || (segment->p_flags & PF_W) == 0 ||
	    elf->is_instrumented)
		return 0;
	if (elf->relro != NULL &&
	    page_down(elf, elf->relro->p_vaddr) <= page_down(elf, begin) &&
	    elf_fits(elf->relro->p_vaddr, elf->relro->p_memsz, elf->end))
		sealed =
		    page_down(elf, elf->relro->p_vaddr + elf->relro->p_memsz);
	if (sealed < begin)
		sealed = begin;
	if (elf_fits(begin, segment->p_memsz, sealed))
		return 0;
	return elf_refuse(elf, "keeps %llu writable bytes, want none",
	    (unsigned long long)(begin + segment->p_memsz - sealed));
}

/* Notes and tables, which the loader reads where they are mapped. */
static int
check_place(const struct elf *elf, const Elf64_Phdr *segment)
{
	if (elf_is_load(segment) || segment->p_type == PT_GNU_STACK ||
	    segment->p_type == PT_GNU_RELRO)
		return 0;
	if (elf_at(elf, segment->p_vaddr, segment->p_memsz, sizeof(uint32_t)) ==
	    NULL)
		return elf_refuse(elf,
		    "has a segment of kind %#x that lies nowhere",
		    segment->p_type);
	return 0;
}

/* Without one the loader makes every stack executable (Linux, elf(5)). */
static int
check_stack(const struct elf *elf)
{
	unsigned int i;

	for (i = 0; i < elf->header->e_phnum; i++)
		if (elf->segments[i].p_type == PT_GNU_STACK)
			return 0;
	return elf_refuse(elf, "does not say that its stack is not executable");
}

static int
check_segments(struct elf *elf)
{
	unsigned int i, count;
	int error = 0;

	assert(elf->header != NULL);
	count = elf->header->e_phnum;
	for (i = 0; i < count && error == 0; i++)
		error = check_segment(elf, &elf->segments[i]);
	for (i = 0; i < count && error == 0; i++) {
		error = check_writable(elf, &elf->segments[i]);
		if (error == 0)
			error = check_place(elf, &elf->segments[i]);
	}
	return error == 0 ? check_stack(elf) : error;
}

/*--------------------------------------------------------------------
 * All of it
 */

static int
check(struct elf *elf)
{
	int error = check_header(elf);

	if (error == 0)
		error = check_segments(elf);
	if (error == 0)
		error = elf_check_dynamic(elf);
	if (error == 0)
		error = elf_check_symbols(elf);
	if (error == 0)
		error = elf_check_relocations(elf);
	return error;
}

int
elf_check(int fd, char *why, size_t size)
{
	struct elf elf = { .page = (uint64_t)sysconf(_SC_PAGESIZE),
		.why = why,
		.why_size = size };
	struct stat status;
	void *bytes;
	int error;

	if (fstat(fd, &status) != 0)
		goto fail;
	if (status.st_size == 0)
		return elf_refuse(&elf, "is no ELF file");
	elf.size = (uint64_t)status.st_size;
	bytes = mmap(NULL, elf.size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		goto fail;
	elf.bytes = bytes;
	error = check(&elf);
	(void)munmap(bytes, elf.size);
	return error;

fail:
	error = -errno;
	(void)snprintf(why, size, "cannot be read: %s", strerror(-error));
	return error;
}
