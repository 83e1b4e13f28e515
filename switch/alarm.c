/*
 * alarm: see alarm.h for what it is.
 *
 * Invariants:
 *   1. of one name and object there is one entry, and it stays: its count is
 *      asked for at the end of a run;
 *   2. `raised` is the number of entries that are;
 *   3. records are sent under the mutex: their order is that of the changes.
 */
#include "switch/alarm.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/queue.h>

#include "switch/log.h"
#include "switch/record.h"
#include "switch/record_queue.h"
#include "switch/scheduler_internal.h"

struct entry {
	TAILQ_ENTRY(entry) next;
	struct alarm alarm;
};

struct alarms {
	unsigned int magic;
#define ALARMS_MAGIC 0x0a1a5a5d
	pthread_mutex_t mutex; /* covers the list */
	TAILQ_HEAD(entries, entry) entries;
	atomic_uint raised;
	alarm_observer_f *observer;
	void *observer_arg;
};

static struct alarms *
enter(const struct scheduler *scheduler)
{
	struct alarms *alarms = scheduler->alarms;

	CHECK_OBJ(alarms, ALARMS_MAGIC);
	(void)pthread_mutex_lock(&alarms->mutex);
	return alarms;
}

static void
leave(struct alarms *alarms)
{
	(void)pthread_mutex_unlock(&alarms->mutex);
}

const char *
alarm_severity_word(enum alarm_severity severity)
{
	static const char *const words[] = {
#define WORD(symbol) #symbol,
		ALARM_SEVERITIES(WORD)
#undef WORD
	};

	return words[severity];
}

int
alarms_alloc(struct alarms **ret_alarms)
{
	struct alarms *alarms;

	if (ALLOC_OBJ(alarms, ALARMS_MAGIC) == NULL)
		return -ENOMEM;
	(void)pthread_mutex_init(&alarms->mutex, NULL);
	TAILQ_INIT(&alarms->entries);
	*ret_alarms = alarms;
	return 0;
}

void
alarms_free(struct alarms **alarmsp)
{
	struct alarms *alarms = *alarmsp;
	struct entry *entry;

	if (alarms == NULL)
		return;
	while ((entry = TAILQ_FIRST(&alarms->entries)) != NULL) {
		TAILQ_REMOVE(&alarms->entries, entry, next);
		object_free(entry, sizeof *entry);
	}
	(void)pthread_mutex_destroy(&alarms->mutex);
	FREE_OBJ(alarmsp, ALARMS_MAGIC);
}

/*--------------------------------------------------------------------
 * Telling
 */

static void
send_record(struct scheduler *scheduler, const struct alarm *alarm)
{
	struct alarm_record record = { .at = alarm->at,
		.is_raised = alarm->is_raised,
		.severity = (uint8_t)alarm->severity };

	memcpy(record.name, alarm->name, sizeof alarm->name);
	memcpy(record.object, alarm->object, sizeof alarm->object);
	memcpy(record.text, alarm->text, sizeof alarm->text);
	record_send(scheduler, RECORD_ALARM, &record, sizeof record);
}

/* X.733 by RFC 5424: a critical alarm wants to be acted on at once. */
static enum log_level
level_of(enum alarm_severity severity)
{
	static const enum log_level levels[] = { LEVEL_warning, LEVEL_warning,
		LEVEL_error, LEVEL_alert };

	return levels[severity];
}

/* Under the mutex. */
static void
note_change(struct scheduler *scheduler, struct alarms *alarms,
    struct alarm *alarm, bool is_raised)
{
	alarm->is_raised = is_raised;
	alarm->at = scheduler->now;
	if (is_raised)
		atomic_fetch_add(&alarms->raised, 1);
	else
		atomic_fetch_sub(&alarms->raised, 1);
	alarm->count += is_raised;
	log_line(scheduler->log,
	    scheduler_entry(scheduler,
		is_raised ? level_of(alarm->severity) : LEVEL_notice),
	    "alarm %s %s: %s: %s", alarm->name,
	    is_raised ? "raised" : "cleared", alarm->object, alarm->text);
	send_record(scheduler, alarm);
}

static void
tell_observer(const struct alarms *alarms, const struct alarm *alarm)
{
	if (alarms->observer != NULL)
		alarms->observer(alarms->observer_arg, alarm);
}

