/*
 * elf_check: see elf_check.h for what it is.
 *
 * Read by hand and not with libelf, since that follows the section headers,
 * which the loader never looks at.  Here the loader's own way is gone: header,
 * segments, dynamic section, and from there each table, by its address.
 *
 *   1. Every byte is found through at(), which knows the file's end; an
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
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __x86_64__
enum {
	MACHINE = EM_X86_64,
	RELOCATION_RELATIVE = R_X86_64_RELATIVE,
	RELOCATION_ABSOLUTE = R_X86_64_64,
	RELOCATION_DATA = R_X86_64_GLOB_DAT,
	RELOCATION_CALL = R_X86_64_JUMP_SLOT,
	RELOCATION_CHOSEN = R_X86_64_IRELATIVE
};
#elif defined(__aarch64__)
enum {
	MACHINE = EM_AARCH64,
	RELOCATION_RELATIVE = R_AARCH64_RELATIVE,
	RELOCATION_ABSOLUTE = R_AARCH64_ABS64,
	RELOCATION_DATA = R_AARCH64_GLOB_DAT,
	RELOCATION_CALL = R_AARCH64_JUMP_SLOT,
	RELOCATION_CHOSEN = R_AARCH64_IRELATIVE
};
#else
#error "name the ELF machine of this architecture here"
#endif

enum {
	/* A module of ours has 11; the linker knows of about 20 kinds. */
	SEGMENTS_MAX = 32,
	/* Of entries in the dynamic section: one of ours has 20. */
	DYNAMIC_MAX = 64,
	/* What a module may map: the largest of ours has 0.1 MB. */
	SPAN_MAX = 64 << 20,
	/* The bits of a version's index; the last one says `hidden`. */
	VERSION_INDEX = 0x7fff
};

struct elf {
	const uint8_t *bytes;
	uint64_t size, page;
	const Elf64_Ehdr *header;
	const Elf64_Phdr *segments, *dynamic_segment, *relro;
	const Elf64_Dyn *dynamic;
	size_t dynamic_count;
	const char *strings;
	uint64_t strings_size;
	const Elf64_Sym *symbols;
	uint32_t symbol_count;
	bool is_instrumented;
	uint64_t end; /* of what is mapped, from 0 */
	char *why;
	size_t why_size;
};

__attribute__((format(printf, 2, 3))) static int
refuse(const struct elf *elf, const char *format, ...)
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

/* Whether first + length <= end, where none of them is to be trusted. */
static bool
fits(uint64_t first, uint64_t length, uint64_t end)
{
	return first <= end && length <= end - first;
}

static bool
is_load(const Elf64_Phdr *segment)
{
	return segment->p_type == PT_LOAD;
}

/* `length` bytes from the file, at this address when it is mapped; or NULL. */
static const void *
at(const struct elf *elf, uint64_t address, uint64_t length, uint64_t alignment)
{
	const Elf64_Phdr *segment = elf->segments;
	const Elf64_Phdr *end = segment + elf->header->e_phnum;

	for (; segment < end; segment++)
		if (is_load(segment) && address >= segment->p_vaddr &&
		    fits(address - segment->p_vaddr, length, segment->p_filesz))
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
	    !fits(header->e_shoff,
		(uint64_t)header->e_shnum * sizeof(Elf64_Shdr), elf->size))
		return refuse(elf,
		    "ends after %llu bytes, before its section headers",
		    (unsigned long long)elf->size);
	return 0;
}

