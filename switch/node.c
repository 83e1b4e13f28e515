/*
 * node: see node.h for what it is.
 *
 * To give something to one that may rest: put it there (a ring, a flag), then
 * look whether it rests.  To rest: say so, then look whether there is
 * something.  All four are sequentially consistent, so one of the two sees the
 * other, and nothing is slept over.
 *
 * Invariants:
 *   1. a scheduler that stands is in a wait of this file, or has no thread;
 *   2. one that stands and was not roused has nothing that it could take;
 *   3. in virtual time `now` changes only while all but home stand.
 */
#include "switch/node.h"

#include <errno.h>

#include "switch/alarm.h"
#include "switch/courier.h"
#include "switch/log.h"
#include "switch/record_queue.h"
#include "switch/registry.h"

enum { RING_CARGO = 256 /* a batch of events, each with one signal */ };

/* Waits until no scheduler is in a turn that began before. */
struct retired {
	struct retired *next;
	scheduler_retire_f *retire;
	void *arg;
	uint64_t turns[];
};

static int
alloc_rings(struct node *node)
{
	unsigned int i, links = node->count * node->count;

	node->rings = object_alloc(links * sizeof(struct ring *));
	if (node->rings == NULL)
		return -ENOMEM;
	for (i = 0; i < links; i++)
		if (i % (node->count + 1) != 0 && /* not to itself */
		    ring_alloc(
			&node->rings[i], RING_CARGO, sizeof(struct cargo)) != 0)
			return -ENOMEM;
	return 0;
}

static void
free_rings(struct node *node)
{
	unsigned int i, links = node->count * node->count;

	if (node->rings == NULL)
		return;
	for (i = 0; i < links; i++)
		if (node->rings[i] != NULL)
			courier_empty(node->rings[i]);
	for (i = 0; i < links; i++)
		ring_free(&node->rings[i]);
	object_free(node->rings, links * sizeof(struct ring *));
	node->rings = NULL;
}

int
node_alloc(struct node **ret_node, const struct scheduler_options *options)
{
	struct node *node;
	unsigned int i;
	int error;

	assert(options->schedulers <= SCHEDULERS_MAX);
	if (ALLOC_OBJ(node, NODE_MAGIC) == NULL)
		return -ENOMEM;
	node->count = options->schedulers == 0 ? 1 : options->schedulers;
	node->pace = options->pace;
	if (options->pace == PACE_REAL)
		node->times = options->times == 0 ? 1 : options->times;
	(void)pthread_mutex_init(&node->mutex, NULL);
	(void)pthread_cond_init(&node->changed, NULL);
	for (i = 0; i < node->count; i++)
		node->station[i].stands = true;
	if ((error = behaviours_alloc(&node->behaviours, node->count)) ||
	    (error = registry_alloc(&node->registry, NAMES_MAX)) ||
	    (error = alarms_alloc(&node->alarms)) ||
	    (error = record_queue_alloc(&node->records)) ||
	    (error = alloc_rings(node)) ||
	    (error = log_alloc(&node->log, options->log)))
		node_free(&node);
	else
		*ret_node = node;
	return error;
}

static void
free_retired(struct node *node, struct retired *retired)
{
	object_free(
	    retired, sizeof *retired + node->count * sizeof retired->turns[0]);
}

/* Nobody runs any more. */
static void
retire_all(struct node *node)
{
	struct retired *retired;

	while ((retired = node->retired) != NULL) {
		node->retired = retired->next;
		retired->retire(retired->arg);
		free_retired(node, retired);
	}
}

void
node_free(struct node **nodep)
{
	struct node *node = *nodep;

	if (node == NULL)
		return;
	CHECK_OBJ(node, NODE_MAGIC);
	retire_all(node);
	(void)log_free(&node->log);
	free_rings(node);
	alarms_free(&node->alarms);
	record_queue_free(&node->records);
	registry_free(&node->registry);
	behaviours_free(&node->behaviours);
	(void)pthread_cond_destroy(&node->changed);
	(void)pthread_mutex_destroy(&node->mutex);
	FREE_OBJ(nodep, NODE_MAGIC);
}

