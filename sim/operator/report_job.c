/*
 * report_job: see report_job.h for what it is.
 */
#include "sim/operator/report_job.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/operator/answer.h"
#include "switch/object.h"
#include "switch/thread.h"

enum { WORDS_MAX = 64, STATUS_REFUSED = 1, STATUS_WRONG = 2 };

struct report_jobs {
	unsigned int magic;
#define REPORT_JOBS_MAGIC 0x19d7a3f0
	struct letterbox *answers;
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	unsigned int count;
};

struct report_job {
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
	(void)pthread_mutex_init(&jobs->mutex, NULL);
	(void)pthread_cond_init(&jobs->ended, NULL);
	*ret_jobs = jobs;
	return 0;
}

void
report_jobs_free(struct report_jobs **jobsp)
{
	struct report_jobs *jobs = *jobsp;

	if (jobs == NULL)
		return;
	CHECK_OBJ(jobs, REPORT_JOBS_MAGIC);
	(void)pthread_mutex_lock(&jobs->mutex);
	while (jobs->count > 0)
		(void)pthread_cond_wait(&jobs->ended, &jobs->mutex);
	(void)pthread_mutex_unlock(&jobs->mutex);
	(void)pthread_cond_destroy(&jobs->ended);
	(void)pthread_mutex_destroy(&jobs->mutex);
	FREE_OBJ(jobsp, REPORT_JOBS_MAGIC);
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
	struct letter *answer = make_answer(job);

	if (answer != NULL)
		letterbox_put(jobs->answers, answer);
	letter_free(job->letter);
	object_free(job, sizeof *job);
	(void)pthread_mutex_lock(&jobs->mutex);
	jobs->count--;
	(void)pthread_cond_signal(&jobs->ended);
	(void)pthread_mutex_unlock(&jobs->mutex);
	return NULL;
}

/*--------------------------------------------------------------------
 * On the caller's
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

static bool
take_place(struct report_jobs *jobs, int step)
{
	bool is_free;

	(void)pthread_mutex_lock(&jobs->mutex);
	is_free = step < 0 || jobs->count < REPORT_JOBS_MAX;
	if (is_free)
		jobs->count = (unsigned int)((int)jobs->count + step);
	(void)pthread_mutex_unlock(&jobs->mutex);
	return is_free;
}

int
report_jobs_begin(struct report_jobs *jobs, struct letter *letter,
    const struct reporting *asked)
{
	struct report_job *job;
	int result;

	CHECK_OBJ(jobs, REPORT_JOBS_MAGIC);
	if (!take_place(jobs, 1))
		return -EBUSY;
	job = make_job(jobs, letter, asked);
	result = job == NULL ? -ENOMEM : start(job);
	if (result != 0) {
		object_free(job, sizeof *job);
		(void)take_place(jobs, -1);
	}
	return result;
}