static int
check_header(struct elf *elf)
{
	const Elf64_Ehdr *header = (const void *)elf->bytes;

	if (elf->size < SELFMAG || memcmp(elf->bytes, ELFMAG, SELFMAG) != 0)
		return refuse(elf, "is no ELF file");
	if (elf->size < sizeof *header)
		return refuse(elf, "ends inside its header");
	if (header->e_ident[EI_CLASS] != ELFCLASS64 ||
	    header->e_ident[EI_DATA] != ELFDATA2LSB)
		return refuse(elf,
		    "is ELF of class %u and byte order %u, want %d and %d",
		    header->e_ident[EI_CLASS], header->e_ident[EI_DATA],
		    ELFCLASS64, ELFDATA2LSB);
	if (header->e_machine != MACHINE)
		return refuse(elf, "is for machine %u, want %d",
		    header->e_machine, MACHINE);
	if (header->e_type != ET_DYN)
		return refuse(elf, "is ELF of type %u, want a shared object",
		    header->e_type);
	if (header->e_phentsize != sizeof(Elf64_Phdr) || header->e_phnum == 0 ||
	    header->e_phnum > SEGMENTS_MAX ||
	    header->e_phoff % sizeof(uint64_t) != 0 ||
	    !fits(header->e_phoff, header->e_phnum * sizeof(Elf64_Phdr),
		elf->size))
		return refuse(elf, "has no readable program headers");
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

	if (!fits(segment->p_offset, segment->p_filesz, elf->size))
		return refuse(elf, "ends after %llu bytes, inside a segment",
		    (unsigned long long)elf->size);
	if (!is_aligned(elf, segment))
		return refuse(elf, "has a segment that is not aligned");
	if (segment->p_memsz == 0 || segment->p_filesz > segment->p_memsz ||
	    !fits(segment->p_vaddr, segment->p_memsz, SPAN_MAX))
		return refuse(elf, "has a segment of impossible size");
	if ((elf->end == 0 && segment->p_vaddr + segment->p_offset != 0) ||
	    page_down(elf, segment->p_vaddr) < elf->end)
		return refuse(elf, "has segments out of order");
	if ((segment->p_flags & both) == both)
		return refuse(
		    elf, "has a segment that is writable and executable");
	if ((segment->p_flags & PF_R) == 0)
		return refuse(elf, "has a segment that cannot be read");
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
			return refuse(elf, "wants an executable stack");
		return 0;
	case PT_TLS:
		return refuse(elf, "has variables of its own in each thread");
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
		return refuse(
		    elf, "has a segment of unknown kind %#x", segment->p_type);
	}
}

/* What is writable must be forbidden again once it is relocated. */
static int
check_writable(const struct elf *elf, const Elf64_Phdr *segment)
{
	uint64_t begin = segment->p_vaddr, protected = 0;

	if (!is_load(segment) || (segment->p_flags & PF_W) == 0 ||
	    elf->is_instrumented)
		return 0;
	if (elf->relro != NULL &&
	    page_down(elf, elf->relro->p_vaddr) <= page_down(elf, begin) &&
	    fits(elf->relro->p_vaddr, elf->relro->p_memsz, elf->end))
	protected = page_down(elf, elf->relro->p_vaddr + elf->relro->p_memsz);
	if (protected < begin)
	protected = begin;
	if (fits(begin, segment->p_memsz, protected))
		return 0;
	return refuse(elf, "keeps %llu writable bytes, want none",
	    (unsigned long long)(begin + segment->p_memsz - protected));
}

