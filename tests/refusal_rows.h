/*
 * refusal_rows: every way of being wrong that a release has, and what it is
 * refused for.  Those that are built are in tests/modules; of a file the wrong
 * ones are made here, from a sound one.
 */
#ifndef TESTS_REFUSAL_ROWS_H
#define TESTS_REFUSAL_ROWS_H

#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "upgrade/release_handler.h"

struct sound_module {
	uint8_t bytes[4 << 20];
	size_t size;
};

/* Makes PATH, which a sound module would be written to. */
typedef void make_f(const struct sound_module *sound, const char *path);

/* `why` is a glob(7) of what stands between "cannot load ...:" and ";". */
struct way {
	const char *release;
	enum upgrade_reason reason;
	const char *why;
	make_f *make;
	bool is_call; /* of the system: met by the filter, where there is one */
};

static inline void
write_file(const char *path, const void *bytes, size_t size)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(file >= 0);
	assert_true(write(file, bytes, size) == (ssize_t)size);
	close(file);
}

static inline void
make_empty(const struct sound_module *sound, const char *path)
{
	(void)sound;
	write_file(path, "", 0);
}

static inline void
make_text(const struct sound_module *sound, const char *path)
{
	(void)sound;
	write_file(path, "no module\n", 10);
}

static inline void
make_half(const struct sound_module *sound, const char *path)
{
	write_file(path, sound->bytes, sound->size / 2);
}

static inline void
make_shorter(const struct sound_module *sound, const char *path)
{
	write_file(path, sound->bytes, sound->size - 1);
}

static inline void
make_huge(const struct sound_module *sound, const char *path)
{
	write_file(path, sound->bytes, sound->size);
	assert_int_equal(truncate(path, 17 << 20), 0);
}

static inline void
make_renamed(const struct sound_module *sound, const char *path)
{
	write_file(path, sound->bytes, sound->size);
}

static inline void
make_writable(const struct sound_module *sound, const char *path)
{
	make_renamed(sound, path);
	assert_int_equal(chmod(path, 0646), 0);
}

/* Only root can give a file to a group of others. */
static inline void
make_shared(const struct sound_module *sound, const char *path)
{
	make_renamed(sound, path);
	if (chown(path, (uid_t)-1, 65534) == 0)
		assert_int_equal(chmod(path, 0664), 0);
	else
		assert_int_equal(chmod(path, 0646), 0);
}

static inline void
make_pipe(const struct sound_module *sound, const char *path)
{
	(void)sound;
	assert_int_equal(mkfifo(path, 0644), 0);
}

static inline void
make_folder(const struct sound_module *sound, const char *path)
{
	(void)sound;
	assert_int_equal(mkdir(path, 0755), 0);
}

static inline void
make_device(const struct sound_module *sound, const char *path)
{
	(void)sound;
	assert_int_equal(symlink("/dev/zero", path), 0);
}

static inline void
make_nothing(const struct sound_module *sound, const char *path)
{
	(void)sound;
	assert_int_equal(symlink("/nowhere/at/all", path), 0);
}

static inline void
make_absent(const struct sound_module *sound, const char *path)
{
	(void)sound;
	(void)path;
}

static inline void
make_open_folder(const struct sound_module *sound, const char *path)
{
	char folder[256];

	make_renamed(sound, path);
	snprintf(folder, sizeof folder, "%.*s",
	    (int)(strrchr(path, '/') - path), path);
	assert_int_equal(chmod(folder, 0777), 0);
}

/* `byte` at `offset` of a sound one. */
static inline void
write_changed(const struct sound_module *sound, const char *path, size_t offset,
    uint8_t byte)
{
	static uint8_t bytes[sizeof sound->bytes];

	memcpy(bytes, sound->bytes, sound->size);
	bytes[offset] = byte;
	write_file(path, bytes, sound->size);
}

static inline void
make_narrow(const struct sound_module *sound, const char *path)
{
	write_changed(sound, path, EI_CLASS, ELFCLASS32);
}

static inline void
make_swapped(const struct sound_module *sound, const char *path)
{
	write_changed(sound, path, EI_DATA, ELFDATA2MSB);
}

