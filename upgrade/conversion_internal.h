/*
 * conversion_internal: a plan as it is made, before it is compiled.
 *
 * Private to upgrade/conversion.c, derivation*.c, composition.c, relay.c,
 * compilation.c, kept.c and plan_table.c.  A plan is a list of lines, at most
 * one for each value of the target, beside a blank: the target's state with
 * every default in its place. Lines name offsets, widths and nodes (layout.h),
 * never anything in a module, so that a plan outlives the tables it was derived
 * from.
 */
#ifndef UPGRADE_CONVERSION_INTERNAL_H
#define UPGRADE_CONVERSION_INTERNAL_H

#include "switch/fault.h" /* FAULT_BETWEEN */
#include "upgrade/conversion.h"
#include "upgrade/layout.h"
#include "upgrade/limits.h"

enum { NO_IMAGE = UINT16_MAX };

/* A value of a state, without its names. */
struct leaf {
	int64_t initial;
	uint32_t offset;
	uint16_t width, node, when;
	uint16_t in_branch; /* as when, where a tag is part of it; else 0 */
	uint8_t kind;
	bool is_settled; /* it comes from the other side, or needs not */
	bool is_halfway; /* it comes to a format between the two, no further */
};

/* One of the two formats, as much of it as a plan must remember. */
struct side {
	uint64_t fingerprint;
	uint32_t size, leaf_count, condition_count, condition_room;
	struct leaf *leaves;
	struct condition *conditions;
};

struct place {
	uint32_t offset;
	uint16_t width; /* of a target 0: the line only checks */
	uint8_t kind;
};

/* X(symbol, word): what is done to a value. */
#define LINE_KINDS(X)                                                          \
	X(COPY, "copy")                                                        \
	X(NUMBER, "number")                                                    \
	X(TEXT, "text")                                                        \
	X(MAP, "map")                                                          \
	X(CONSTANT, "constant")                                                \
	X(NEVER, "never")                                                      \
	X(HOOK, "hook")                                                        \
	X(VIA, "via")
#define LINE_ENUM(symbol, word) LINE_##symbol,
enum line_kind { LINE_KINDS(LINE_ENUM) };
#undef LINE_ENUM

struct line {
	uint8_t kind;
	bool is_free;	   /* to copy what is not in use does no harm */
	uint16_t from, to; /* nodes, or LAYOUT_NOWHERE */
	uint16_t when;	   /* a condition on the source, one more; or */
	bool is_late;	   /* of a constant: on the target, after all else */
	struct place source, target;
	/* First the guard, outside of which there is no image; then this. */
	struct limits guard, clamp;
	uint32_t map, map_count; /* of LINE_MAP: where its images begin */
	int64_t constant;
};

/* What is run: see compilation.c. */
enum step_kind {
	STEP_COPY,
	STEP_EXTEND,
	STEP_LIMIT,
	STEP_TEXT,
	STEP_MAP,
	STEP_SET,
	STEP_NEVER,
	STEP_UNLESS,
	STEP_UNLESS_NEW
};

struct step {
	uint8_t kind;
	uint8_t from_kind; /* of STEP_EXTEND; and both widths */
	uint8_t from_width, to_width;
	uint32_t from, to;
	uint16_t width; /* of STEP_COPY bytes, of STEP_UNLESS steps to skip */
	uint16_t line;	/* of STEP_UNLESS the condition */
};

struct kept;

struct conversion {
	unsigned int magic;
#define CONVERSION_MAGIC 0x6c0a5e3d
	bool down;
	int (*hook)(const void *from, void *to, bool down);
	/* Of a relay (relay.c); else there are no legs. */
	uint32_t leg_count, leg_room, between_size;
	struct conversion **legs;
	uint8_t *between[FAULT_BETWEEN];
	uint8_t *blank; /* of to.size bytes */
	struct side from, to;
	uint32_t line_count, line_room, image_count, image_room, step_count;
	struct line *lines;
	struct step *steps;
	uint16_t *images; /* the target's number of each source symbol */
	struct kept *kept;
	struct lost_timers lost_timers;
	struct conversion_summary summary;
};

/* An empty plan between sides that are filled in later.  NULL: no memory. */
struct conversion *conversion_new(uint32_t to_size);

/* Fills a side from its layout; copies one.  -ENOMEM. */
int side_read(struct side *side, const struct schema *schema,
    const struct layout *layout);
int side_copy(struct side *side, const struct side *other);

/* One more of each; -ENOMEM. */
int conversion_add_line(struct conversion *plan, const struct line *line);
int conversion_add_image(struct conversion *plan, uint16_t image);

/* Frees, and runs, a plan that is no relay. */
void conversion_free_plain(struct conversion **conversionp);
int conversion_run_plain(const struct conversion *conversion,
    const void *old_state, void *new_state, bool with_hook);

/* Whether a line may find that a state has no image. */
bool line_is_guarded(const struct conversion *plan, const struct line *line);

/* Runs one line alone, its condition aside. */
int conversion_run_line(const struct conversion *plan, const struct line *line,
    const void *old_state, void *new_state);

/* The step of a line alone, which has that number among the others. */
struct step line_step(const struct line *line, uint32_t number);

/* compilation.c: lines into steps; the plan is whole.  -ENOMEM. */
int conversion_compile(struct conversion *plan);

/*
 * composition.c: two plans without hooks as one.  -ENOTSUP: they cannot be, or
 * one has a hook; -ENOMEM.
 */
int composition_fuse(struct conversion **ret_conversion,
    const struct conversion *first, const struct conversion *second);

/* composition_kept.c: what of the sides of `plan` came through both, by the
 * lines of these. */
void composition_settle(struct conversion *plan, const struct conversion *first,
    const struct conversion *second);

/* The timers that either of them loses. */
struct lost_timers composition_lost_timers(
    const struct conversion *first, const struct conversion *second);

/* relay.c: both as they are, one after the other; what is in it; its run. */
int relay_alloc(struct conversion **ret_conversion,
    const struct conversion *first, const struct conversion *second);
void relay_clear(struct conversion *relay);
int relay_run(const struct conversion *relay, const void *old_state,
    void *new_state, bool with_hooks);

/* derivation.c: fills an empty plan. */
int conversion_derive(struct conversion *plan, const struct conversion_way *way,
    char *why, size_t size);

#endif
