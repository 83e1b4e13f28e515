/*
 * audit: whether the office's books agree, rows A1 to A4.
 *
 * Looks and changes nothing; good between two events of every scheduler.  Each
 * row answers whether it holds and leaves one clause in `text`: what is wrong,
 * with the first line or call that is, or the figures that agree.
 */
#ifndef CALLS_EXCHANGE_AUDIT_H
#define CALLS_EXCHANGE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct office;

enum { AUDIT_TEXT_MAX = 160 };

/* A1: attempts = gapped + live + ended. */
bool audit_attempts(const struct office *office, char *text, size_t size);

/* A2: every ended call has one record, and no live one has any. */
bool audit_records(const struct office *office, char *text, size_t size);

/*
 * A3: every taken line, and every busy circuit, is owned by one live process,
 * which says so; or by a call that waits for its process.
 */
bool audit_lines(const struct office *office, char *text, size_t size);

/* A4: what the versions of `call`, so many, hold adds up to the live calls. */
bool audit_versions(const struct office *office, const uint16_t *versions,
    unsigned int count, char *text, size_t size);

#endif