static inline void
make_foreign(const struct sound_module *sound, const char *path)
{
	write_changed(sound, path, offsetof(Elf64_Ehdr, e_machine), EM_SPARC);
}

static inline void
make_object(const struct sound_module *sound, const char *path)
{
	write_changed(sound, path, offsetof(Elf64_Ehdr, e_type), ET_REL);
}

static inline void
make_bare(const struct sound_module *sound, const char *path)
{
	write_changed(sound, path, offsetof(Elf64_Ehdr, e_phnum), 0);
}

#define FILE_WAY(name, why)                                                    \
	{                                                                      \
		"damaged/" #name, UPGRADE_REASON_admission, why, make_##name,  \
		    false                                                      \
	}
#define ELF_WAY(name, why)                                                     \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_admission,                     \
		    "'*/counter.so' " why, NULL, false                         \
	}
#define OTHER_WAY(release, why)                                                \
	{                                                                      \
		release, UPGRADE_REASON_admission, why, NULL, false            \
	}
#define TEST_WAY(name, how)                                                    \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_self_test,                     \
		    how " while its self_test runs", NULL, false               \
	}
#define CALL_WAY(name, call)                                                   \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_self_test,                     \
		    "it makes the system call '" call                          \
		    "' at 0x* while its self_test runs",                       \
		    NULL, true                                                 \
	}
#define PLAN_WAY(name, why)                                                    \
	{                                                                      \
		"faulty/" #name, UPGRADE_REASON_plan, why, NULL, false         \
	}
#define LIVE	   "live state 1 of 8 "
#define LIVE_DEATH " (live state 1 of 8)"

