/*
 * report_job: see report_job.h for what it is.
 */
#include "sim/operator/report_job.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/live.h"
#include "sim/operator/answer.h"
#include "switch/object.h"
#include "switch/thread.h"

enum { WORDS_MAX = 64, STATUS_REFUSED = 1, STATUS_WRONG = 2 };

struct report_jobs {
	unsigned int magic;
#define REPORT_JOBS_MAGIC 0x19d7a3f0
	struct letterbox *answers;
	sem_t places;		    /* for another job */
	struct report_job *looking; /* the first asked first; home's */
};

struct report_job {
	struct report_job *next;
	struct report_jobs *jobs;
	struct letter *letter;
	struct reporting asked;
	const char *words[WORDS_MAX];
	char run[24];
};

int
report_jobs_alloc(struct report_jobs **ret_jobs, struct letterbox *answers)
{
	struct report_jobs *jobs;

	if (ALLOC_OBJ(jobs, REPORT_JOBS_MAGIC) == NULL)
		return -ENOMEM;
	jobs->answers = answers;
	(void)sem_init(&jobs->places, 0, REPORT_JOBS_MAX);
	*ret_jobs = jobs;
	return 0;
}

static void
take_place(struct report_jobs *jobs)
{
	while (sem_wait(&jobs->places) != 0)
		; /* a signal came */
}

void
report_jobs_free(struct report_jobs **jobsp)
{
	struct report_jobs *jobs = *jobsp;
	unsigned int i;

	if (jobs == NULL)
		return;
	CHECK_OBJ(jobs, REPORT_JOBS_MAGIC);
	report_jobs_dismiss(jobs, "the switch has ended");
	for (i = 0; i < REPORT_JOBS_MAX; i++)
		take_place(jobs);
	(void)sem_destroy(&jobs->places);
	FREE_OBJ(jobsp, REPORT_JOBS_MAGIC);
}

static void
free_job(struct report_job *job)
{
	live_free(&job->asked.seen);
	letter_free(job->letter);
	object_free(job, sizeof *job);
}

/*--------------------------------------------------------------------
 * On its thread
 */

static struct letter *
make_answer(const struct report_job *job)
{
	const uint64_t client = job->letter->client;
	char why[REPORTING_WHY], *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	struct letter *letter;
	struct answer answer;
	int result;

	if (out == NULL)
		return answer_refusal(
		    client, "report", "no memory is left", STATUS_REFUSED);
	result = reporting_print(&job->asked, out, why);
	if (fclose(out) != 0 && result == 0) {
		result = -ENOMEM;
		(void)snprintf(why, sizeof why, "no memory is left");
	}
	if (result != 0) {
		letter = answer_refusal(client, "report", why,
		    reporting_is_wrong(result) ? STATUS_WRONG : STATUS_REFUSED);
	} else {
		if (length > 0 && text[length - 1] == '\n')
			text[length - 1] = '\0'; /* who prints it ends it */
		answer_begin(&answer, true, "report");
		answer_text(&answer, "text", text);
		letter = answer_end(&answer, client, true);
	}
	free(text);
	return letter;
}

static void *
work(void *arg)
{
	struct report_job *job = arg;
	struct report_jobs *jobs = job->jobs;
	struct letter *answer;

	thread_name("report");
	thread_stand_back();
	answer = make_answer(job);
	if (answer != NULL)
		letterbox_put(jobs->answers, answer);
	free_job(job);
	(void)sem_post(&jobs->places);
	return NULL;
}

/*--------------------------------------------------------------------
 * On home's
 */

static struct report_job *
make_job(struct report_jobs *jobs, struct letter *letter,
    const struct reporting *asked)
{
	struct report_job *job = object_alloc(sizeof *job);
	unsigned int i;

	if (job == NULL)
		return NULL;
	job->jobs = jobs;
	job->letter = letter;
	job->asked = *asked;
	for (i = 0; i < asked->words_count && i < WORDS_MAX; i++)
		job->words[i] = asked->words[i];
	job->asked.words = job->words;
	job->asked.words_count = i;
	(void)snprintf(job->run, sizeof job->run, "%s", asked->run);
	job->asked.run = job->run;
	return job;
}

static int
start(struct report_job *job)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int result;

	(void)pthread_attr_init(&attributes);
	(void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	result = thread_start(&thread, &attributes, work, job);
	(void)pthread_attr_destroy(&attributes);
	return result;
}

static void
add_looking(struct report_jobs *jobs, struct report_job *job)
{
	struct report_job **at = &jobs->looking;

	while (*at != NULL)
		at = &(*at)->next;
	*at = job;
}

int
report_jobs_begin(struct report_jobs *jobs, struct letter *letter,
    const struct reporting *asked)
{
	struct report_job *job;
	int result = 0;

	CHECK_OBJ(jobs, REPORT_JOBS_MAGIC);
	if (sem_trywait(&jobs->places) != 0)
		return -EBUSY;
	job = make_job(jobs, letter, asked);
	if (job == NULL)
		result = -ENOMEM;
	else if (asked->seen == NULL)
		result = start(job);
	else
		add_looking(jobs, job);
	if (result != 0) {
		object_free(job, sizeof *job);
		(void)sem_post(&jobs->places);
	}
	return result;
}

/* It will have no thread. */
static void
give_up(struct report_jobs *jobs, struct report_job *job, const char *why)
{
	struct letter *answer =
	    answer_refusal(job->letter->client, "report", why, STATUS_REFUSED);

	if (answer != NULL)
		letterbox_put(jobs->answers, answer);
	free_job(job);
	(void)sem_post(&jobs->places);
}

bool
report_jobs_want_to_look(const struct report_jobs *jobs)
{
	CHECK_OBJ(jobs, REPORT_JOBS_MAGIC);
	return jobs->looking != NULL;
}

void
report_jobs_look(struct report_jobs *jobs)
{
	struct report_job *job = jobs->looking;
	int result;

	CHECK_OBJ(jobs, REPORT_JOBS_MAGIC);
	if (job == NULL)
		return;
	result = live_look(job->asked.seen);
	if (result > 0)
		return;
	jobs->looking = job->next;
	if (result == 0)
		result = start(job);
	if (result != 0)
		give_up(jobs, job, strerror(-result));
}

void
report_jobs_dismiss(struct report_jobs *jobs, const char *why)
{
	struct report_job *job;

	CHECK_OBJ(jobs, REPORT_JOBS_MAGIC);
	while ((job = jobs->looking) != NULL) {
		jobs->looking = job->next;
		give_up(jobs, job, why);
	}
}
