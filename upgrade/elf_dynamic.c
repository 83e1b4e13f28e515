/*
 * elf_dynamic: the section that says what the loader is to do.
 *
 * A list of tags and values, of which each may stand once; what leads to a
 * table is followed elsewhere, and only by way of elf_at().
 */
#include <string.h>

#include "upgrade/elf_internal.h"

enum { DYNAMIC_MAX = 64 /* entries: one of ours has 20 */ };

/*--------------------------------------------------------------------
 * Entries
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

bool
elf_has(const struct elf *elf, Elf64_Sxword tag)
{
	return find(elf, tag) != NULL;
}

/* 0 where there is none; what has to be there is asked for by check_groups. */
uint64_t
elf_value(const struct elf *elf, Elf64_Sxword tag)
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
		return elf_refuse(elf,
		    "has a dynamic tag of unknown kind %#llx",
		    (unsigned long long)entry->d_tag);
	if (rule->refusal != NULL && !is_of_instruments(elf, rule->tag))
		return elf_refuse(elf, "%s", rule->refusal);
	/* The loader would take the last, we the first. */
	if (entry->d_tag != DT_NEEDED && find(elf, entry->d_tag) != entry)
		return elf_refuse(elf, "has dynamic tag %#llx twice",
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
		if (!elf_has(elf, wanted[i]))
			return elf_refuse(elf, "has no dynamic tag %#llx",
			    (unsigned long long)wanted[i]);
	for (i = 0; i < sizeof groups / sizeof groups[0]; i++)
		if (elf_has(elf, groups[i][0]) != elf_has(elf, groups[i][1]))
			return elf_refuse(elf,
			    "has only one of the dynamic tags %#llx and %#llx",
			    (unsigned long long)groups[i][0],
			    (unsigned long long)groups[i][1]);
	return 0;
}

static int
check_flags(const struct elf *elf)
{
	uint64_t flags = elf_value(elf, DT_FLAGS),
		 more = elf_value(elf, DT_FLAGS_1);

	if ((flags & DF_TEXTREL) != 0)
		return elf_refuse(elf, "has relocations in its text");
	if ((flags & DF_STATIC_TLS) != 0)
		return elf_refuse(
		    elf, "has variables of its own in each thread");
	if ((more & DF_1_NODELETE) != 0)
		return elf_refuse(elf, "forbids to be closed");
	if ((flags & ~(uint64_t)DF_BIND_NOW) != 0 ||
	    (more & ~(uint64_t)DF_1_NOW) != 0)
		return elf_refuse(elf,
		    "has flags %#llx and %#llx, unknown here",
		    (unsigned long long)flags, (unsigned long long)more);
	return 0;
}

static int
check_entry_sizes(const struct elf *elf)
{
	if (elf_value(elf, DT_SYMENT) != sizeof(Elf64_Sym) ||
	    (elf_has(elf, DT_RELA) &&
		elf_value(elf, DT_RELAENT) != sizeof(Elf64_Rela)) ||
	    (elf_has(elf, DT_PLTREL) && elf_value(elf, DT_PLTREL) != DT_RELA))
		return elf_refuse(elf, "has tables of an unknown kind");
	return 0;
}

static int
check_entries(struct elf *elf)
{
	const Elf64_Phdr *segment = elf->dynamic_segment;
	size_t i, count;
	int error = 0;

	if (segment == NULL)
		return elf_refuse(elf, "has no dynamic section");
	elf->dynamic =
	    elf_at(elf, segment->p_vaddr, segment->p_memsz, sizeof(uint64_t));
	count = segment->p_memsz / sizeof(Elf64_Dyn);
	count = count < DYNAMIC_MAX ? count : DYNAMIC_MAX;
	while (elf->dynamic != NULL && elf->dynamic_count < count &&
	    elf->dynamic[elf->dynamic_count].d_tag != DT_NULL)
		elf->dynamic_count++;
	if (elf->dynamic == NULL || elf->dynamic_count == count)
		return elf_refuse(elf, "has a dynamic section without an end");
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
	uint64_t size = elf_value(elf, DT_STRSZ);
	const char *strings = elf_at(elf, elf_value(elf, DT_STRTAB), size, 1);

	if (strings == NULL || size == 0 || strings[size - 1] != '\0')
		return elf_refuse(elf, "has a table of strings without an end");
	elf->strings = strings;
	elf->strings_size = size;
	return 0;
}

/* What stands at `offset`, or "" when that is none. */
const char *
elf_string(const struct elf *elf, uint64_t offset)
{
	return offset < elf->strings_size ? elf->strings + offset : "";
}

bool
elf_starts_with(const char *text, const char *const *starts, size_t count)
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
		elf_starts_with(name, instruments,
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
		name = elf_string(elf, elf->dynamic[i].d_un.d_val);
		if (!is_library_allowed(elf, name))
			return elf_refuse(elf,
			    "needs the library '%.64s', want none but "
			    "libc.so.6",
			    name);
	}
	return 0;
}

bool
elf_is_needed(const struct elf *elf, const char *library)
{
	size_t i;

	for (i = 0; i < elf->dynamic_count; i++)
		if (elf->dynamic[i].d_tag == DT_NEEDED &&
		    strcmp(elf_string(elf, elf->dynamic[i].d_un.d_val),
			library) == 0)
			return true;
	return false;
}

int
elf_check_dynamic(struct elf *elf)
{
	int error = check_entries(elf);

	if (error == 0)
		error = find_strings(elf);
	return error == 0 ? check_libraries(elf) : error;
}
