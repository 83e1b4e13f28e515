/*
 * release_record: a release has become the current one, or the permanent one.
 *
 * Current: births begin there, now.  Permanent: so they do when the switch is
 * started anew.  Which release was either before follows from the records.
 */
#ifndef UPGRADE_RELEASE_RECORD_H
#define UPGRADE_RELEASE_RECORD_H

#include <stdint.h>

enum { RECORD_RELEASE = 0xfe14 };

struct release_record {
	uint64_t at; /* µs of the run */
	uint8_t is_permanent;
	char module[32], version[32];
};

#endif
