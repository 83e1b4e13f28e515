/*
 * barred: what a module must not have, one at a time, beside counter.c.
 *
 * BAR_*, if defined, says what; the rest are ways for a self_test to end.
 */
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
#include <stdlib.h>

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

/* Linux's number of exit_group(2), which no module may import. */
int barred_end(void);
int
barred_end(void)
{
#ifdef __x86_64__
	__asm__ volatile("syscall" : : "a"(231), "D"(0) : "rcx", "r11");
#elif defined(__aarch64__)
	register long number __asm__("x8") = 94;
	register long status __asm__("x0") = 0;

	__asm__ volatile("svc #0" : : "r"(number), "r"(status));
#endif
	return 0;
}
