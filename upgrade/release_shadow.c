/*
 * release_shadow: a shadow run, as a part of the watch over a release.
 *
 * It begins and ends with the stage, while all stand still.  As it goes on its
 * count is in the report; when it has ended, what it found is kept until the
 * next, is in one clause in the report's text, and each difference that was
 * kept is a record.
 *
 * Differences decide nothing by themselves: a release is made to differ.  What
 * it means to do otherwise it declares (switch/schema_list.h), and who wants
 * none beyond says so in -fail-when.
 */
#include <string.h>

#include "switch/object.h"
#include "switch/record.h"
#include "switch/scheduler.h"
#include "switch/text.h"
#include "upgrade/release_internal.h"

int
release_begin_shadow(struct release_handler *handler)
{
	const struct shadow_run_order order = { .home = handler->scheduler,
		.code = handler->code,
		.module = handler->report.module,
		.to = handler->to,
		.share = handler->order.shadow,
		.telephony = &handler->telephony };

	if (handler->order.shadow <= 0)
		return 0;
	handler->shadow_of = handler->report.number;
	memset(&handler->shadow_found, 0, sizeof handler->shadow_found);
	return shadow_run_begin(&handler->shadow, &order);
}

void
release_look_at_shadow(struct release_handler *handler)
{
	if (handler->shadow == NULL)
		return;
	shadow_run_sum(handler->shadow, &handler->shadow_found);
	handler->report.differences = handler->shadow_found.differed;
}

static void
send_differences(struct release_handler *handler)
{
	struct shadow_run_result *found = &handler->shadow_found;
	unsigned int i;

	for (i = 0; i < found->differences; i++) {
		found->difference[i].upgrade = handler->report.number;
		found->difference[i].which = i + 1;
		record_send(handler->scheduler, RECORD_UPGRADE_SHADOW,
		    &found->difference[i], sizeof found->difference[i]);
	}
}

void
release_end_shadow(struct release_handler *handler)
{
	char what[320] = "shadow run: ";
	size_t length = strlen(what);

	if (handler->shadow == NULL)
		return;
	shadow_run_end(handler->shadow);
	release_look_at_shadow(handler);
	shadow_run_free(&handler->shadow);
	shadow_run_text(
	    &handler->shadow_found, what + length, sizeof what - length);
	release_report_log(handler, &handler->report, what);
	send_differences(handler);
}

void
release_say_shadow(struct release_handler *handler)
{
	struct upgrade_report *report = &handler->report;
	char found[320];

	if (handler->shadow_of != report->number)
		return;
	shadow_run_text(&handler->shadow_found, found, sizeof found);
	text_append(
	    report->text, sizeof report->text, "; in the shadow run %s", found);
}

const struct shadow_run_result *
release_handler_shadow(const struct release_handler *handler, uint64_t number)
{
	CHECK_OBJ(handler, RELEASE_HANDLER_MAGIC);
	return handler->shadow_of == number && number != 0
	    ? &handler->shadow_found
	    : NULL;
}
