/*
 * log: see log.h for what it is.
 *
 * Invariants:
 *   1. a log without a file and a listener keeps nothing and never fails;
 *   2. what could not be written is remembered by stdio until log_free();
 *   3. whoever writes has the file's own lock (flockfile(3)) for a whole line,
 *      so no line of one scheduler stands inside that of another;
 *   4. `verbose` is the greatest level that anybody reads, and -1 when nobody
 *      does: what every event costs is one comparison.
 */
#include "switch/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "switch/object.h"

enum { TEXT_SIZE = 1024 };

struct log {
	unsigned int magic;
#define LOG_MAGIC 0x10e7f11e
	FILE *file;
	log_listener_f *listener;
	void *arg;
	int verbose;
	enum log_level level;
	unsigned int rules_count;
	struct log_rule rules[LOG_RULES_MAX];
};

static const char *const words[] = {
#define LOG_LEVEL_WORD(symbol) #symbol,
	LOG_LEVELS(LOG_LEVEL_WORD)
#undef LOG_LEVEL_WORD
};

const char *
log_level_word(enum log_level level)
{
	return words[level];
}

bool
log_level_find(const char *word, enum log_level *ret_level)
{
	unsigned int i;

	for (i = 0; i < LEVELS_COUNT; i++)
		if (strcmp(words[i], word) == 0) {
			*ret_level = (enum log_level)i;
			return true;
		}
	return false;
}

/* After a change of what the readers want. */
static void
find_verbose(struct log *log)
{
	unsigned int i;

	log->verbose = log->file != NULL ? (int)LEVEL_debug : -1;
	if (log->file != NULL || log->listener == NULL)
		return;
	log->verbose = (int)log->level;
	for (i = 0; i < log->rules_count; i++)
		if ((int)log->rules[i].level > log->verbose)
			log->verbose = (int)log->rules[i].level;
}

int
log_alloc(struct log **ret_log, const char *path)
{
	struct log *log;
	int error = 0;

	if (ALLOC_OBJ(log, LOG_MAGIC) == NULL)
		return -ENOMEM;
	if (path != NULL && (log->file = fopen(path, "we")) == NULL)
		error = -errno;
	log->level = LEVEL_notice;
	find_verbose(log);
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
log_wants(const struct log *log, enum log_level level)
{
	CHECK_OBJ(log, LOG_MAGIC);
	return (int)level <= log->verbose;
}

/*--------------------------------------------------------------------
 * Who is told
 */

void
log_listen(struct log *log, log_listener_f *listener, void *arg)
{
	CHECK_OBJ(log, LOG_MAGIC);
	log->listener = listener;
	log->arg = arg;
	find_verbose(log);
}

void
log_set_level(struct log *log, enum log_level level)
{
	CHECK_OBJ(log, LOG_MAGIC);
	log->level = level;
	find_verbose(log);
}

enum log_level
log_level(const struct log *log)
{
	CHECK_OBJ(log, LOG_MAGIC);
	return log->level;
}

static bool
is_about(const struct log_rule *rule, struct pid pid, const char *module)
{
	return pid_is_none(rule->pid) ? strcmp(rule->module, module) == 0
				      : pid_equal(rule->pid, pid);
}

/* The place of the rule about the same; behind the last if there is none. */
static unsigned int
place_of(const struct log *log, struct pid pid, const char *module)
{
	unsigned int i;

	for (i = 0; i < log->rules_count; i++)
		if (pid_is_none(log->rules[i].pid) == pid_is_none(pid) &&
		    is_about(&log->rules[i], pid, module))
			break;
	return i;
}

int
log_add_rule(struct log *log, const struct log_rule *rule)
{
	unsigned int i;

	CHECK_OBJ(log, LOG_MAGIC);
	i = place_of(log, rule->pid, rule->module);
	if (i == LOG_RULES_MAX)
		return -ENOSPC;
	log->rules[i] = *rule;
	log->rules_count += i == log->rules_count;
	find_verbose(log);
	return 0;
}

void
log_drop_rule(struct log *log, const struct log_rule *rule)
{
	unsigned int i;

	CHECK_OBJ(log, LOG_MAGIC);
	i = place_of(log, rule->pid, rule->module);
	if (pid_is_none(rule->pid) && rule->module[0] == '\0')
		log->rules_count = 0;
	else if (i < log->rules_count)
		log->rules[i] = log->rules[--log->rules_count];
	find_verbose(log);
}

const struct log_rule *
log_next_rule(const struct log *log, unsigned int *cursor)
{
	CHECK_OBJ(log, LOG_MAGIC);
	return *cursor < log->rules_count ? &log->rules[(*cursor)++] : NULL;
}

/* That of the process, else of its module, else of all. */
static enum log_level
level_of(const struct log *log, const struct log_entry *entry)
{
	const char *module = entry->module == NULL ? "" : entry->module;
	unsigned int i = log->rules_count;

	if (log->rules_count > 0 && !pid_is_none(entry->pid))
		i = place_of(log, entry->pid, module);
	if (i == log->rules_count)
		i = place_of(log, PID_NONE, module);
	return i == log->rules_count ? log->level : log->rules[i].level;
}

/*--------------------------------------------------------------------
 * Lines
 */

__attribute__((format(printf, 3, 0))) static void
write_line(struct log *log, const struct log_entry *entry, const char *format,
    va_list arguments)
{
	flockfile(log->file);
	(void)fprintf(log->file, "%" PRIu64 ".%06" PRIu64 " ",
	    entry->now / 1000000, entry->now % 1000000);
	if (entry->version != NULL)
		(void)fprintf(log->file, "%s %s <%u.%u> ", entry->module,
		    entry->version, entry->pid.slot, entry->pid.generation);
	(void)vfprintf(log->file, format, arguments);
	(void)putc('\n', log->file);
	funlockfile(log->file);
}

void
log_line(struct log *log, struct log_entry entry, const char *format, ...)
{
	va_list arguments;
	char text[TEXT_SIZE];

	CHECK_OBJ(log, LOG_MAGIC);
	if (log->file != NULL && !entry.is_unlogged) {
		va_start(arguments, format);
		write_line(log, &entry, format, arguments);
		va_end(arguments);
	}
	if (log->listener == NULL || entry.level > level_of(log, &entry))
		return;
	va_start(arguments, format);
	(void)vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	log->listener(log->arg, &entry, text);
}
