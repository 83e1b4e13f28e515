/*
 * code_states: by which table a release works.
 *
 * Its file is found, looked at and opened as for a load, but by the prover
 * alone, and never here: nobody need trust a release to see what it would do.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"
#include "upgrade/code_internal.h"
#include "upgrade/image.h"
#include "upgrade/prover.h"
#include "upgrade/state_chart.h"

int
code_states(struct code *code, const char *module, const char *version,
    struct state_chart **ret_chart, char *why)
{
	struct prover_copy copy = { .module = module, .version = version };
	struct code_load *load;
	int error;

	CHECK_OBJ(code, CODE_MAGIC);
	assert(code->prover != NULL);
	error = code_load_begin(code, module, version, &load);
	if (error != 0) {
		(void)snprintf(why, CODE_WHY_MAX, "cannot read '%s' %s: %s",
		    module, version, strerror(-error));
		return error;
	}
	error = code_copy_image(load);
	if (error == 0) {
		copy.fd = image_fd(load->image);
		error = prover_read_states(code->prover, &copy, ret_chart,
		    load->why, sizeof load->why);
	}
	if (error != 0)
		(void)snprintf(why, CODE_WHY_MAX, "cannot read '%s' %s: %s",
		    module, version, load->why);
	code_load_drop(&load);
	return error;
}
