/*
 * elf_symbols: what a module defines and what it asks others for.
 *
 * An import is allowed if it is a verb or one of the plain functions that
 * compilers call: that list is what keeps a module from the system.
 */
#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "upgrade/elf_internal.h"

/* The bits of a version's index; the last one says `hidden`. */
enum { VERSION_INDEX = 0x7fff };

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
		link =
		    elf_at(elf, chains + 4 * (uint64_t)(index - first), 4, 4);
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
	uint64_t address = elf_value(elf, DT_GNU_HASH);
	const struct hash_header *header =
	    elf_at(elf, address, sizeof *header, 8);
	const uint32_t *buckets = NULL;
	uint64_t filters, chains = 0;
	uint32_t i, last = 0;

	if (header == NULL || header->buckets == 0 || header->filters == 0 ||
	    (header->filters & (header->filters - 1)) != 0 ||
	    header->shift >= 32)
		return elf_refuse(elf, "has no readable hash table");
	filters = address + sizeof *header;
	chains = filters + 8 * (uint64_t)header->filters;
	if (elf_at(elf, filters, 8 * (uint64_t)header->filters, 8) != NULL)
		buckets = elf_at(elf, chains, 4 * (uint64_t)header->buckets, 4);
	chains += 4 * (uint64_t)header->buckets;
	if (buckets == NULL)
		return elf_refuse(elf, "has no readable hash table");
	for (i = 0; i < header->buckets; i++)
		if (buckets[i] != 0 && buckets[i] < header->first)
			return elf_refuse(
			    elf, "has a hash chain without an end");
		else if (buckets[i] > last)
			last = buckets[i];
	/* Where the last chain ends, those before it have ended. */
	elf->symbol_count = header->first;
	if (last != 0)
		elf->symbol_count =
		    chain_end(elf, chains, header->first, last) + 1;
	return last == 0 || elf->symbol_count > 1
	    ? 0
	    : elf_refuse(elf, "has a hash chain without an end");
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
	static const char ours; /* it lies in the program */
	void *address = name[0] == '_' ? NULL : dlsym(RTLD_DEFAULT, name);
	const Elf64_Sym *symbol = NULL;
	Dl_info program, found;
	void *entry = NULL;

	return address != NULL && dladdr(&ours, &program) != 0 &&
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
		(elf_starts_with(name, instruments,
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
		return elf_refuse(
		    elf, "imports '%.64s' in an unknown way", name);
	if (!is_import_allowed(elf, name))
		return elf_refuse(elf,
		    "imports '%.64s', which is neither a verb nor a plain "
		    "function of bytes and strings",
		    name);
	return 0;
}

static int
check_symbol(const struct elf *elf, const Elf64_Sym *symbol)
{
	const char *name = elf_string(elf, symbol->st_name);
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);

	if (name[0] == '\0')
		return elf_refuse(elf, "has a symbol without a name");
	if (ELF64_ST_BIND(symbol->st_info) == STB_GNU_UNIQUE)
		return elf_refuse(elf, "forbids to be closed by '%.64s'", name);
	if (type == STT_TLS)
		return elf_refuse(
		    elf, "has variables of its own in each thread");
	if (type == STT_GNU_IFUNC)
		return elf_refuse(elf,
		    "chooses '%.64s' by code that runs when it is opened",
		    name);
	if (symbol->st_shndx == SHN_UNDEF)
		return check_import(elf, symbol, name);
	if (!elf_fits(symbol->st_value, symbol->st_size, elf->end))
		return elf_refuse(elf, "has '%.64s' outside of itself", name);
	return 0;
}

static int
check_table(struct elf *elf)
{
	uint32_t i;
	int error = count_symbols(elf);

	if (error != 0)
		return error;
	elf->symbols = elf_at(elf, elf_value(elf, DT_SYMTAB),
	    elf->symbol_count * sizeof(Elf64_Sym), 8);
	if (elf->symbols == NULL)
		return elf_refuse(elf, "has no readable table of symbols");
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
		aux = elf_at(elf, address, sizeof *aux, 4);
		if (aux == NULL || elf_string(elf, aux->vna_name)[0] == '\0' ||
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
	uint64_t address = elf_value(elf, DT_VERNEED);
	uint64_t i, wanted = elf_value(elf, DT_VERNEEDNUM);
	const Elf64_Verneed *need;
	const Elf64_Half *indices;
	unsigned int highest = VER_NDX_GLOBAL, index;

	if (!elf_has(elf, DT_VERSYM))
		return 0;
	if (wanted > elf->dynamic_count) /* one for each library */
		return elf_refuse(elf, "has no readable list of versions");
	for (i = 0; i < wanted; i++) {
		need = elf_at(elf, address, sizeof *need, 4);
		index = need == NULL || need->vn_version != VER_NEED_CURRENT ||
			!elf_is_needed(elf, elf_string(elf, need->vn_file)) ||
			(need->vn_next == 0) != (i + 1 == wanted)
		    ? 0
		    : check_wanted(elf, need, address);
		if (index == 0)
			return elf_refuse(
			    elf, "has no readable list of versions");
		highest = index > highest ? index : highest;
		address += need->vn_next;
	}
	indices = elf_at(elf, elf_value(elf, DT_VERSYM),
	    elf->symbol_count * sizeof *indices, sizeof *indices);
	for (i = 0; indices != NULL && i < elf->symbol_count; i++)
		if ((indices[i] & VERSION_INDEX) > highest)
			indices = NULL;
	return indices != NULL
	    ? 0
	    : elf_refuse(elf, "has symbols of unknown versions");
}

int
elf_check_symbols(struct elf *elf)
{
	int error = check_table(elf);

	return error == 0 ? check_versions(elf) : error;
}
