/*
 * logger: see logger.h for what it is.
 *
 *   who says something            the logger's thread
 *   a line ──> `filling` ── swap ──> `writing` ──> write(2)
 *
 * Invariants:
 *   1. `filling` has whole lines only, so a reader sees no half of one;
 *   2. under the mutex nothing waits: write(2) is called outside it;
 *   3. what was lost is told by the line that follows.
 */
#include "sim/operator/logger.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/json.h"
#include "switch/object.h"
#include "switch/thread.h"

enum {
	/* Some thousand lines: what a reader may be behind. */
	ROOM = 1 << 20,
	TEXT_SIZE = 1024,
	TIME_SIZE = 40
};

struct batch {
	size_t length;
	uint64_t lost;
	char bytes[ROOM];
};

struct logger {
	unsigned int magic;
#define LOGGER_MAGIC 0x7a10665e
	int descriptor;
	bool is_json, has_priority;
	_Atomic int level;
	struct log *log;
	pthread_mutex_t mutex;
	pthread_cond_t is_filled;
	pthread_t thread;
	bool has_thread, ends;
	struct batch *filling, *writing;
	struct batch batches[2];
};

/*--------------------------------------------------------------------
 * A line
 */

/* systemd.exec(5): JOURNAL_STREAM names the journal by device and inode. */
static bool
is_journal(int descriptor)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t device, inode;
	struct stat status;

	return stream != NULL && fstat(descriptor, &status) == 0 &&
	    sscanf(stream, "%" SCNuMAX ":%" SCNuMAX, &device, &inode) == 2 &&
	    device == status.st_dev && inode == status.st_ino;
}

/* RFC 3339, in UTC. */
static void
say_time(char text[TIME_SIZE])
{
	struct timespec now;
	struct tm parts;
	size_t length;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)gmtime_r(&now.tv_sec, &parts);
	length = strftime(text, TIME_SIZE, "%Y-%m-%dT%H:%M:%S", &parts);
	(void)snprintf(
	    text + length, TIME_SIZE - length, ".%06ldZ", now.tv_nsec / 1000);
}

/* In quotes if logfmt would not take it for one word. */
static void
put_text(FILE *out, bool is_json, const char *key, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	while (*at > ' ' && *at < 0x7f && strchr("=\"\\", *at) == NULL)
		at++;
	(void)fprintf(out, is_json ? ",\"%s\":" : " %s=", key);
	if (is_json || *at != '\0' || text[0] == '\0')
		json_string(out, text);
	else
		(void)fputs(text, out);
}

static void
put_origin(FILE *out, bool is_json, const struct log_entry *entry)
{
	char pid[32];

	(void)fprintf(out,
	    is_json ? ",\"at\":%" PRIu64 ".%06" PRIu64
		    : " at=%" PRIu64 ".%06" PRIu64,
	    entry->now / 1000000, entry->now % 1000000);
	if (entry->module != NULL)
		put_text(out, is_json, "module", entry->module);
	if (entry->version != NULL)
		put_text(out, is_json, "version", entry->version);
	(void)snprintf(
	    pid, sizeof pid, "<%u.%u>", entry->pid.slot, entry->pid.generation);
	if (!pid_is_none(entry->pid))
		put_text(out, is_json, "pid", pid);
}

/* `entry` NULL: of none of the switch's processes, at no time of a run. */
static void
put_line(FILE *out, const struct logger *logger, enum log_level level,
    const struct log_entry *entry, const char *text)
{
	char time[TIME_SIZE];

	say_time(time);
	if (logger->has_priority)
		(void)fprintf(out, "<%d>", (int)level);
	(void)fprintf(out,
	    logger->is_json ? "{\"time\":\"%s\",\"level\":\"%s\""
			    : "time=%s level=%s",
	    time, log_level_word(level));
	put_text(out, logger->is_json, "msg", text);
	if (entry != NULL)
		put_origin(out, logger->is_json, entry);
	(void)fputs(logger->is_json ? "}\n" : "\n", out);
}

/* Under the mutex. */
static void
fill(struct logger *logger, const char *bytes, size_t length)
{
	struct batch *batch = logger->filling;

	if (bytes == NULL || length > sizeof batch->bytes - batch->length) {
		batch->lost++;
		return;
	}
	memcpy(batch->bytes + batch->length, bytes, length);
	batch->length += length;
}

