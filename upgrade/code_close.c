/*
 * code_close: a version goes.
 *
 * As it came, in three parts: what schedulers may find is the scheduler's
 * business, dlclose(3) the loader thread's.
 *
 *   code_close_begin    scheduler   nobody uses it, and nobody finds it now
 *   code_close_work     any         unmaps it, and looks whether it is gone
 *   code_close_finish   scheduler   says so
 *
 * That nobody uses it is decided while all others stand still between two
 * turns, after a look that holds nobody up: a process in the middle of an
 * event is counted where it runs, so that old code is never closed under it,
 * and whoever asks for it meanwhile is answered at once.
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/code_internal.h"
#include "upgrade/image.h"
#include "upgrade/plans.h"

struct code_closing {
	unsigned int magic;
#define CODE_CLOSING_MAGIC 0xc105e0d5
	char module[CODE_MODULE_BYTES], version[CODE_VERSION_BYTES];
	struct image *image;
	int error; /* once it is done */
	atomic_bool is_done;
};

/* While the others stand still; its image is then the caller's. */
static int
remove_version(struct code *code, unsigned int which, struct image **ret_image)
{
	struct version *version = &code->versions[which];
	int error = behaviours_remove(code->behaviours, version->id);

	if (error != 0)
		return error;
	plans_drop(code->plans, version->id);
	code_soften(version);
	*ret_image = version->image;
	*version = code->versions[--code->version_count];
	assert(code_assert(code));
	return 0;
}

int
code_close_begin(
    struct code *code, uint16_t id, struct code_closing **ret_closing)
{
	unsigned int place = code_place(code, id);
	struct code_closing *closing;
	int error;

	CHECK_OBJ(code, CODE_MAGIC);
	if (place == code->version_count)
		return -ENOENT;
	if (code->loading)
		return -EAGAIN;
	if (behaviour_counts(code->behaviours, id).holders > 0 ||
	    code_is_on_the_way(code, id))
		return -EBUSY;
	if (ALLOC_OBJ(closing, CODE_CLOSING_MAGIC) == NULL)
		return -ENOMEM;
	(void)snprintf(closing->module, sizeof closing->module, "%s",
	    behaviour_at(code->behaviours, id)->name);
	(void)snprintf(closing->version, sizeof closing->version, "%s",
	    behaviour_version(code->behaviours, id));
	code_halt_others(code);
	error = remove_version(code, place, &closing->image);
	code_let_go(code);
	if (error != 0) {
		FREE_OBJ(&closing, CODE_CLOSING_MAGIC);
		return error;
	}
	*ret_closing = closing;
	return 0;
}

void
code_close_work(void *arg)
{
	struct code_closing *closing = arg;

	CHECK_OBJ(closing, CODE_CLOSING_MAGIC);
	closing->error = image_close(&closing->image) == 0 ? 0 : -EADDRINUSE;
	closing->is_done = true;
}

int
code_close_error(const struct code_closing *closing)
{
	CHECK_OBJ(closing, CODE_CLOSING_MAGIC);
	assert(closing->is_done);
	return closing->error;
}

const char *
code_close_module(const struct code_closing *closing)
{
	CHECK_OBJ(closing, CODE_CLOSING_MAGIC);
	return closing->module;
}

const char *
code_close_version(const struct code_closing *closing)
{
	CHECK_OBJ(closing, CODE_CLOSING_MAGIC);
	return closing->version;
}

int
code_close_finish(struct code_closing **closingp)
{
	struct code_closing *closing = *closingp;
	int error;

	CHECK_OBJ(closing, CODE_CLOSING_MAGIC);
	if (!closing->is_done) /* nobody has taken the work */
		code_close_work(closing);
	error = closing->error;
	FREE_OBJ(closingp, CODE_CLOSING_MAGIC);
	return error;
}

int
code_purge(struct code *code, const char *module, const char *version)
{
	uint16_t id = behaviour_find(code->behaviours, module, version);
	struct code_closing *closing;
	int error = code_close_begin(code, id, &closing);

	if (error != 0)
		return error == -EAGAIN ? -EBUSY : error;
	return code_close_finish(&closing);
}
