/* What elf_check.h promises: each thing that a module may not have is met by
 * its own words, and no damage is followed out of the file.  The files are
 * real modules: tests/modules/barred.c, and damaged copies of one without a
 * fault. */
#include "upgrade/elf_check.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define BARRED HOTSWITCH_RELEASES "/../../tests/releases-barred/faulty"

/* The module that is damaged. */
struct file {
	uint8_t bytes[4 << 20];
	size_t size;
	char why[512];
};

static int
setup(void **state)
{
	static struct file file;
	FILE *stream = fopen(BARRED "/nothing/counter.so", "rb");

	*state = &file;
	if (stream == NULL)
		return -1;
	file.size = fread(file.bytes, 1, sizeof file.bytes, stream);
	return fclose(stream);
}

/* What is said of the first `size` bytes. */
static int
look(struct file *file, size_t size)
{
	int fd = memfd_create("damaged", MFD_CLOEXEC), error;

	assert_true(fd >= 0);
	assert_true(write(fd, file->bytes, size) == (ssize_t)size);
	strcpy(file->why, "");
	error = elf_check(fd, file->why, sizeof file->why);
	close(fd);
	assert_true(error == 0 || error == -ENOEXEC);
	assert_true((error == 0) == (file->why[0] == '\0'));
	return error;
}

static void
expect_barred(const char *what, const char *why)
{
	char path[512], said[512] = "";
	int fd, error;

	snprintf(path, sizeof path, BARRED "/%s/counter.so", what);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	error = elf_check(fd, said, sizeof said);
	close(fd);
	assert_string_equal(said, why);
	assert_int_equal(error, why[0] == '\0' ? 0 : -ENOEXEC);
}

static void
expect_damaged(struct file *file, const char *why)
{
	assert_int_equal(look(file, file->size), -ENOEXEC);
	assert_string_equal(file->why, why);
}

static Elf64_Ehdr *
header(struct file *file)
{
	return (void *)file->bytes;
}

static Elf64_Phdr *
segment(struct file *file, uint32_t type)
{
	Elf64_Phdr *segments = (void *)(file->bytes + header(file)->e_phoff);
	unsigned int i;

	for (i = 0; i < header(file)->e_phnum; i++)
		if (segments[i].p_type == type)
			return &segments[i];
	fail_msg("no segment of kind %u", type);
	return NULL;
}

static Elf64_Dyn *
tag(struct file *file, Elf64_Sxword wanted)
{
	Elf64_Dyn *entry =
	    (void *)(file->bytes + segment(file, PT_DYNAMIC)->p_offset);

	while (entry->d_tag != wanted) {
		assert_int_not_equal(entry->d_tag, DT_NULL);
		entry++;
	}
	return entry;
}

/* Tables that are only read lie where their address says. */
static void *
table(struct file *file, Elf64_Sxword wanted)
{
	return file->bytes + tag(file, wanted)->d_un.d_ptr;
}

/*--------------------------------------------------------------------
 * What a module may not have
 */

static void
a_sound_module_passes(void **state)
{
	struct file *file = *state;

	expect_barred("nothing", "");
	assert_int_equal(look(file, file->size), 0);
}

static void
u17_what_runs_when_it_is_opened_is_refused(void **state)
{
	(void)state;
	expect_barred("constructor", "has a constructor");
	expect_barred("destructor", "has a destructor");
	expect_barred("init", "has code that runs when it is opened");
	expect_barred("chosen",
	    "chooses 'barred_chosen' by code that runs when it is opened");
}

static void
u17_what_keeps_bytes_is_refused(void **state)
{
	(void)state;
	expect_barred("writable", "keeps 8 writable bytes, want none");
	expect_barred("thread", "has variables of its own in each thread");
}

static void
u17_what_weakens_memory_is_refused(void **state)
{
	(void)state;
	expect_barred(
	    "executable", "has a segment that is writable and executable");
	expect_barred("stack", "wants an executable stack");
	expect_barred("text", "has relocations in its text");
}

static void
u17_what_cannot_be_closed_is_refused(void **state)
{
	(void)state;
	expect_barred("nodelete", "forbids to be closed");
	expect_barred("unique", "forbids to be closed by 'barred_unique'");
}

static void
u17_what_asks_for_more_is_refused(void **state)
{
	(void)state;
	expect_barred("system",
	    "imports 'system', which is neither a verb nor a plain function "
	    "of bytes and strings");
	expect_barred("library",
	    "needs the library 'libm.so.6', want none but libc.so.6");
	expect_barred("folder", "names folders of its own for libraries");
}

/*--------------------------------------------------------------------
 * Damage
 */

static void
u17_a_file_cut_anywhere_is_refused(void **state)
{
	struct file *file = *state;
	size_t size;

	for (size = 0; size < file->size; size += 100)
		assert_int_equal(look(file, size), -ENOEXEC);
	assert_int_equal(look(file, file->size - 1), -ENOEXEC);
	look(file, 5000);
	assert_string_equal(
	    file->why, "ends after 5000 bytes, before its section headers");
	header(file)->e_shoff = 0; /* as sstrip(1) leaves it */
	assert_int_equal(look(file, file->size), 0);
	look(file, 5000);
	assert_string_equal(
	    file->why, "ends after 5000 bytes, inside a segment");
}