static void
add_line(struct logger *logger, enum log_level level,
    const struct log_entry *entry, const char *text)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);

	if (out != NULL) {
		put_line(out, logger, level, entry, text);
		if (fclose(out) != 0)
			length = SIZE_MAX;
	}
	(void)pthread_mutex_lock(&logger->mutex);
	fill(logger, bytes, length);
	(void)pthread_cond_signal(&logger->is_filled);
	(void)pthread_mutex_unlock(&logger->mutex);
	free(bytes);
}

static void
on_line(void *arg, const struct log_entry *entry, const char *text)
{
	add_line(arg, entry->level, entry, text);
}

/*--------------------------------------------------------------------
 * Its thread
 */

/* Who reads no further has no log; the switch goes on. */
static void
write_out(const struct logger *logger, const char *bytes, size_t length)
{
	ssize_t put;

	while (length > 0) {
		put = write(logger->descriptor, bytes, length);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return;
		bytes += put;
		length -= (size_t)put;
	}
}

static void
tell_lost(struct logger *logger, uint64_t lost)
{
	char text[TEXT_SIZE];

	(void)snprintf(text, sizeof text,
	    "%" PRIu64 " lines are lost: they came faster than standard error "
	    "is read",
	    lost);
	add_line(logger, LEVEL_warning, NULL, text);
}

/* Whether there was anything; under the mutex but for the writing. */
static bool
write_batch(struct logger *logger)
{
	struct batch *batch = logger->filling;

	if (batch->length == 0 && batch->lost == 0)
		return false;
	logger->filling = logger->writing;
	logger->writing = batch;
	(void)pthread_mutex_unlock(&logger->mutex);
	write_out(logger, batch->bytes, batch->length);
	if (batch->lost > 0)
		tell_lost(logger, batch->lost);
	batch->length = 0;
	batch->lost = 0;
	(void)pthread_mutex_lock(&logger->mutex);
	return true;
}

static void *
write_lines(void *arg)
{
	struct logger *logger = arg;

	thread_name("log");
	(void)pthread_mutex_lock(&logger->mutex);
	while (write_batch(logger) || !logger->ends)
		if (logger->filling->length == 0 && !logger->ends)
			(void)pthread_cond_wait(
			    &logger->is_filled, &logger->mutex);
	(void)pthread_mutex_unlock(&logger->mutex);
	return NULL;
}

/*--------------------------------------------------------------------
 * Its life
 */

int
logger_alloc(struct logger **ret_logger, int descriptor, bool is_json,
    enum log_level level)
{
	struct logger *logger;

	if (ALLOC_OBJ(logger, LOGGER_MAGIC) == NULL)
		return -ENOMEM;
	(void)pthread_mutex_init(&logger->mutex, NULL);
	(void)pthread_cond_init(&logger->is_filled, NULL);
	logger->descriptor = descriptor;
	logger->is_json = is_json;
	logger->has_priority = is_journal(descriptor);
	logger->level = (int)level;
	logger->filling = &logger->batches[0];
	logger->writing = &logger->batches[1];
	*ret_logger = logger;
	return 0;
}

void
logger_free(struct logger **loggerp)
{
	struct logger *logger = *loggerp;

	if (logger == NULL)
		return;
	CHECK_OBJ(logger, LOGGER_MAGIC);
	(void)pthread_mutex_lock(&logger->mutex);
	logger->ends = true;
	(void)pthread_cond_signal(&logger->is_filled);
	(void)pthread_mutex_unlock(&logger->mutex);
	if (logger->has_thread)
		(void)pthread_join(logger->thread, NULL);
	else
		(void)write_lines(logger);
	(void)pthread_cond_destroy(&logger->is_filled);
	(void)pthread_mutex_destroy(&logger->mutex);
	FREE_OBJ(loggerp, LOGGER_MAGIC);
}

int
logger_install(struct logger *logger, struct log *log)
{
	int result;

	if (logger == NULL)
		return 0;
	CHECK_OBJ(logger, LOGGER_MAGIC);
	result = thread_start(&logger->thread, NULL, write_lines, logger);
	logger->has_thread = result == 0;
	logger->log = log;
	log_listen(log, on_line, logger);
	log_set_level(log, (enum log_level)logger->level);
	return result;
}

void
logger_say(struct logger *logger, enum log_level level, const char *format, ...)
{
	va_list arguments;
	char text[TEXT_SIZE];

	if (logger == NULL || (int)level > atomic_load(&logger->level))
		return;
	CHECK_OBJ(logger, LOGGER_MAGIC);
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	add_line(logger, level, NULL, text);
}

void
logger_set_level(struct logger *logger, enum log_level level)
{
	CHECK_OBJ(logger, LOGGER_MAGIC);
	atomic_store(&logger->level, (int)level);
	log_set_level(logger->log, level);
}
