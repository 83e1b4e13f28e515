/*
 * soak: upgrades and downgrades in a row under traffic (U14).
 *
 * Each time the other release of the toy is loaded, becomes permanent, and the
 * one before is unloaded, while calls are born, asked and end.  The program
 * ends with a message if a call is lost, stays behind or does not answer, if
 * anything but the one version is mapped, or if the store is not in the end
 * what it was in the beginning.
 */
#ifndef TESTS_BENCH_SOAK_H
#define TESTS_BENCH_SOAK_H

#include <stdint.h>

/* `rounds`: an even number of them. */
void soak_run(uint32_t calls, uint32_t rounds);

#endif