static void
u17_a_damaged_header_is_refused(void **state)
{
	struct file *file = *state;

	header(file)->e_phnum = 0;
	expect_damaged(file, "has no readable program headers");
	header(file)->e_phnum = 33;
	expect_damaged(file, "has no readable program headers");
	header(file)->e_phnum = 11;
	header(file)->e_phoff = UINT64_MAX - 7;
	expect_damaged(file, "has no readable program headers");
}

static void
u17_a_damaged_segment_is_refused(void **state)
{
	struct file *file = *state;
	Elf64_Phdr *load = segment(file, PT_LOAD), sound = load[1];

	load[1].p_filesz = UINT64_MAX - 100;
	assert_int_equal(look(file, file->size), -ENOEXEC);
	assert_non_null(strstr(file->why, "inside a segment"));
	load[1] = sound;
	load[1].p_align = 24;
	expect_damaged(file, "has a segment that is not aligned");
	load[1] = sound;
	load[1].p_memsz = 1;
	expect_damaged(file, "has a segment of impossible size");
	load[1].p_memsz = UINT64_MAX;
	expect_damaged(file, "has a segment of impossible size");
	load[1] = load[0];
	expect_damaged(file, "has segments out of order");
	load[1] = sound;
	load[1].p_flags = PF_X;
	expect_damaged(file, "has a segment that cannot be read");
	load[1] = sound;
	load[1].p_type = PT_INTERP;
	expect_damaged(file, "has a segment of unknown kind 0x3");
}

static void
u17_segments_that_lie_nowhere_are_refused(void **state)
{
	struct file *file = *state;

	segment(file, PT_NOTE)->p_vaddr = UINT64_MAX - 3;
	expect_damaged(file, "has a segment of kind 0x4 that lies nowhere");
	segment(file, PT_NOTE)->p_vaddr = segment(file, PT_DYNAMIC)->p_vaddr;
	assert_int_equal(look(file, file->size), 0);
	segment(file, PT_GNU_STACK)->p_type = PT_NOTE;
	expect_damaged(file, "does not say that its stack is not executable");
}

static void
u17_a_dynamic_section_without_an_end_is_refused(void **state)
{
	struct file *file = *state;
	Elf64_Phdr *dynamic = segment(file, PT_DYNAMIC);

	dynamic->p_memsz = 32;
	expect_damaged(file, "has a dynamic section without an end");
	dynamic->p_vaddr += 4;
	expect_damaged(file, "has a dynamic section without an end");
	dynamic->p_type = PT_NOTE;
	expect_damaged(file, "has no dynamic section");
}

static void
u17_unknown_tags_are_refused(void **state)
{
	struct file *file = *state;
	Elf64_Dyn *entry = tag(file, DT_JMPREL);

	entry->d_tag = DT_SONAME;
	expect_damaged(file, "has a dynamic tag of unknown kind 0xe");
	entry->d_tag = DT_RELA;
	expect_damaged(file, "has dynamic tag 0x7 twice");
	entry->d_tag = DT_NEEDED;
	expect_damaged(file, "has only one of the dynamic tags 0x17 and 0x2");
	tag(file, DT_STRTAB)->d_tag = DT_NEEDED;
	expect_damaged(file, "has no dynamic tag 0x5");
}

static void
u17_tables_of_another_kind_are_refused(void **state)
{
	static const Elf64_Sxword tags[] = { DT_SYMENT, DT_RELAENT, DT_PLTREL };
	struct file *file = *state;
	size_t i;

	for (i = 0; i < 3; i++) {
		tag(file, tags[i])->d_un.d_val ^= 16;
		expect_damaged(file, "has tables of an unknown kind");
		tag(file, tags[i])->d_un.d_val ^= 16;
	}
	tag(file, DT_FLAGS)->d_un.d_val |= DF_STATIC_TLS;
	expect_damaged(file, "has variables of its own in each thread");
	tag(file, DT_FLAGS)->d_un.d_val = DF_ORIGIN;
	expect_damaged(file, "has flags 0x1 and 0x1, unknown here");
}