/*--------------------------------------------------------------------
 * Resting and rousing
 */

static void
lock(struct node *node)
{
	(void)pthread_mutex_lock(&node->mutex);
}

static void
unlock(struct node *node)
{
	(void)pthread_mutex_unlock(&node->mutex);
}

void
node_rouse(struct node *node, unsigned int number)
{
	struct station *station = &node->station[number];

	if (!atomic_load(&station->rests))
		return;
	/* Once: until it runs again all else that comes need not wake it. */
	if (node->pace == PACE_REAL) {
		if (atomic_exchange(&station->rests, false))
			scheduler_wake(node->scheduler[number]);
		return;
	}
	lock(node);
	station->is_roused = true;
	(void)pthread_cond_broadcast(&node->changed);
	unlock(node);
	if (number == 0)
		scheduler_wake(node->scheduler[number]);
}

bool
node_has_mail(const struct scheduler *scheduler)
{
	const struct node *node = scheduler->node;
	unsigned int from;

	if (atomic_load(&node->station[scheduler->number].is_called) ||
	    courier_may_send(scheduler))
		return true;
	for (from = 0; from < node->count; from++)
		if (from != scheduler->number &&
		    !ring_is_empty(node_ring(node, from, scheduler->number)))
			return !scheduler->is_stuck;
	return false;
}

/* Under the mutex: waits while `number` has no cause to go on. */
static void
stand(struct node *node, unsigned int number, bool until_roused)
{
	struct station *station = &node->station[number];

	station->stands = true;
	(void)pthread_cond_broadcast(&node->changed);
	while (!atomic_load(&node->stops) &&
	    (node->halted > 0 || (until_roused && !station->is_roused)))
		(void)pthread_cond_wait(&node->changed, &node->mutex);
	station->stands = false;
}

void
node_rest(struct scheduler *peer, uint64_t due)
{
	struct node *node = peer->node;
	struct station *station = &node->station[peer->number];

	lock(node);
	station->is_roused = false;
	station->due = due;
	atomic_store(&station->rests, true);
	if (!node_has_mail(peer))
		stand(node, peer->number, true);
	atomic_store(&station->rests, false);
	peer->now = node->now;
	unlock(node);
}

/* Under the mutex. */
static bool
others_stand(const struct node *node, bool unroused)
{
	unsigned int i;

	for (i = 1; i < node->count; i++)
		if (!node->station[i].stands ||
		    (unroused && node->station[i].is_roused))
			return false;
	return true;
}

bool
node_is_quiet(struct scheduler *home)
{
	struct node *node = home->node;
	bool has_mail;

	if (node->count == 1)
		return true;
	lock(node);
	atomic_store(&node->station[0].rests, true);
	while (!(has_mail = node_has_mail(home)) && !others_stand(node, true) &&
	    !atomic_load(&node->stops))
		(void)pthread_cond_wait(&node->changed, &node->mutex);
	atomic_store(&node->station[0].rests, false);
	unlock(node);
	return !has_mail;
}

/* Under the mutex, all others stand: some of them home may have given work. */
static void
rouse_given(struct node *node)
{
	unsigned int i;

	for (i = 1; i < node->count; i++)
		if (scheduler_has_work(node->scheduler[i]))
			node->station[i].is_roused = true;
	(void)pthread_cond_broadcast(&node->changed);
}

bool
node_has_roused(struct node *node)
{
	unsigned int i;
	bool roused = false;

	if (node->count == 1)
		return false;
	lock(node);
	rouse_given(node);
	for (i = 1; i < node->count; i++)
		roused = roused || node->station[i].is_roused;
	unlock(node);
	return roused;
}

uint64_t
node_due(const struct node *node)
{
	uint64_t due = UINT64_MAX;
	unsigned int i;

	for (i = 1; i < node->count; i++)
		if (node->station[i].due < due)
			due = node->station[i].due;
	return due;
}

void
node_move(struct node *node, uint64_t now)
{
	unsigned int i;

	if (node->count == 1)
		return;
	lock(node);
	node->now = now;
	for (i = 1; i < node->count; i++)
		if (node->station[i].due <= now || node->scheduler[i]->is_stuck)
			node->station[i].is_roused = true;
	(void)pthread_cond_broadcast(&node->changed);
	unlock(node);
}

