/*
 * elf_internal: a shared object as elf_check.c and its helpers follow it.
 *
 * Private to upgrade/elf_*.c.
 */
#ifndef UPGRADE_ELF_INTERNAL_H
#define UPGRADE_ELF_INTERNAL_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/* elf_check.c: what all of them do. */

/* -ENOEXEC and the reason, with what no terminal would like made harmless. */
__attribute__((format(printf, 2, 3))) int elf_refuse(
    const struct elf *elf, const char *format, ...);
/* Whether first + length <= end, where none of them is to be trusted. */
bool elf_fits(uint64_t first, uint64_t length, uint64_t end);
bool elf_is_load(const Elf64_Phdr *segment);
/* `length` bytes from the file, at this address when it is mapped; or NULL. */
const void *elf_at(const struct elf *elf, uint64_t address, uint64_t length,
    uint64_t alignment);

/* elf_dynamic.c: its entries, its strings, the libraries that it needs. */

int elf_check_dynamic(struct elf *elf);
bool elf_has(const struct elf *elf, Elf64_Sxword tag);
/* 0 where there is none; what has to be there has been asked for. */
uint64_t elf_value(const struct elf *elf, Elf64_Sxword tag);
/* What stands at `offset` of its strings, or "" when that is none. */
const char *elf_string(const struct elf *elf, uint64_t offset);
bool elf_starts_with(const char *text, const char *const *starts, size_t count);
bool elf_is_needed(const struct elf *elf, const char *library);

/* elf_symbols.c: what it defines and imports, and in which versions. */

int elf_check_symbols(struct elf *elf);

/* elf_relocations.c: where the loader would write, and what. */

int elf_check_relocations(const struct elf *elf);

#endif
