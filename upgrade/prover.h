/*
 * prover: a process that tries a module before the switch opens it.
 *
 * It is forked while there is one thread, and forks once more for each trial,
 * so that whatever a module does when it is opened, looked at and asked for
 * its self_test is done to a process that nobody misses.  The switch itself,
 * with its threads and calls, never forks.
 */
#ifndef UPGRADE_PROVER_H
#define UPGRADE_PROVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_name;
struct prover;
struct state_chart;

/*
 * Forks it; to be called before there is a thread.  It keeps no descriptor of
 * ours but its socket and the standard three, and dies when we do.
 */
int prover_start(struct prover **ret_prover);
/* Ends it, and a trial under way; NULL inside is welcome. */
void prover_free(struct prover **proverp);

/*
 * Whether each trial runs under a filter of system calls (filter.h); where the
 * kernel has none it has its limits only.
 */
bool prover_is_filtered(const struct prover *prover);

/*
 * Opens the module in `fd`, a copy that has passed elf_check(), and says how
 * that went; waits for it.  One caller at a time, on whatever thread.  On
 * failure one clause in `why`.
 *
 * -ENOEXEC  it cannot be opened, its descriptor or schema is wrong, it crashes
 *           or takes too long; or there is no prover any more
 * -EBADMSG  likewise of its self_test
 */
int prover_try(struct prover *prover, int fd, const struct image_name *name,
    char *why, size_t size);

/*
 * Runs the plans between a module that has passed prover_try() and a resident
 * version over states of the latter, there and back: `samples`, one state after
 * the other, and generated ones.
 *
 * -EINVAL   there is no plan, or a state does not survive it: which, and how
 * -ENOEXEC  as above
 */
struct prover_plans {
	const char *module, *version, *other; /* other: the resident one */
	int fd, other_fd;		      /* their copies */
	const uint8_t *samples;
	uint32_t samples_size; /* bytes, perhaps 0 */
};
int prover_try_plans(struct prover *prover, const struct prover_plans *plans,
    char *why, size_t size);

/*
 * By which table a module works that elf_check() has passed; it is not tried.
 *
 * -ENODATA  it does not say
 * -ENOEXEC  as above
 */
struct prover_copy {
	const char *module, *version;
	int fd;
};
int prover_read_states(struct prover *prover, const struct prover_copy *copy,
    struct state_chart **ret_chart, char *why, size_t size);

#endif
