/*
 * Private to code.c and code_*.c: what all of them work on.
 *
 * All of it is home's, but for what is said of a load and of the plans.
 */
#ifndef UPGRADE_CODE_INTERNAL_H
#define UPGRADE_CODE_INTERNAL_H

#include "upgrade/code.h"

enum {
	VERSIONS_MAX = 256,
	CODE_MODULE_BYTES = sizeof((struct behaviour *)0)->name,
	CODE_VERSION_BYTES = sizeof((struct behaviour *)0)->version,
	/* A clause, and what is said around it, make a `why`. */
	CODE_CLAUSE_BYTES = CODE_WHY_MAX - 128
};

struct conversion;
struct image;
struct plans;
struct samples;

struct version {
	struct image *image;
	const struct module *module;
	uint16_t id;
	bool is_current; /* as code_note_current() has seen it last */
	struct code_times times;
#ifdef HOTSWITCH_HARD
	struct hard *hard;
#endif
};

/* The format that a version had when it was last here, for ever. */
struct format {
	char module[CODE_MODULE_BYTES], version[CODE_VERSION_BYTES];
	uint64_t fingerprint;
};

struct code {
	unsigned int magic;
#define CODE_MAGIC 0xc0de1b95
	struct behaviours *behaviours;
	struct scheduler *home; /* or NULL */
	struct prover *prover;	/* or NULL */
	const char *const *roots;
	unsigned int root_count;
	struct code_listener listener;
	bool loading;
	unsigned int version_count, format_count;
	struct version versions[VERSIONS_MAX];
	struct format formats[BEHAVIOURS_MAX];
	struct plans *_Atomic plans; /* what all schedulers read */
};

struct code_load {
	unsigned int magic;
#define CODE_LOAD_MAGIC 0x10ad3e77
	struct code *code;
	char module[CODE_MODULE_BYTES], version[CODE_VERSION_BYTES];
	struct image *image;
	/* To and from versions[i], as long as `image` is no version itself. */
	struct conversion *up[VERSIONS_MAX], *down[VERSIONS_MAX];
	struct samples *samples[VERSIONS_MAX]; /* of versions[i], or NULL */
	uint64_t us; /* what the work has taken, on the machine's clock */
	int error;
	char why[CODE_CLAUSE_BYTES];
};

/*--------------------------------------------------------------------
 * code.c
 */

/* The format that this version had when it was here before; or NULL. */
const struct format *code_find_format(
    const struct code *code, const struct module *module);

/* Home alone is left running; may be nested. */
void code_halt_others(const struct code *code);
void code_let_go(const struct code *code);

/* The entry of number `id`; version_count: there is none. */
unsigned int code_place(const struct code *code, uint16_t id);

/* µs of the run; 0 before code_join(). */
uint64_t code_now(const struct code *code);

/* Always true; while nobody changes the plans. */
bool code_assert(const struct code *code);

/*--------------------------------------------------------------------
 * code_admission.c
 */

/* The copy of its file, of the first root that has it. */
int code_copy_image(struct code_load *load);

/*--------------------------------------------------------------------
 * code_hard.c, in the build hard alone (hard.h): what each version has more.
 */
#ifdef HOTSWITCH_HARD
int code_harden(struct code *code, struct version *version);
void code_soften(struct version *version);
int code_exercise(
    const void *hard, void *state, uint32_t turn, char *why, size_t size);
#else
static inline int
code_harden(struct code *code, struct version *version)
{
	(void)code;
	(void)version;
	return 0;
}

static inline void
code_soften(struct version *version)
{
	(void)version;
}
#endif

/*--------------------------------------------------------------------
 * code_proof.c: plans that lead past a release, as part of a load.
 */
int code_prove(struct code_load *load);

/*--------------------------------------------------------------------
 * code_convert.c
 */

/* What converts with these plans. */
struct converter code_converter(struct code *code);

#endif
