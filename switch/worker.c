/*
 * worker: see worker.h for what it is.
 *
 * Jobs stand in one list, in the order given: first those done and not yet
 * answered, then the one being done, then those to do.  The mutex covers the
 * list's links and the `done` marks; all else of a job belongs to whoever has
 * it.
 *
 * Invariants:
 *   1. jobs are done, and answered, in the order given;
 *   2. in virtual time an answer is given at its due time exactly, and if the
 *      job is not done by then the clock waits for it here;
 *   3. a job that was taken has its answer with it, so none waits for memory.
 */
#include "switch/worker.h"

#include <errno.h>
#include <pthread.h>

#include "switch/message.h"
#include "switch/process.h"
#include "switch/scheduler_internal.h"
#include "switch/thread.h"

struct job {
	struct job *next;
	worker_job_f *run;
	void *arg;
	struct pid owner;
	uint32_t answer; /* the message that he will get */
	uint64_t due;
	bool is_done;
};

struct worker {
	unsigned int magic;
#define WORKER_MAGIC 0x1abeca5e
	struct scheduler *scheduler;
	const char *name;
	pthread_t thread;
	bool has_thread, ends;
	unsigned int outstanding;
	pthread_mutex_t mutex;
	pthread_cond_t given, done;
	struct job *first, *last, *to_do;
};

static void *
work(void *arg)
{
	struct worker *worker = arg;
	struct job *job;

	thread_name(worker->name);
	(void)pthread_mutex_lock(&worker->mutex);
	for (;;) {
		while (worker->to_do == NULL && !worker->ends)
			(void)pthread_cond_wait(&worker->given, &worker->mutex);
		if (worker->to_do == NULL)
			break;
		job = worker->to_do;
		(void)pthread_mutex_unlock(&worker->mutex);
		job->run(job->arg);
		(void)pthread_mutex_lock(&worker->mutex);
		job->is_done = true;
		worker->to_do = job->next;
		(void)pthread_cond_broadcast(&worker->done);
		scheduler_wake(worker->scheduler);
	}
	(void)pthread_mutex_unlock(&worker->mutex);
	return NULL;
}

int
worker_alloc(
    struct worker **ret_worker, struct scheduler *scheduler, const char *name)
{
	struct worker *worker;
	int error;

	if (ALLOC_OBJ(worker, WORKER_MAGIC) == NULL)
		return -ENOMEM;
	worker->scheduler = scheduler;
	worker->name = name;
	(void)pthread_mutex_init(&worker->mutex, NULL);
	(void)pthread_cond_init(&worker->given, NULL);
	(void)pthread_cond_init(&worker->done, NULL);
	error = scheduler_add_worker(scheduler, worker);
	if (error == 0)
		error = -pthread_create(&worker->thread, NULL, work, worker);
	if (error != 0) {
		worker_free(&worker);
		return error;
	}
	worker->has_thread = true;
	*ret_worker = worker;
	return 0;
}

/* Out of the job, which is no more. */
static uint32_t
take_answer(struct worker *worker, struct job *job)
{
	uint32_t answer = job->answer;

	worker->scheduler->answers--;
	object_free(job, sizeof *job);
	return answer;
}

void
worker_free(struct worker **workerp)
{
	struct worker *worker = *workerp;
	struct job *job, *next;

	if (worker == NULL)
		return;
	CHECK_OBJ(worker, WORKER_MAGIC);
	(void)pthread_mutex_lock(&worker->mutex);
	worker->ends = true;
	(void)pthread_cond_signal(&worker->given);
	(void)pthread_mutex_unlock(&worker->mutex);
	if (worker->has_thread)
		(void)pthread_join(worker->thread, NULL);
	scheduler_remove_worker(worker->scheduler, worker);
	for (job = worker->first; job != NULL; job = next) {
		next = job->next;
		message_free(worker->scheduler, take_answer(worker, job));
	}
	(void)pthread_cond_destroy(&worker->done);
	(void)pthread_cond_destroy(&worker->given);
	(void)pthread_mutex_destroy(&worker->mutex);
	FREE_OBJ(workerp, WORKER_MAGIC);
}

static void
append(struct worker *worker, struct job *job)
{
	(void)pthread_mutex_lock(&worker->mutex);
	if (worker->first == NULL)
		worker->first = job;
	else
		worker->last->next = job;
	worker->last = job;
	if (worker->to_do == NULL)
		worker->to_do = job;
	(void)pthread_cond_signal(&worker->given);
	(void)pthread_mutex_unlock(&worker->mutex);
}

int
worker_submit(struct worker *worker, worker_job_f *run, void *arg,
    const struct worker_answer *answer)
{
	struct job *job;

	CHECK_OBJ(worker, WORKER_MAGIC);
	job = object_alloc(sizeof *job);
	if (job == NULL)
		return -ENOMEM;
	job->answer = message_alloc(worker->scheduler, answer->kind, PID_NONE,
	    &answer->number, sizeof answer->number);
	if (job->answer == 0) {
		object_free(job, sizeof *job);
		return -ENOSPC;
	}
	worker->scheduler->answers++;
	job->run = run;
	job->arg = arg;
	job->owner = answer->owner;
	job->due = scheduler_now(worker->scheduler) + SCHEDULER_JOB_US;
	worker->outstanding++;
	append(worker, job);
	return 0;
}

void
worker_wait(struct worker *worker)
{
	CHECK_OBJ(worker, WORKER_MAGIC);
	(void)pthread_mutex_lock(&worker->mutex);
	while (worker->to_do != NULL)
		(void)pthread_cond_wait(&worker->done, &worker->mutex);
	(void)pthread_mutex_unlock(&worker->mutex);
}

unsigned int
worker_outstanding(const struct worker *worker)
{
	CHECK_OBJ(worker, WORKER_MAGIC);
	return worker->outstanding;
}

/* Only the scheduler's thread takes jobs out, so `first` is its to read. */
uint64_t
worker_next(const struct worker *worker)
{
	return worker->outstanding == 0 ? UINT64_MAX : worker->first->due;
}

/* The first job if it is to be answered now; or NULL. */
static struct job *
peek_answered(struct worker *worker, uint64_t now)
{
	bool is_virtual = scheduler_pace(worker->scheduler) == PACE_VIRTUAL;
	struct job *job;

	(void)pthread_mutex_lock(&worker->mutex);
	job = worker->first;
	if (is_virtual && job != NULL && job->due > now)
		job = NULL;
	while (is_virtual && job != NULL && !job->is_done)
		(void)pthread_cond_wait(&worker->done, &worker->mutex);
	if (job != NULL && !job->is_done)
		job = NULL;
	(void)pthread_mutex_unlock(&worker->mutex);
	return job;
}

static void
take_out_first(struct worker *worker)
{
	(void)pthread_mutex_lock(&worker->mutex);
	worker->first = worker->first->next;
	(void)pthread_mutex_unlock(&worker->mutex);
	worker->outstanding--;
}

unsigned int
worker_answer(struct worker *worker, uint64_t now)
{
	unsigned int count = 0;
	struct pid owner;
	struct job *job;

	CHECK_OBJ(worker, WORKER_MAGIC);
	while (worker->outstanding > 0 &&
	    (job = peek_answered(worker, now)) != NULL) {
		count++;
		take_out_first(worker);
		owner = job->owner;
		process_deliver(
		    worker->scheduler, owner, take_answer(worker, job));
	}
	return count;
}
