/* trunk_figures: see trunk_figures.h for what it is. */
#include "sim/trunk_figures.h"

#include <math.h>

#include "calls/exchange/office_trunk.h"
#include "sim/erlang.h"

#define UNKNOWN ((double)NAN)

static double
share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? UNKNOWN : (double)part / (double)whole;
}

static double
carried(const struct trunk_info *info)
{
	return share(info->busy_us, info->passed_us);
}

/* Without a bid nothing was offered but what has come from the far end. */
static double
offered(const struct trunk_info *info)
{
	const double blocking =
	    info->bids == 0 ? 0 : share(info->overflow, info->bids);

	return blocking >= 1 ? UNKNOWN : carried(info) / (1 - blocking);
}

/* What of it is first choice is as random as traffic is. */
static struct erlang_overflow
stream_of(struct office *office, const struct trunk_info *info)
{
	const double first =
	    offered(info) * share(info->first_bids, info->bids);
	struct erlang_overflow stream = { first, first }, part;
	struct trunk_info source;
	unsigned int i;

	for (i = 0; i < info->sources_count; i++) {
		office_trunk_look(office, info->sources[i], &source);
		if (isnan(offered(&source)))
			continue;
		part = erlang_overflow(offered(&source), source.circuits);
		stream.mean += part.mean;
		stream.variance += part.variance;
	}
	return stream;
}

static void
compare(struct office *office, const struct trunk_info *info,
    struct trunk_figures *figures)
{
	const struct erlang_overflow stream = stream_of(office, info);
	const bool is_first = info->first_bids == info->bids;
	const double all = offered(info);

	figures->peakedness = condition_real(stream.variance / stream.mean);
	figures->erlang_b = condition_real(
	    is_first && !isnan(all) ? erlang_b(all, info->circuits) : UNKNOWN);
	figures->wilkinson = condition_real(isnan(stream.mean)
		? UNKNOWN
		: erlang_wilkinson(&stream, info->circuits));
}

/* What has come since; how many circuits there are is as it is now. */
static void
take_off(struct trunk_info *now, const struct trunk_info *before)
{
	now->bids -= before->bids;
	now->first_bids -= before->first_bids;
	now->overflow -= before->overflow;
	now->seizures -= before->seizures;
	now->answers -= before->answers;
	now->effective -= before->effective;
	now->bill_ms -= before->bill_ms;
	now->glare -= before->glare;
	now->incoming -= before->incoming;
	now->busy_us -= before->busy_us;
	now->all_busy_us -= before->all_busy_us;
	now->passed_us -= before->passed_us;
}

void
trunk_figures_look(struct office *office, uint32_t trunk,
    const struct trunk_info *since, struct trunk_figures *ret_figures)
{
	struct trunk_info info;

	office_trunk_look(office, trunk, &info);
	if (since != NULL)
		take_off(&info, since);
	*ret_figures = (struct trunk_figures){
		.circuits = condition_integer(info.circuits),
		.busy = condition_integer(info.busy),
		.bids = condition_integer(info.bids),
		.overflow = condition_integer(info.overflow),
		.seizures = condition_integer(info.seizures),
		.answers = condition_integer(info.answers),
		.glare = condition_integer(info.glare),
		.asr = condition_real(share(info.answers, info.seizures)),
		.abr = condition_real(share(info.answers, info.bids)),
		.ner = condition_real(share(info.effective, info.seizures)),
		.acd_s =
		    condition_real(share(info.bill_ms, info.answers) / 1000),
		.blocking = condition_real(share(info.overflow, info.bids)),
		.blocking_se = condition_real(
		    info.blocking_error < 0 ? UNKNOWN : info.blocking_error),
		.time_congestion =
		    condition_real(share(info.all_busy_us, info.passed_us)),
		.carried_erlangs = condition_real(carried(&info)),
		.offered_erlangs = condition_real(offered(&info)),
	};
	compare(office, &info, ret_figures);
}
