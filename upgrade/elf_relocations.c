/*
 * elf_relocations: where the loader would write into a module, and what.
 *
 * Only where the file says that it may be written, and only what lies in the
 * module or is one of its symbols.
 */
#include "upgrade/elf_internal.h"

#ifdef __x86_64__
enum {
	RELOCATION_RELATIVE = R_X86_64_RELATIVE,
	RELOCATION_ABSOLUTE = R_X86_64_64,
	RELOCATION_DATA = R_X86_64_GLOB_DAT,
	RELOCATION_CALL = R_X86_64_JUMP_SLOT,
	RELOCATION_CHOSEN = R_X86_64_IRELATIVE
};
#elif defined(__aarch64__)
enum {
	RELOCATION_RELATIVE = R_AARCH64_RELATIVE,
	RELOCATION_ABSOLUTE = R_AARCH64_ABS64,
	RELOCATION_DATA = R_AARCH64_GLOB_DAT,
	RELOCATION_CALL = R_AARCH64_JUMP_SLOT,
	RELOCATION_CHOSEN = R_AARCH64_IRELATIVE
};
#else
#error "name the relocations of this architecture here"
#endif

/* Where one may write: what is writable, and in the file. */
static bool
is_place(const struct elf *elf, uint64_t address)
{
	const Elf64_Phdr *segment = elf->segments;
	const Elf64_Phdr *end = segment + elf->header->e_phnum;

	for (; segment < end; segment++)
		if (elf_is_load(segment) && (segment->p_flags & PF_W) != 0 &&
		    address >= segment->p_vaddr &&
		    elf_fits(address - segment->p_vaddr, sizeof(uint64_t),
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
		return elf_refuse(elf,
		    "chooses a function by code that runs when it is "
		    "opened");
	if (type != RELOCATION_RELATIVE && type != RELOCATION_ABSOLUTE &&
	    type != RELOCATION_DATA && type != RELOCATION_CALL)
		return elf_refuse(elf, "has a relocation of unknown kind %llu",
		    (unsigned long long)type);
	if (!is_place(elf, relocation->r_offset))
		return elf_refuse(elf,
		    "has a relocation at %#llx, where nothing is to be written",
		    (unsigned long long)relocation->r_offset);
	if (type == RELOCATION_RELATIVE
		? (uint64_t)relocation->r_addend > elf->end
		: symbol == 0 || symbol >= elf->symbol_count)
		return elf_refuse(elf, "has a relocation that leads out of it");
	return 0;
}

static int
check_table(const struct elf *elf, Elf64_Sxword table, uint64_t size)
{
	const Elf64_Rela *relocations;
	uint64_t i, count = size / sizeof *relocations;
	int error = 0;

	if (!elf_has(elf, table))
		return 0;
	relocations = elf_at(elf, elf_value(elf, table), size, 8);
	if (relocations == NULL || size % sizeof *relocations != 0)
		return elf_refuse(elf, "has no readable table of relocations");
	for (i = 0; i < count && error == 0; i++)
		error = check_relocation(elf, &relocations[i]);
	if (error != 0)
		return error;
	/* So many the loader applies without a look at their kind. */
	for (i = 0; table == DT_RELA && i < elf_value(elf, DT_RELACOUNT); i++)
		if (i >= count ||
		    ELF64_R_TYPE(relocations[i].r_info) != RELOCATION_RELATIVE)
			return elf_refuse(
			    elf, "counts its relocations wrongly");
	return 0;
}

int
elf_check_relocations(const struct elf *elf)
{
	int error = check_table(elf, DT_RELA, elf_value(elf, DT_RELASZ));

	return error == 0
	    ? check_table(elf, DT_JMPREL, elf_value(elf, DT_PLTRELSZ))
	    : error;
}