/*--------------------------------------------------------------------
 * Beginning, ending, halting
 */

void
node_open(struct node *node)
{
	unsigned int i;

	for (i = 1; i < node->count; i++)
		node->station[i].stands = node->station[i].is_roused = false;
}

void
node_leave(struct scheduler *scheduler)
{
	struct node *node = scheduler->node;

	lock(node);
	node->station[scheduler->number].stands = true;
	(void)pthread_cond_broadcast(&node->changed);
	unlock(node);
}

void
node_stop(struct node *node)
{
	lock(node);
	atomic_store(&node->stops, true);
	(void)pthread_cond_broadcast(&node->changed);
	unlock(node);
}

void
scheduler_halt_others(struct scheduler *home)
{
	struct node *node = home->node;
	unsigned int i;

	assert(home->number == 0);
	if (node->count == 1)
		return;
	lock(node);
	node->halted++;
	atomic_store(&node->halts, true);
	for (i = 1; node->pace == PACE_REAL && i < node->count; i++)
		scheduler_wake(node->scheduler[i]);
	while (!others_stand(node, false))
		(void)pthread_cond_wait(&node->changed, &node->mutex);
	unlock(node);
}

void
scheduler_let_go(struct scheduler *home)
{
	struct node *node = home->node;

	if (node->count == 1)
		return;
	lock(node);
	assert(node->halted > 0);
	if (--node->halted == 0)
		atomic_store(&node->halts, false);
	rouse_given(node);
	unlock(node);
}

bool
scheduler_is_quiet(const struct scheduler *home)
{
	const struct scheduler *one;
	unsigned int i;

	for (i = 0; i < home->schedulers; i++) {
		one = scheduler_peer(home, i);
		if (scheduler_has_work(one) || node_has_mail(one))
			return false;
	}
	return true;
}

/*--------------------------------------------------------------------
 * Turns, and what waits for them
 */

/* Whether scheduler `i` has begun another turn since, or is in none. */
static bool
has_moved_on(struct node *node, const struct retired *retired, unsigned int i)
{
	return atomic_load(&node->station[i].turns) != retired->turns[i] ||
	    atomic_load(&node->station[i].rests);
}

static bool
is_over(struct node *node, const struct retired *retired)
{
	unsigned int i;

	for (i = 1; i < node->count; i++)
		if (!has_moved_on(node, retired, i))
			return false;
	return true;
}

/* In the order of asking. */
bool
node_retire_due(struct node *node)
{
	struct retired *retired;
	bool did = false;

	while ((retired = node->retired) != NULL && is_over(node, retired)) {
		node->retired = retired->next;
		retired->retire(retired->arg);
		free_retired(node, retired);
		did = true;
	}
	return did;
}

int
scheduler_retire(struct scheduler *home, scheduler_retire_f *retire, void *arg)
{
	struct node *node = home->node;
	struct retired *retired, **last = &node->retired;
	unsigned int i;

	assert(home->number == 0);
	if (node->count == 1) {
		retire(arg);
		return 0;
	}
	retired = object_alloc(
	    sizeof *retired + node->count * sizeof retired->turns[0]);
	if (retired == NULL)
		return -ENOMEM;
	retired->retire = retire;
	retired->arg = arg;
	for (i = 0; i < node->count; i++)
		retired->turns[i] = atomic_load(&node->station[i].turns);
	while (*last != NULL)
		last = &(*last)->next;
	*last = retired;
	return 0;
}

void
node_begin_turn(struct scheduler *scheduler)
{
	struct node *node = scheduler->node;
	struct station *station = &node->station[scheduler->number];

	/* One writer: no need for an atomic addition. */
	atomic_store(&station->turns,
	    atomic_load_explicit(&station->turns, memory_order_relaxed) + 1);
	if (scheduler->number != 0 && atomic_load(&node->halts)) {
		lock(node);
		stand(node, scheduler->number, false);
		unlock(node);
	}
}
