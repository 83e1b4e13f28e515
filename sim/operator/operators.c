/*
 * operators: see operators.h for what it is.
 *
 *   home <──── lines ─────────────────────────┬─ control, its position
 *                                             └─ http, its position, which
 * stands back behind the calls home ───── answers ──> control's ── mail ──>
 * http's
 *
 * An answer that is for no client of the control socket is passed on.
 */
#include "sim/operator/operators.h"

#include <errno.h>

#include "sim/operator/control.h"
#include "sim/operator/http.h"
#include "sim/operator/letterbox.h"
#include "sim/operator/position.h"
#include "switch/object.h"

struct operators {
	unsigned int magic;
#define OPERATORS_MAGIC 0x2f6a91c3
	struct operators_options options;
	struct position *control_position, *http_position;
	struct control *control;
	struct letterbox *http_mail;
	struct http *http; /* or NULL, as its mail and position */
};

/*--------------------------------------------------------------------
 * On their threads
 */

static void
give_control(void *arg, struct letter **letterp)
{
	struct operators *operators = arg;

	if (control_give(operators->control, *letterp) ||
	    operators->http == NULL)
		return;
	letterbox_put(operators->http_mail, *letterp);
	*letterp = NULL;
}

static void
close_control(void *arg)
{
	control_close(((struct operators *)arg)->control);
}

static bool
is_control_idle(const void *arg)
{
	return control_is_idle(((const struct operators *)arg)->control);
}

static void
give_http(void *arg, struct letter **letterp)
{
	http_give(((struct operators *)arg)->http, *letterp);
}

static void
close_http(void *arg)
{
	http_close(((struct operators *)arg)->http);
}

static bool
is_http_idle(const void *arg)
{
	return http_is_idle(((const struct operators *)arg)->http);
}

/*--------------------------------------------------------------------
 * On others'
 */

static int
open_control(struct operators *operators)
{
	const struct position_options position = {
		.mail = operators->options.answers,
		.give = give_control,
		.close = close_control,
		.is_idle = is_control_idle,
		.is_patient = operators->options.is_patient,
		.arg = operators,
		.name = "control",
	};
	int result = position_alloc(&operators->control_position, &position);

	if (result != 0)
		return result;
	return control_alloc(&operators->control,
	    position_base(operators->control_position),
	    operators->options.control, operators->options.lines);
}

static int
open_http(struct operators *operators)
{
	const struct http_options options = {
		.descriptor = operators->options.http,
		.address = operators->options.address,
		.lines = operators->options.lines,
		.token = operators->options.token,
		.logger = operators->options.logger,
	};
	struct position_options position = {
		.give = give_http,
		.close = close_http,
		.is_idle = is_http_idle,
		.is_patient = operators->options.is_patient,
		.arg = operators,
		.name = "http",
		.stands_back = true,
	};
	int result = letterbox_alloc(&operators->http_mail);

	if (result != 0)
		return result;
	position.mail = operators->http_mail;
	result = position_alloc(&operators->http_position, &position);
	if (result != 0)
		return result;
	return http_alloc(&operators->http,
	    position_base(operators->http_position), &options);
}

int
operators_alloc(
    struct operators **ret_operators, const struct operators_options *options)
{
	struct operators *operators;
	int result;

	if (ALLOC_OBJ(operators, OPERATORS_MAGIC) == NULL)
		return -ENOMEM;
	operators->options = *options;
	result = open_control(operators);
	if (result == 0 && options->http >= 0)
		result = open_http(operators);
	if (result != 0)
		operators_free(&operators);
	else
		*ret_operators = operators;
	return result;
}

int
operators_start(struct operators *operators)
{
	int result;

	CHECK_OBJ(operators, OPERATORS_MAGIC);
	result = position_start(operators->control_position);
	if (result == 0 && operators->http_position != NULL)
		result = position_start(operators->http_position);
	return result;
}

/* Control's first: it passes on the last answers of HTTP. */
void
operators_free(struct operators **operatorsp)
{
	struct operators *operators = *operatorsp;

	if (operators == NULL)
		return;
	CHECK_OBJ(operators, OPERATORS_MAGIC);
	if (operators->control_position != NULL)
		position_stop(operators->control_position);
	if (operators->http_position != NULL)
		position_stop(operators->http_position);
	control_free(&operators->control);
	http_free(&operators->http);
	position_free(&operators->control_position);
	position_free(&operators->http_position);
	letterbox_free(&operators->http_mail);
	FREE_OBJ(operatorsp, OPERATORS_MAGIC);
}
