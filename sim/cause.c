/*
 * cause: see cause.h for what it is.
 *
 * The names are those of ITU-T Q.850 (05/98), table 1; numbers that it leaves
 * free have none, but the two of barred calls, which Asterisk and FreeSWITCH
 * have named.
 */
#include "sim/cause.h"

#include <stddef.h>

/* clang-format off */
static const char *const names[128] = {
	[1] = "unallocated number",
	[2] = "no route to transit network",
	[3] = "no route to destination",
	[4] = "send special information tone",
	[5] = "misdialled trunk prefix",
	[6] = "channel unacceptable",
	[7] = "call awarded, delivered in an established channel",
	[8] = "preemption",
	[9] = "preemption, circuit reserved for reuse",
	[14] = "ported number",
	[16] = "normal call clearing",
	[17] = "user busy",
	[18] = "no user responding",
	[19] = "no answer from user",
	[20] = "subscriber absent",
	[21] = "call rejected",
	[22] = "number changed",
	[23] = "redirection to new destination",
	[25] = "exchange routing error",
	[26] = "non-selected user clearing",
	[27] = "destination out of order",
	[28] = "invalid number format",
	[29] = "facility rejected",
	[30] = "response to STATUS ENQUIRY",
	[31] = "normal, unspecified",
	[34] = "no circuit available",
	[38] = "network out of order",
	[41] = "temporary failure",
	[42] = "switching equipment congestion",
	[43] = "access information discarded",
	[44] = "requested circuit not available",
	[47] = "resource unavailable, unspecified",
	[50] = "requested facility not subscribed",
	[52] = "outgoing call barred",
	[54] = "incoming call barred",
	[57] = "bearer capability not authorized",
	[58] = "bearer capability not presently available",
	[63] = "service or option not available",
	[65] = "bearer capability not implemented",
	[69] = "requested facility not implemented",
	[79] = "service or option not implemented",
	[81] = "invalid call reference value",
	[88] = "incompatible destination",
	[95] = "invalid message, unspecified",
	[96] = "mandatory information element missing",
	[97] = "message type non-existent",
	[98] = "message not compatible with call state or non-existent",
	[99] = "information element non-existent",
	[100] = "invalid information element contents",
	[101] = "message not compatible with call state",
	[102] = "recovery on timer expiry",
	[111] = "protocol error, unspecified",
	[127] = "interworking, unspecified",
};
/* clang-format on */

const char *
cause_name(uint64_t cause)
{
	if (cause >= sizeof names / sizeof names[0] || names[cause] == NULL)
		return "not a cause of Q.850";
	return names[cause];
}
