/*
 * measurement: what the exchange has counted, interval by interval.
 *
 * A process counts nothing itself: it looks at each end of an interval how far
 * the counters of the office have come, and sends the difference as a record,
 * one for each object that is measured.  An interval that was cut, by the
 * start or the end of the run, by another length of interval, or because that
 * process had been killed, is `suspect`; whether one is `open` still, since
 * calls of it live, follows from the records of its calls (telephony.md 1.7).
 */
#ifndef CALLS_EXCHANGE_MEASUREMENT_H
#define CALLS_EXCHANGE_MEASUREMENT_H

#include <stddef.h>
#include <stdint.h>

#include "calls/exchange/office_gate.h"
#include "switch/record.h"

struct measurement;
struct office;

#define MEASUREMENT_PROCESS "measurement" /* a child for `database` */

/* Cisco's and Q.823's: 5 minutes. */
#define MEASUREMENT_INTERVAL_US (UINT64_C(300) * 1000 * 1000)

/* Of one object up to now: `office`, `trunk T1`. */
enum { MEASUREMENT_OBJECT_SIZE = 40 };
struct measured {
	uint64_t bids;	     /* attempts to get there */
	uint64_t first_bids; /* ... of a group: no other was tried before */
	uint64_t gapped;     /* ... that the gate refused */
	uint64_t overflow;   /* ... that went on to another route */
	uint64_t seizures;   /* ... that got there */
	uint64_t answers;    /* which happened, whenever the seizure did */
	uint64_t ended;
	uint64_t busy_us;     /* what is busy times time */
	uint64_t all_busy_us; /* time in which nothing was to be had */
	uint64_t unexpected, late, glare, lost;
	uint64_t gapped_for[GATE_REASONS_COUNT]; /* the gapped, by reason */
};

enum { RECORD_MEASUREMENT = RECORD_OWED + 8 };
struct measurement_record {
	uint64_t begin, end; /* µs of the run */
	struct measured measured;
	uint64_t live; /* busy at its end */
	uint8_t is_suspect;
	char object[MEASUREMENT_OBJECT_SIZE];
};

/* Adds the behaviour.  -ENOMEM; those of behaviours_add_native(). */
int measurement_alloc(
    struct measurement **ret_measurement, struct office *office);
void measurement_free(struct measurement **measurementp);

/* From now on; what has begun is closed here. */
void measurement_set_interval(struct measurement *measurement, uint64_t us);

/*
 * Closes the interval that has begun and gives its records, as the parcels
 * would be: for the end of a run, when no process takes any more.
 */
typedef void measurement_give_f(
    void *arg, uint16_t kind, const void *record, size_t size);
void measurement_close(
    struct measurement *measurement, measurement_give_f *give, void *arg);

#endif