/* Notes and tables, which the loader reads where they are mapped. */
static int
check_place(const struct elf *elf, const Elf64_Phdr *segment)
{
	if (is_load(segment) || segment->p_type == PT_GNU_STACK ||
	    segment->p_type == PT_GNU_RELRO)
		return 0;
	if (at(elf, segment->p_vaddr, segment->p_memsz, sizeof(uint32_t)) ==
	    NULL)
		return refuse(elf,
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
	return refuse(elf, "does not say that its stack is not executable");
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
 * Dynamic section
 */

/* The tags that a module may have, and those whose name is a reason. */
static const struct rule {
	Elf64_Sxword tag;
	const char *refusal; /* or NULL */
} rules[] = {
	{ DT_NEEDED, NULL },
	{ DT_GNU_HASH, NULL },
	{ DT_STRTAB, NULL },
	{ DT_STRSZ, NULL },
	{ DT_SYMTAB, NULL },
	{ DT_SYMENT, NULL },
	{ DT_PLTGOT, NULL },
	{ DT_PLTREL, NULL },
	{ DT_PLTRELSZ, NULL },
	{ DT_JMPREL, NULL },
	{ DT_RELA, NULL },
	{ DT_RELASZ, NULL },
	{ DT_RELAENT, NULL },
	{ DT_RELACOUNT, NULL },
	{ DT_FLAGS, NULL },
	{ DT_FLAGS_1, NULL },
	{ DT_VERSYM, NULL },
	{ DT_VERNEED, NULL },
	{ DT_VERNEEDNUM, NULL },
	{ DT_INIT, "has code that runs when it is opened" },
	{ DT_FINI, "has code that runs when it is closed" },
	{ DT_INIT_ARRAY, "has a constructor" },
	{ DT_INIT_ARRAYSZ, "has a constructor" },
	{ DT_FINI_ARRAY, "has a destructor" },
	{ DT_FINI_ARRAYSZ, "has a destructor" },
	{ DT_PREINIT_ARRAY, "has a constructor" },
	{ DT_TEXTREL, "has relocations in its text" },
	{ DT_RPATH, "names folders of its own for libraries" },
	{ DT_RUNPATH, "names folders of its own for libraries" },
	{ DT_VERDEF, "defines versions of symbols" },
};

static const Elf64_Dyn *
find(const struct elf *elf, Elf64_Sxword tag)
{
	size_t i;

	for (i = 0; i < elf->dynamic_count; i++)
		if (elf->dynamic[i].d_tag == tag)
			return &elf->dynamic[i];
	return NULL;
}

static bool
has(const struct elf *elf, Elf64_Sxword tag)
{
	return find(elf, tag) != NULL;
}

/* 0 where there is none; what has to be there is asked for by check_groups. */
static uint64_t
value(const struct elf *elf, Elf64_Sxword tag)
{
	const Elf64_Dyn *entry = find(elf, tag);

	return entry == NULL ? 0 : entry->d_un.d_val;
}

static bool
is_of_instruments(const struct elf *elf, Elf64_Sxword tag)
{
	return elf->is_instrumented &&
	    (tag == DT_INIT_ARRAY || tag == DT_INIT_ARRAYSZ ||
		tag == DT_FINI_ARRAY || tag == DT_FINI_ARRAYSZ);
}

static int
check_tag(const struct elf *elf, const Elf64_Dyn *entry)
{
	const struct rule *rule = rules;
	const struct rule *end = rules + sizeof rules / sizeof rules[0];

	while (rule < end && rule->tag != entry->d_tag)
		rule++;
	if (rule == end)
		return refuse(elf, "has a dynamic tag of unknown kind %#llx",
		    (unsigned long long)entry->d_tag);
	if (rule->refusal != NULL && !is_of_instruments(elf, rule->tag))
		return refuse(elf, "%s", rule->refusal);
	/* The loader would take the last, we the first. */
	if (entry->d_tag != DT_NEEDED && find(elf, entry->d_tag) != entry)
		return refuse(elf, "has dynamic tag %#llx twice",
		    (unsigned long long)entry->d_tag);
	return 0;
}

/* Tags that stand together or not at all: else the loader follows nothing. */
static int
check_groups(const struct elf *elf)
{
	static const Elf64_Sxword groups[][2] = { { DT_RELA, DT_RELASZ },
		{ DT_RELA, DT_RELAENT }, { DT_JMPREL, DT_PLTRELSZ },
		{ DT_JMPREL, DT_PLTREL }, { DT_VERSYM, DT_VERNEED },
		{ DT_VERSYM, DT_VERNEEDNUM } };
	static const Elf64_Sxword wanted[] = { DT_GNU_HASH, DT_STRTAB, DT_STRSZ,
		DT_SYMTAB, DT_SYMENT };
	size_t i;

	for (i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
		if (!has(elf, wanted[i]))
			return refuse(elf, "has no dynamic tag %#llx",
			    (unsigned long long)wanted[i]);
	for (i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (has(elf, groups[i][0]) != has(elf, groups[i][1]))
			return refuse(elf,
			    "has only one of the dynamic tags %#llx and %#llx",
			    (unsigned long long)groups[i][0],
			    (unsigned long long)groups[i][1]);
	return 0;
}

static int
check_flags(const struct elf *elf)
{
	uint64_t flags = value(elf, DT_FLAGS), more = value(elf, DT_FLAGS_1);

	if ((flags & DF_TEXTREL) != 0)
		return refuse(elf, "has relocations in its text");
	if ((flags & DF_STATIC_TLS) != 0)
		return refuse(elf, "has variables of its own in each thread");
	if ((more & DF_1_NODELETE) != 0)
		return refuse(elf, "forbids to be closed");
	if ((flags & ~(uint64_t)DF_BIND_NOW) != 0 ||
	    (more & ~(uint64_t)DF_1_NOW) != 0)
		return refuse(elf, "has flags %#llx and %#llx, unknown here",
		    (unsigned long long)flags, (unsigned long long)more);
	return 0;
}

static int
check_entry_sizes(const struct elf *elf)
{
	if (value(elf, DT_SYMENT) != sizeof(Elf64_Sym) ||
	    (has(elf, DT_RELA) &&
		value(elf, DT_RELAENT) != sizeof(Elf64_Rela)) ||
	    (has(elf, DT_PLTREL) && value(elf, DT_PLTREL) != DT_RELA))
		return refuse(elf, "has tables of an unknown kind");
	return 0;
}

static int
check_dynamic(struct elf *elf)
{
	const Elf64_Phdr *segment = elf->dynamic_segment;
	size_t i, count;
	int error = 0;

	if (segment == NULL)
		return refuse(elf, "has no dynamic section");
	elf->dynamic =
	    at(elf, segment->p_vaddr, segment->p_memsz, sizeof(uint64_t));
	count = segment->p_memsz / sizeof(Elf64_Dyn);
	count = count < DYNAMIC_MAX ? count : DYNAMIC_MAX;
	while (elf->dynamic != NULL && elf->dynamic_count < count &&
	    elf->dynamic[elf->dynamic_count].d_tag != DT_NULL)
		elf->dynamic_count++;
	if (elf->dynamic == NULL || elf->dynamic_count == count)
		return refuse(elf, "has a dynamic section without an end");
	for (i = 0; i < elf->dynamic_count && error == 0; i++)
		error = check_tag(elf, &elf->dynamic[i]);
	if (error == 0)
		error = check_groups(elf);
	if (error == 0)
		error = check_flags(elf);
	return error == 0 ? check_entry_sizes(elf) : error;
}

/*--------------------------------------------------------------------
 * Strings and libraries
 */

static int
find_strings(struct elf *elf)
{
	uint64_t size = value(elf, DT_STRSZ);
	const char *strings = at(elf, value(elf, DT_STRTAB), size, 1);

	if (strings == NULL || size == 0 || strings[size - 1] != '\0')
		return refuse(elf, "has a table of strings without an end");
	elf->strings = strings;
	elf->strings_size = size;
	return 0;
}

/* What stands at `offset`, or "" when that is none. */
static const char *
string(const struct elf *elf, uint64_t offset)
{
	return offset < elf->strings_size ? elf->strings + offset : "";
}

static bool
starts_with(const char *text, const char *const *starts, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strncmp(text, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

static bool
is_library_allowed(const struct elf *elf, const char *name)
{
	static const char *const instruments[] = { "libasan.so.", "libtsan.so.",
		"libubsan.so.", "libgcc_s.so.", "libm.so." };

	return strcmp(name, "libc.so.6") == 0 ||
	    (elf->is_instrumented &&
		starts_with(name, instruments,
		    sizeof instruments / sizeof instruments[0]));
}

static int
check_libraries(const struct elf *elf)
{
	const char *name;
	size_t i;

	for (i = 0; i < elf->dynamic_count; i++) {
		if (elf->dynamic[i].d_tag != DT_NEEDED)
			continue;
		name = string(elf, elf->dynamic[i].d_un.d_val);
		if (!is_library_allowed(elf, name))
			return refuse(elf,
			    "needs the library '%.64s', want none but "
			    "libc.so.6",
			    name);
	}
	return 0;
}

static bool
is_needed(const struct elf *elf, const char *library)
{
	size_t i;

	for (i = 0; i < elf->dynamic_count; i++)
		if (elf->dynamic[i].d_tag == DT_NEEDED &&
		    strcmp(string(elf, elf->dynamic[i].d_un.d_val), library) ==
			0)
			return true;
	return false;
}

/*--------------------------------------------------------------------
 * Symbols
 */

struct hash_header {
	uint32_t buckets, first, filters, shift;
};

/* The last symbol of the chain that begins with `index`, or 0: no end. */
static uint32_t
chain_end(
    const struct elf *elf, uint64_t chains, uint32_t first, uint32_t index)
{
	const uint32_t *link;

	for (; index >= first; index++) {
		link = at(elf, chains + 4 * (uint64_t)(index - first), 4, 4);
		if (link == NULL)
			return 0;
		if ((*link & 1) != 0)
			return index;
	}
	return 0;
}

/* The hash table is the only one that knows how many symbols there are. */
static int
count_symbols(struct elf *elf)
{
	uint64_t address = value(elf, DT_GNU_HASH);
	const struct hash_header *header = at(elf, address, sizeof *header, 8);
	const uint32_t *buckets = NULL;
	uint64_t filters, chains = 0;
	uint32_t i, last = 0;

	if (header == NULL || header->buckets == 0 || header->filters == 0 ||
	    (header->filters & (header->filters - 1)) != 0 ||
	    header->shift >= 32)
		return refuse(elf, "has no readable hash table");
	filters = address + sizeof *header;
	chains = filters + 8 * (uint64_t)header->filters;
	if (at(elf, filters, 8 * (uint64_t)header->filters, 8) != NULL)
		buckets = at(elf, chains, 4 * (uint64_t)header->buckets, 4);
	chains += 4 * (uint64_t)header->buckets;
	if (buckets == NULL)
		return refuse(elf, "has no readable hash table");
	for (i = 0; i < header->buckets; i++)
		if (buckets[i] != 0 && buckets[i] < header->first)
			return refuse(elf, "has a hash chain without an end");
		else if (buckets[i] > last)
			last = buckets[i];
	/* Where the last chain ends, those before it have ended. */
	elf->symbol_count = header->first;
	if (last != 0)
		elf->symbol_count =
		    chain_end(elf, chains, header->first, last) + 1;
	return last == 0 || elf->symbol_count > 1
	    ? 0
	    : refuse(elf, "has a hash chain without an end");
}

static bool
is_among(const char *text, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

/* A verb: a function that the program itself exports (tests/exports.cmake). */
static bool
is_verb(const char *name)
{
	void *address = name[0] == '_' ? NULL : dlsym(RTLD_DEFAULT, name);
	const Elf64_Sym *symbol = NULL;
	Dl_info program, found;
	void *entry = NULL;

	return address != NULL && dladdr(rules, &program) != 0 &&
	    dladdr1(address, &found, &entry, RTLD_DL_SYMENT) != 0 &&
	    found.dli_fbase == program.dli_fbase && (symbol = entry) != NULL &&
	    ELF64_ST_TYPE(symbol->st_info) == STT_FUNC;
}

/* What compilers and the hardening of cmake/instruments.cmake call. */
static bool
is_import_allowed(const struct elf *elf, const char *name)
{
	static const char *const plain[] = { "__memcpy_chk", "__memmove_chk",
		"__memset_chk", "__stack_chk_fail", "__stack_chk_guard",
		"abort", "bcmp", "memchr", "memcmp", "memcpy", "memmove",
		"memset", "strchr", "strcmp", "strcspn", "strlen", "strncmp",
		"strnlen", "strspn" };
	static const char *const instruments[] = { "__asan_", "__tsan_",
		"__ubsan_", "__sanitizer_", "__gcov_" };
	/* Of libgcov, which is a part of each module that is counted. */
	static const char *const counters[] = { "__errno_location", "access",
		"close", "exit", "fclose", "fcntl", "fdopen", "fopen",
		"fprintf", "fread", "free", "fseek", "fwrite", "getenv",
		"getpid", "malloc", "mkdir", "mmap", "munmap", "open",
		"sprintf", "stderr", "strcat", "strcpy", "strtol", "vfprintf" };

	return is_among(name, plain, sizeof plain / sizeof plain[0]) ||
	    (elf->is_instrumented &&
		(starts_with(name, instruments,
		     sizeof instruments / sizeof instruments[0]) ||
		    is_among(name, counters,
			sizeof counters / sizeof counters[0]))) ||
	    is_verb(name);
}

static int
check_import(const struct elf *elf, const Elf64_Sym *symbol, const char *name)
{
	unsigned int binding = ELF64_ST_BIND(symbol->st_info);

	if ((binding != STB_GLOBAL && binding != STB_WEAK) ||
	    ELF64_ST_VISIBILITY(symbol->st_other) != STV_DEFAULT)
		return refuse(elf, "imports '%.64s' in an unknown way", name);
	if (!is_import_allowed(elf, name))
		return refuse(elf,
		    "imports '%.64s', which is neither a verb nor a plain "
		    "function of bytes and strings",
		    name);
	return 0;
}

static int
check_symbol(const struct elf *elf, const Elf64_Sym *symbol)
{
	const char *name = string(elf, symbol->st_name);
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);

	if (name[0] == '\0')
		return refuse(elf, "has a symbol without a name");
	if (ELF64_ST_BIND(symbol->st_info) == STB_GNU_UNIQUE)
		return refuse(elf, "forbids to be closed by '%.64s'", name);
	if (type == STT_TLS)
		return refuse(elf, "has variables of its own in each thread");
	if (type == STT_GNU_IFUNC)
		return refuse(elf,
		    "chooses '%.64s' by code that runs when it is opened",
		    name);
	if (symbol->st_shndx == SHN_UNDEF)
		return check_import(elf, symbol, name);
	if (!fits(symbol->st_value, symbol->st_size, elf->end))
		return refuse(elf, "has '%.64s' outside of itself", name);
	return 0;
}

static int
check_symbols(struct elf *elf)
{
	uint32_t i;
	int error = count_symbols(elf);

	if (error != 0)
		return error;
	elf->symbols = at(elf, value(elf, DT_SYMTAB),
	    elf->symbol_count * sizeof(Elf64_Sym), 8);
	if (elf->symbols == NULL)
		return refuse(elf, "has no readable table of symbols");
	for (i = 1; i < elf->symbol_count && error == 0; i++)
		error = check_symbol(elf, &elf->symbols[i]);
	return error;
}

/*--------------------------------------------------------------------
 * Versions of symbols
 */

/* Of the versions that one library is asked for, the highest index, or 0. */
static unsigned int
check_wanted(const struct elf *elf, const Elf64_Verneed *need, uint64_t address)
{
	const Elf64_Vernaux *aux;
	unsigned int i, index, highest = 0;

	for (i = 0, address += need->vn_aux; i < need->vn_cnt; i++) {
		aux = at(elf, address, sizeof *aux, 4);
		if (aux == NULL || string(elf, aux->vna_name)[0] == '\0' ||
		    (aux->vna_next == 0) != (i + 1 == need->vn_cnt))
			return 0;
		index = aux->vna_other & VERSION_INDEX;
		highest = index > highest ? index : highest;
		address += aux->vna_next;
	}
	return highest;
}

static int
check_versions(const struct elf *elf)
{
	uint64_t address = value(elf, DT_VERNEED);
	uint64_t i, wanted = value(elf, DT_VERNEEDNUM);
	const Elf64_Verneed *need;
	const Elf64_Half *indices;
	unsigned int highest = VER_NDX_GLOBAL, index;

	if (!has(elf, DT_VERSYM))
		return 0;
	if (wanted > elf->dynamic_count) /* one for each library */
		return refuse(elf, "has no readable list of versions");
	for (i = 0; i < wanted; i++) {
		need = at(elf, address, sizeof *need, 4);
		index = need == NULL || need->vn_version != VER_NEED_CURRENT ||
			!is_needed(elf, string(elf, need->vn_file)) ||
			(need->vn_next == 0) != (i + 1 == wanted)
		    ? 0
		    : check_wanted(elf, need, address);
		if (index == 0)
			return refuse(elf, "has no readable list of versions");
		highest = index > highest ? index : highest;
		address += need->vn_next;
	}
	indices = at(elf, value(elf, DT_VERSYM),
	    elf->symbol_count * sizeof *indices, sizeof *indices);
	for (i = 0; indices != NULL && i < elf->symbol_count; i++)
		if ((indices[i] & VERSION_INDEX) > highest)
			indices = NULL;
	return indices != NULL ? 0
			       : refuse(elf, "has symbols of unknown versions");
}

/*--------------------------------------------------------------------
 * Relocations
 */

/* Where one may write: what is writable, and in the file. */
static bool
is_place(const struct elf *elf, uint64_t address)
{
	const Elf64_Phdr *segment = elf->segments;
	const Elf64_Phdr *end = segment + elf->header->e_phnum;

	for (; segment < end; segment++)
		if (is_load(segment) && (segment->p_flags & PF_W) != 0 &&
		    address >= segment->p_vaddr &&
		    fits(address - segment->p_vaddr, sizeof(uint64_t),
			segment->p_filesz))
			return true;
	return false;
}

static int
check_relocation(const struct elf *elf, const Elf64_Rela *relocation)
{
	uint64_t type = ELF64_R_TYPE(relocation->r_info);
	uint64_t symbol = ELF64_R_SYM(relocation->r_info);

	if (type == RELOCATION_CHOSEN)
		return refuse(elf,
		    "chooses a function by code that runs when it is "
		    "opened");
	if (type != RELOCATION_RELATIVE && type != RELOCATION_ABSOLUTE &&
	    type != RELOCATION_DATA && type != RELOCATION_CALL)
		return refuse(elf, "has a relocation of unknown kind %llu",
		    (unsigned long long)type);
	if (!is_place(elf, relocation->r_offset))
		return refuse(elf,
		    "has a relocation at %#llx, where nothing is to be written",
		    (unsigned long long)relocation->r_offset);
	if (type == RELOCATION_RELATIVE
		? (uint64_t)relocation->r_addend > elf->end
		: symbol == 0 || symbol >= elf->symbol_count)
		return refuse(elf, "has a relocation that leads out of it");
	return 0;
}

static int
check_relocations(const struct elf *elf, Elf64_Sxword table, uint64_t size)
{
	const Elf64_Rela *relocations;
	uint64_t i, count = size / sizeof *relocations;
	int error = 0;

	if (!has(elf, table))
		return 0;
	relocations = at(elf, value(elf, table), size, 8);
	if (relocations == NULL || size % sizeof *relocations != 0)
		return refuse(elf, "has no readable table of relocations");
	for (i = 0; i < count && error == 0; i++)
		error = check_relocation(elf, &relocations[i]);
	if (error != 0)
		return error;
	/* So many the loader applies without a look at their kind. */
	for (i = 0; table == DT_RELA && i < value(elf, DT_RELACOUNT); i++)
		if (i >= count ||
		    ELF64_R_TYPE(relocations[i].r_info) != RELOCATION_RELATIVE)
			return refuse(elf, "counts its relocations wrongly");
	return 0;
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
		error = check_dynamic(elf);
	if (error == 0)
		error = find_strings(elf);
	if (error == 0)
		error = check_libraries(elf);
	if (error == 0)
		error = check_symbols(elf);
	if (error == 0)
		error = check_versions(elf);
	if (error == 0)
		error = check_relocations(elf, DT_RELA, value(elf, DT_RELASZ));
	if (error == 0)
		error =
		    check_relocations(elf, DT_JMPREL, value(elf, DT_PLTRELSZ));
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
		return refuse(&elf, "is no ELF file");
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