static void
u17_tables_outside_of_the_file_are_refused(void **state)
{
	static const struct {
		Elf64_Sxword tag;
		const char *why;
	} tables[] = {
		{ DT_STRTAB, "has a table of strings without an end" },
		{ DT_STRSZ, "has a table of strings without an end" },
		{ DT_GNU_HASH, "has no readable hash table" },
		{ DT_SYMTAB, "has no readable table of symbols" },
		{ DT_VERNEED, "has no readable list of versions" },
		{ DT_VERNEEDNUM, "has no readable list of versions" },
		{ DT_VERSYM, "has symbols of unknown versions" },
		{ DT_RELA, "has no readable table of relocations" },
		{ DT_RELASZ, "has no readable table of relocations" },
		{ DT_JMPREL, "has no readable table of relocations" },
		{ DT_PLTRELSZ, "has no readable table of relocations" },
		{ DT_RELACOUNT, "counts its relocations wrongly" },
	};
	struct file *file = *state;
	Elf64_Dyn *entry, sound;
	size_t i;

	for (i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		entry = tag(file, tables[i].tag);
		sound = *entry;
		entry->d_un.d_val = UINT64_MAX - 7;
		expect_damaged(file, tables[i].why);
		*entry = sound;
	}
}

static void
u17_a_damaged_hash_table_is_refused(void **state)
{
	struct file *file = *state;
	uint32_t *hash = table(file, DT_GNU_HASH);
	uint32_t *chain = &hash[4 + 2 * hash[2] + hash[0]];

	*chain &= ~1U;
	look(file, file->size);
	assert_true(strcmp(file->why, "has a hash chain without an end") == 0 ||
	    strcmp(file->why, "has no readable table of symbols") == 0 ||
	    strcmp(file->why, "has a symbol without a name") == 0);
	*chain |= 1U;
	hash[4 + 2 * hash[2]] = UINT32_MAX;
	expect_damaged(file, "has a hash chain without an end");
	hash[2] = 3;
	expect_damaged(file, "has no readable hash table");
	hash[0] = 0;
	expect_damaged(file, "has no readable hash table");
}

static void
u17_a_damaged_symbol_is_refused(void **state)
{
	struct file *file = *state;
	Elf64_Sym *symbol = table(file, DT_SYMTAB);
	uint32_t last = ((uint32_t *)table(file, DT_GNU_HASH))[1];

	symbol[last].st_value = UINT64_MAX;
	expect_damaged(file, "has 'hotswitch_module' outside of itself");
	symbol[last].st_name = UINT32_MAX;
	expect_damaged(file, "has a symbol without a name");
	symbol[1].st_other = STV_HIDDEN;
	look(file, file->size);
	assert_non_null(strstr(file->why, "in an unknown way"));
}

static void
u17_a_damaged_relocation_is_refused(void **state)
{
	struct file *file = *state;
	Elf64_Rela *first = table(file, DT_RELA), sound = *first;

	first->r_offset = 0;
	expect_damaged(
	    file, "has a relocation at 0, where nothing is to be written");
	*first = sound;
	first->r_addend = INT64_MAX;
	expect_damaged(file, "has a relocation that leads out of it");
	*first = sound;
	first->r_info = 200;
	expect_damaged(file, "has a relocation of unknown kind 200");
	first = table(file, DT_JMPREL);
	first->r_info |= UINT64_C(0xffffffff) << 32;
	*(Elf64_Rela *)table(file, DT_RELA) = sound;
	expect_damaged(file, "has a relocation that leads out of it");
}

static void
u17_a_damaged_version_is_refused(void **state)
{
	struct file *file = *state;
	Elf64_Verneed *need = table(file, DT_VERNEED), sound = *need;
	Elf64_Half *indices = table(file, DT_VERSYM);

	need->vn_file++;
	expect_damaged(file, "has no readable list of versions");
	*need = sound;
	need->vn_cnt += 5;
	expect_damaged(file, "has no readable list of versions");
	*need = sound;
	need->vn_next = 8;
	expect_damaged(file, "has no readable list of versions");
	*need = sound;
	indices[1] = 700;
	expect_damaged(file, "has symbols of unknown versions");
}

static void
what_cannot_be_read_is_an_answer(void **state)
{
	char why[128];

	(void)state;
	assert_int_equal(elf_check(-1, why, sizeof why), -EBADF);
	assert_string_equal(why, "cannot be read: Bad file descriptor");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup(name, setup)
		TEST(a_sound_module_passes),
		TEST(u17_what_runs_when_it_is_opened_is_refused),
		TEST(u17_what_keeps_bytes_is_refused),
		TEST(u17_what_weakens_memory_is_refused),
		TEST(u17_what_cannot_be_closed_is_refused),
		TEST(u17_what_asks_for_more_is_refused),
		TEST(u17_a_file_cut_anywhere_is_refused),
		TEST(u17_a_damaged_header_is_refused),
		TEST(u17_a_damaged_segment_is_refused),
		TEST(u17_segments_that_lie_nowhere_are_refused),
		TEST(u17_a_dynamic_section_without_an_end_is_refused),
		TEST(u17_unknown_tags_are_refused),
		TEST(u17_tables_of_another_kind_are_refused),
		TEST(u17_tables_outside_of_the_file_are_refused),
		TEST(u17_a_damaged_hash_table_is_refused),
		TEST(u17_a_damaged_symbol_is_refused),
		TEST(u17_a_damaged_relocation_is_refused),
		TEST(u17_a_damaged_version_is_refused),
		TEST(what_cannot_be_read_is_an_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