/*--------------------------------------------------------------------
 * Changing
 */

static struct entry *
find(const struct alarms *alarms, const char *name, const char *object)
{
	struct entry *entry;

	TAILQ_FOREACH(entry, &alarms->entries, next)
		if (strcmp(entry->alarm.name, name) == 0 &&
		    strcmp(entry->alarm.object, object) == 0)
			return entry;
	return NULL;
}

static struct entry *
find_or_add(struct alarms *alarms, const struct alarm *alarm)
{
	struct entry *entry = find(alarms, alarm->name, alarm->object);

	if (entry != NULL)
		return entry;
	entry = object_alloc(sizeof *entry);
	if (entry == NULL)
		return NULL;
	memcpy(entry->alarm.name, alarm->name, sizeof alarm->name);
	memcpy(entry->alarm.object, alarm->object, sizeof alarm->object);
	TAILQ_INSERT_TAIL(&alarms->entries, entry, next);
	return entry;
}

void
alarm_raise(struct scheduler *scheduler, const struct alarm *alarm)
{
	struct alarms *alarms = enter(scheduler);
	struct entry *entry = find_or_add(alarms, alarm);
	bool is_news = entry == NULL || !entry->alarm.is_raised;
	struct alarm now = *alarm;

	if (entry != NULL && is_news) {
		memcpy(entry->alarm.text, alarm->text, sizeof alarm->text);
		entry->alarm.severity = alarm->severity;
		note_change(scheduler, alarms, &entry->alarm, true);
		now = entry->alarm;
	}
	leave(alarms);
	now.is_raised = true; /* also where there is no memory to keep it */
	if (is_news)
		tell_observer(alarms, &now);
}

void
alarm_clear(struct scheduler *scheduler, const char *name, const char *object)
{
	struct alarms *alarms = enter(scheduler);
	struct entry *entry = find(alarms, name, object);
	struct alarm now;

	if (entry == NULL || !entry->alarm.is_raised) {
		leave(alarms);
		return;
	}
	note_change(scheduler, alarms, &entry->alarm, false);
	now = entry->alarm;
	leave(alarms);
	tell_observer(alarms, &now);
}

void
alarm_observe(
    struct scheduler *scheduler, alarm_observer_f *observer, void *arg)
{
	scheduler->alarms->observer = observer;
	scheduler->alarms->observer_arg = arg;
}

/*--------------------------------------------------------------------
 * Looking
 */

bool
alarm_stands(const struct scheduler *scheduler)
{
	return atomic_load(&scheduler->alarms->raised) > 0;
}

int
alarm_look(
    struct scheduler *scheduler, const char *name, struct alarm *ret_alarm)
{
	struct alarms *alarms = enter(scheduler);
	const struct entry *entry, *last = NULL;
	bool is_raised = false;
	uint64_t count = 0;

	TAILQ_FOREACH(entry, &alarms->entries, next) {
		if (strcmp(entry->alarm.name, name) != 0)
			continue;
		is_raised = is_raised || entry->alarm.is_raised;
		count += entry->alarm.count;
		if (last == NULL || entry->alarm.at >= last->alarm.at)
			last = entry;
	}
	if (last != NULL) {
		*ret_alarm = last->alarm;
		ret_alarm->is_raised = is_raised;
		ret_alarm->count = count;
	}
	leave(alarms);
	return last == NULL ? -ENOENT : 0;
}

bool
alarm_next(
    struct scheduler *scheduler, unsigned int *cursor, struct alarm *ret_alarm)
{
	struct alarms *alarms = enter(scheduler);
	const struct entry *entry;
	unsigned int i = 0;

	TAILQ_FOREACH(entry, &alarms->entries, next)
		if (i++ == *cursor)
			break;
	if (entry != NULL) {
		*ret_alarm = entry->alarm;
		(*cursor)++;
	}
	leave(alarms);
	return entry != NULL;
}

uint64_t
alarm_total(struct scheduler *scheduler)
{
	struct alarms *alarms = enter(scheduler);
	const struct entry *entry;
	uint64_t total = 0;

	TAILQ_FOREACH(entry, &alarms->entries, next)
		total += entry->alarm.count;
	leave(alarms);
	return total;
}