static const struct way ways[] = {
	/* The file. */
	FILE_WAY(empty, "'*' has 0 bytes, want 1 to 16777216"),
	FILE_WAY(text, "'*' is no ELF file"),
	FILE_WAY(half, "'*' ends after * bytes, before its section headers"),
	FILE_WAY(shorter, "'*' ends after * bytes, before its section headers"),
	FILE_WAY(huge, "'*' has 17825792 bytes, want 1 to 16777216"),
	FILE_WAY(writable,
	    "the file '*' may be written by anyone (mode 646), `chmod o-w` "
	    "forbids it"),
	FILE_WAY(shared,
	    "the file '*' may be written by * (mode *), `chmod g-w` forbids "
	    "it"),
	FILE_WAY(open_folder,
	    "the folder '*/open_folder' may be written by anyone (mode 777), "
	    "`chmod o-w` forbids it"),
	FILE_WAY(pipe, "'*' is no file"),
	FILE_WAY(folder, "'*' is no file"),
	FILE_WAY(device, "'*' is no file"),
	FILE_WAY(renamed,
	    "it calls itself version faulty/nothing, want damaged/renamed as "
	    "its folder"),
	FILE_WAY(
	    narrow, "'*' is ELF of class 1 and byte order 1, want 2 and 1"),
	FILE_WAY(
	    swapped, "'*' is ELF of class 2 and byte order 2, want 2 and 1"),
	FILE_WAY(foreign, "'*' is for machine 2, want *"),
	FILE_WAY(object, "'*' is ELF of type 1, want a shared object"),
	FILE_WAY(bare, "'*' has no readable program headers"),
	{ "damaged/absent", UPGRADE_REASON_not_found,
	    "there is no such release, its folder '*/damaged/absent' has no "
	    "counter.so, there are: *",
	    make_absent, false },
	{ "damaged/nothing", UPGRADE_REASON_not_found,
	    "there is no such release, its folder '*/damaged/nothing' has no "
	    "counter.so, there are: *",
	    make_nothing, false },
	/* What its tables say, before any of its code runs. */
	ELF_WAY(chosen,
	    "chooses 'barred_chosen' by code that runs when it is opened"),
	ELF_WAY(constructor, "has a constructor"),
	ELF_WAY(destructor, "has a destructor"),
	ELF_WAY(executable, "has a segment that is writable and executable"),
	ELF_WAY(folder, "names folders of its own for libraries"),
	ELF_WAY(init, "has code that runs when it is opened"),
	ELF_WAY(
	    library, "needs the library 'libm.so.6', want none but libc.so.6"),
	ELF_WAY(nodelete, "forbids to be closed"),
	ELF_WAY(stack, "wants an executable stack"),
	ELF_WAY(system,
	    "imports 'system', which is neither a verb nor a plain function "
	    "of bytes and strings"),
	ELF_WAY(text, "has relocations in its text"),
	ELF_WAY(thread, "has variables of its own in each thread"),
	ELF_WAY(unique, "forbids to be closed by 'barred_unique'"),
	ELF_WAY(writable, "keeps 8 writable bytes, want none"),
	/* What it says of itself. */
	OTHER_WAY("broken/abi", "ABI 99, want *"),
	OTHER_WAY("broken/callback", "it has no callback 'init'"),
	OTHER_WAY("faulty/handle", "it has no callback 'handle'"),
	OTHER_WAY("faulty/terminate", "it has no callback 'terminate'"),
	OTHER_WAY("faulty/size",
	    "its schema: field 'phase' ends at byte 1 of a state of 0 bytes"),
	OTHER_WAY(
	    "faulty/large", "its state has * bytes, at most 8192 are possible"),
	OTHER_WAY("broken/magic", "magic 0x1, want 0x*"),
	OTHER_WAY("broken/name", "it calls itself 'adder', want 'counter'"),
	OTHER_WAY("broken/symbol", "it has no symbol 'hotswitch_module'"),
	OTHER_WAY("broken/schema",
	    "its schema: bytes 30 to 39 of the state belong to no field"),
	OTHER_WAY("faulty/wild", "*its schema*"),
	/* What it does when it is asked for its self_test. */
	{ "broken/self-test", UPGRADE_REASON_self_test,
	    "its self_test answers 7, not 0", NULL, false },
	TEST_WAY(aborts, "it crashes the trial: SIGABRT"),
	TEST_WAY(crashes, "it crashes the trial: SIGSEGV at 0x*"),
#ifdef __x86_64__
	TEST_WAY(divides, "it crashes the trial: SIGFPE at 0x*"),
#endif
	TEST_WAY(ends, "it ends the trial with status 0"),
	TEST_WAY(nowhere, "it crashes the trial: SIGSEGV"),
	TEST_WAY(overruns, "it crashes the trial: SIG*"),
	TEST_WAY(recurses, "it crashes the trial: SIGSEGV at 0x*"),
	TEST_WAY(loops, "it takes more than 2 s of processor time or 10 s *"),
	CALL_WAY(executes, "execve"),
	CALL_WAY(kills, "kill"),
	CALL_WAY(listens, "socket"),
#ifndef HOTSWITCH_INSTRUMENTED
	CALL_WAY(allocates, "mmap"),
	CALL_WAY(closes, "close"),
	CALL_WAY(forks, "clone"),
	CALL_WAY(limits, "prlimit64"),
	CALL_WAY(masks, "rt_sigaction"),
	CALL_WAY(opens, "openat"),
	CALL_WAY(sleeps, "pause"),
	CALL_WAY(writes, "write"),
#endif
	/* What it does to states of the version that runs. */
	PLAN_WAY(crashes_up,
	    "it crashes the trial: SIGSEGV at 0x* while a state of 1.0 is "
	    "converted to it" LIVE_DEATH),
	PLAN_WAY(crashes_down,
	    "it crashes the trial: SIGSEGV at 0x* while a state is converted "
	    "back to 1.0" LIVE_DEATH),
	PLAN_WAY(overruns_state,
	    "it crashes the trial: SIGSEGV at 0x* while a state of 1.0 is "
	    "converted to it" LIVE_DEATH),
	PLAN_WAY(underruns, LIVE "is overrun when it is converted from 1.0"),
	PLAN_WAY(spoils, LIVE "is written to when it is converted from 1.0"),
	PLAN_WAY(
	    miscounts, LIVE "comes back to 1.0 with another 'ticks': *, not *"),
	PLAN_WAY(unchecked,
	    LIVE "does not pass its check when it is converted from 1.0"),
	{ "broken/plan", UPGRADE_REASON_plan, "no plan from *: field *", NULL,
	    false },
};

#endif
