/*
 * barred: what a module must not have, one at a time, beside counter.c.
 *
 * BAR_*, if defined, says what; the rest are ways for a self_test to end, and
 * for a code_change to spoil a state.
 */
#include <stdlib.h>

#include "switch/module.h"

#ifdef BAR_CONSTRUCTOR
__attribute__((constructor)) static void
run_early(void)
{
	__builtin_trap();
}
#endif

#ifdef BAR_DESTRUCTOR
__attribute__((destructor)) static void
run_late(void)
{
	__builtin_trap();
}
#endif

#ifdef BAR_INIT
MODULE_VERB void barred_init(void);
void
barred_init(void)
{
	__builtin_trap();
}
#endif

#ifdef BAR_WRITABLE
MODULE_VERB int barred_count(void);
int
barred_count(void)
{
	static volatile int count;

	return ++count;
}
#endif

#ifdef BAR_THREAD
MODULE_VERB int barred_count(void);
int
barred_count(void)
{
	static _Thread_local volatile int count;

	return ++count;
}
#endif

#ifdef BAR_SYSTEM
MODULE_VERB int barred_command(void);
int
barred_command(void)
{
	return system("true");
}
#endif

#ifdef BAR_CHOSEN
__asm__(".globl barred_chosen\n"
	".type barred_chosen, %gnu_indirect_function\n"
	".text\n"
	"barred_chosen:\n");
#endif

#ifdef BAR_UNIQUE
__asm__(".globl barred_unique\n"
	".type barred_unique, %gnu_unique_object\n"
	".size barred_unique, 8\n"
	".section .rodata\n"
	"barred_unique: .quad 1\n"
	".text\n");
#endif

#ifdef BAR_TEXT
__asm__(".text\n.balign 8\n.quad hotswitch_module\n");
#endif

#ifdef BAR_EXECUTABLE
__asm__(".section barred, \"awx\", %progbits\n.quad 1\n.text\n");
#endif

int barred_crash(void);
int
barred_crash(void)
{
	volatile int *volatile nowhere = NULL;

	return *nowhere;
}

int barred_loop(void);
int
barred_loop(void)
{
	volatile bool on = true;

	while (on)
		;
	return 0;
}

/*
 * What no module may import it can still ask the kernel for, by itself.  The
 * numbers are Linux's; the arguments are such that the call would succeed.
 */
#ifdef CALL
#include <sys/syscall.h>

int barred_call(void);
int
barred_call(void)
{
	const long arguments[3] = { CALL };
	long result;
#ifdef __x86_64__
	__asm__ volatile("xor %%r10d, %%r10d; xor %%r8d, %%r8d; syscall"
			 : "=a"(result)
			 : "a"(NUMBER), "D"(arguments[0]), "S"(arguments[1]),
			 "d"(arguments[2])
			 : "rcx", "r8", "r10", "r11", "memory");
#elif defined(__aarch64__)
	register long number __asm__("x8") = NUMBER;
	register long first __asm__("x0") = arguments[0];
	register long second __asm__("x1") = arguments[1];
	register long third __asm__("x2") = arguments[2];

	__asm__ volatile("svc #0"
			 : "+r"(first)
			 : "r"(number), "r"(second), "r"(third)
			 : "memory");
	result = first;
#endif
	return (int)result & 1;
}
#endif

int barred_divide(void);
int
barred_divide(void)
{
	volatile int something = 7, nothing = 0;

#ifdef __x86_64__
	return something / nothing; /* NOLINT(clang-analyzer-core.DivideZero) */
#else
	return something + nothing; /* where a division by it is no fault */
#endif
}

/* Each turn keeps a KiB; the end that never comes is for the compiler. */
int barred_recurse(void);
int
barred_recurse(void)
{
	volatile char room[1024];

	room[0] = 1;
	if (room[0] == 0)
		return 0;
	return barred_recurse() + room[0]; /* NOLINT(misc-no-recursion) */
}

/* Beyond its frame, over what the compiler guards it with. */
int barred_overrun(void);
int
barred_overrun(void)
{
	char room[16];
	volatile char *volatile at = room;
	int i;

	for (i = 0; i < 64; i++)
		at[i] = 1;
	return room[0];
}

int barred_abort(void);
int
barred_abort(void)
{
	abort();
}

int barred_nowhere(void);
int
barred_nowhere(void)
{
	int (*volatile nowhere)(void) = NULL;

	return nowhere();
}

#ifdef HOOK
enum { OLD_SIZE = 24, NEW_SIZE = 32 }; /* of counter's states */

static void
write_to(void *at)
{
	*(volatile uint8_t *)at = 0x55;
}

int hook_crashes_up(const void *from, void *to, bool down);
int
hook_crashes_up(const void *from, void *to, bool down)
{
	(void)from;
	(void)to;
	return down ? 0 : barred_crash();
}

int hook_crashes_down(const void *from, void *to, bool down);
int
hook_crashes_down(const void *from, void *to, bool down)
{
	(void)from;
	(void)to;
	return down ? barred_crash() : 0;
}

int hook_loops_up(const void *from, void *to, bool down);
int
hook_loops_up(const void *from, void *to, bool down)
{
	(void)from;
	(void)to;
	(void)down;
	return barred_loop();
}

int hook_overruns_state(const void *from, void *to, bool down);
int
hook_overruns_state(const void *from, void *to, bool down)
{
	(void)from;
	write_to((uint8_t *)to + (down ? OLD_SIZE : NEW_SIZE));
	return 0;
}

int hook_underruns(const void *from, void *to, bool down);
int
hook_underruns(const void *from, void *to, bool down)
{
	(void)from;
	(void)down;
	write_to((uint8_t *)to - 1);
	return 0;
}

int hook_spoils(const void *from, void *to, bool down);
int
hook_spoils(const void *from, void *to, bool down)
{
	uintptr_t at = (uintptr_t)from;

	(void)to;
	(void)down;
	write_to((uint8_t *)at);
	return 0;
}

/* The count is the first of the new state. */
int hook_miscounts(const void *from, void *to, bool down);
int
hook_miscounts(const void *from, void *to, bool down)
{
	(void)from;
	if (!down)
		write_to(to);
	return 0;
}

int hook_refuses(const void *from, void *to, bool down);
int
hook_refuses(const void *from, void *to, bool down)
{
	(void)from;
	(void)to;
	(void)down;
	return -1;
}

int hook_calls(const void *from, void *to, bool down);
int
hook_calls(const void *from, void *to, bool down)
{
	(void)from;
	(void)to;
	(void)down;
	return barred_call();
}
#endif
