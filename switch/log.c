/*
 * log: see log.h for what it is.
 *
 * Invariants:
 *   1. a log without a file keeps nothing and never fails;
 *   2. what could not be written is remembered by stdio until log_free();
 *   3. whoever writes has the file's own lock (flockfile(3)) for a whole line,
 *      so no line of one scheduler stands inside that of another.
 */
#include "switch/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "switch/object.h"

struct log {
	unsigned int magic;
#define LOG_MAGIC 0x10e7f11e
	FILE *file;
};

int
log_alloc(struct log **ret_log, const char *path)
{
	struct log *log;
	int error = 0;

	if (ALLOC_OBJ(log, LOG_MAGIC) == NULL)
		return -ENOMEM;
	if (path != NULL && (log->file = fopen(path, "we")) == NULL)
		error = -errno;
	if (error != 0)
		FREE_OBJ(&log, LOG_MAGIC);
	else
		*ret_log = log;
	return error;
}

int
log_flush(struct log *log)
{
	CHECK_OBJ(log, LOG_MAGIC);
	if (log->file == NULL)
		return 0;
	return fflush(log->file) != 0 || ferror(log->file) ? -EIO : 0;
}

int
log_free(struct log **logp)
{
	struct log *log = *logp;
	int error = 0;

	if (log == NULL)
		return 0;
	error = log_flush(log);
	if (log->file != NULL && fclose(log->file) != 0)
		error = -EIO;
	FREE_OBJ(logp, LOG_MAGIC);
	return error;
}

bool
log_is_on(const struct log *log)
{
	CHECK_OBJ(log, LOG_MAGIC);
	return log->file != NULL;
}

void
log_line(struct log *log, uint64_t now, const char *format, ...)
{
	va_list arguments;

	CHECK_OBJ(log, LOG_MAGIC);
	if (log->file == NULL)
		return;
	flockfile(log->file);
	(void)fprintf(log->file, "%" PRIu64 ".%06" PRIu64 " ", now / 1000000,
	    now % 1000000);
	va_start(arguments, format);
	(void)vfprintf(log->file, format, arguments);
	va_end(arguments);
	(void)putc('\n', log->file);
	funlockfile(log->file);
}
