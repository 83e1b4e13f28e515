/*
 * family_world: supervisors with toys below them, and a client who asks things.
 *
 * A toy is a native named by a letter.  It writes the letter in the diary when
 * it starts and the capital when it ends, and does what it is told.  The
 * client sends requests and keeps the answers; it also watches.
 *
 * With FAMILY_SCHEDULERS of 2 the root is at home, and all but members of
 * pools below it are on the other scheduler.
 */
#ifndef TESTS_CONFORMANCE_FAMILY_WORLD_H
#define TESTS_CONFORMANCE_FAMILY_WORLD_H

#include "tests/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "switch/audit.h"
#include "switch/family.h"
#include "switch/message.h"
#include "switch/registry.h"
#include "switch/restart_limit.h"
#include "switch/scheduler_internal.h"
#include "switch/supervisor.h"

#ifndef FAMILY_SCHEDULERS
#define FAMILY_SCHEDULERS 1
#endif
enum { AWAY = FAMILY_SCHEDULERS - 1 };

enum { LETTERS = 6, ALWAYS = INT32_MAX, SUPERVISORS = 8, KIDS = 12 };

/* What a toy can be told. */
enum { END_NORMAL = 1, END_SHUTDOWN, END_ERROR, BE_STUBBORN, UNLINK_PARENT };

/* The n-th start of a letter and those after it, `count` of them. */
struct plan {
	unsigned int from, count;
	int answer; /* of init() */
};

struct letter {
	struct module module;
	struct family_world *family;
	unsigned int index, starts;
	struct plan plan;
};

struct client {
	struct module module;
	struct pid pid;
	unsigned int answers, ends;
	struct supervisor_reply reply;
	struct child_spec spec;
	uint32_t listed;
	struct child_entry entries[CHILD_ENTRIES];
	struct reason ended[64]; /* of DOWN and EXIT */
};

struct family_world {
	struct world world;
	char diary[512];
	char log[64];
	struct letter letters[LETTERS];
	struct client client;
	struct supervisor *supervisors[SUPERVISORS];
	struct supervisor_spec specs[SUPERVISORS];
	struct child_spec kids[SUPERVISORS][KIDS];
	unsigned int count;
	struct pid root;
};

/*--------------------------------------------------------------------
 * The toys
 */

static inline void
write_letter(struct letter *letter, char first)
{
	char *diary = letter->family->diary;
	const char word[2] = { (char)(first + (char)letter->index), '\0' };

	strncat(diary, word, sizeof letter->family->diary - strlen(diary) - 1);
}

static inline int
toy_init(struct self *self, void *state, const struct message *start)
{
	struct letter *letter = process_context(self);
	const struct plan *plan = &letter->plan;
	unsigned int number = ++letter->starts;

	(void)state;
	(void)start;
	if (plan->from != 0 && number >= plan->from &&
	    number - plan->from < plan->count)
		return plan->answer;
	write_letter(letter, 'a');
	return 0;
}

static inline void
toy_handle(struct self *self, void *state, const struct message *event)
{
	static const uint16_t reasons[] = { [END_NORMAL] = REASON_NORMAL,
		[END_SHUTDOWN] = REASON_SHUTDOWN,
		[END_ERROR] = REASON_ERROR };
	struct pid parent;

	(void)state;
	if (event->kind == BE_STUBBORN) {
		(void)process_trap_exit(self, true);
	} else if (event->kind == UNLINK_PARENT) {
		memcpy(&parent, event->body.bytes, sizeof parent);
		(void)process_unlink(self, parent);
	} else if (event->kind >= END_NORMAL && event->kind <= END_ERROR) {
		(void)process_exit(
		    self, (struct reason){ .kind = reasons[event->kind] });
	}
}

static inline void
toy_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)state;
	(void)reason;
	write_letter(process_context(self), 'A');
}

static inline void
add_toy(struct family_world *family, unsigned int i)
{
	static const char *const names[LETTERS] = { "a", "b", "c", "d", "e",
		"f" };
	struct letter *letter = &family->letters[i];
	uint16_t id;

	letter->family = family;
	letter->index = i;
	letter->module = (struct module){ .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = names[i],
		.version = "native",
		.schema = { .size = sizeof(uint64_t) },
		.init = toy_init,
		.handle = toy_handle,
		.terminate = toy_terminate };
	assert_int_equal(
	    behaviours_add_native(scheduler_behaviours(family->world.scheduler),
		&letter->module, letter, &id),
	    0);
}

/*--------------------------------------------------------------------
 * The client
 */

static inline int
client_init(struct self *self, void *state, const struct message *start)
{
	(void)state;
	(void)start;
	return process_trap_exit(self, true);
}

static inline void
client_keep(
    struct client *client, struct self *self, const struct message *event)
{
	size_t size = 0;
	const void *parcel = process_parcel(self, &size);
	const struct supervisor_reply_list *list = parcel;

	client->answers++;
	memcpy(&client->reply, parcel != NULL ? parcel : event->body.bytes,
	    sizeof client->reply);
	if (client->reply.request == EVENT_GET_CHILDSPEC && parcel != NULL)
		client->spec =
		    ((const struct supervisor_reply_spec *)parcel)->spec;
	if (client->reply.request == EVENT_WHICH_CHILDREN && parcel != NULL) {
		client->listed = list->count;
		memcpy(client->entries, list->entries,
		    list->count * sizeof list->entries[0]);
	}
}

enum { WATCH = 1, LINK_TO };

static inline void
client_handle(struct self *self, void *state, const struct message *event)
{
	struct client *client = process_context(self);
	struct pid peer;

	(void)state;
	memcpy(&peer, event->body.bytes, sizeof peer);
	switch (event->kind) {
	case EVENT_SUPERVISOR_REPLY:
		client_keep(client, self, event);
		break;
	case EVENT_DOWN:
	case EVENT_EXIT:
		client->ended[client->ends++ % 64] = event->body.ended.reason;
		break;
	case WATCH:
		(void)process_monitor(self, peer, 0);
		break;
	case LINK_TO:
		(void)process_link(self, peer);
		break;
	default:
		break;
	}
}

static inline void
client_terminate(struct self *self, void *state, const struct reason *reason)
{
	(void)self;
	(void)state;
	(void)reason;
}

static inline void
add_client(struct family_world *family)
{
	struct client *client = &family->client;
	struct spawn spawn = { .supervisor = PID_NONE };

	client->module = (struct module){ .magic = MODULE_MAGIC,
		.abi = MODULE_ABI,
		.name = "client",
		.version = "native",
		.schema = { .size = sizeof(uint64_t) },
		.init = client_init,
		.handle = client_handle,
		.terminate = client_terminate };
	assert_int_equal(
	    behaviours_add_native(scheduler_behaviours(family->world.scheduler),
		&client->module, client, &spawn.behaviour),
	    0);
	assert_int_equal(
	    process_spawn(family->world.scheduler, &spawn, &client->pid), 0);
}

/*--------------------------------------------------------------------
 * Set-up
 */

static inline int
family_set_up(void **state)
{
	struct family_world *family = calloc(1, sizeof *family);
	const struct scheduler_options options = { .pace = PACE_VIRTUAL,
		.schedulers = FAMILY_SCHEDULERS,
		.log = family->log };
	unsigned int i;
	int fd;

	strcpy(family->log, "/tmp/conformance.XXXXXX");
	fd = mkstemp(family->log);
	assert_true(fd >= 0);
	close(fd);
	world_set_up_with(&family->world, &options);
	for (i = 0; i < LETTERS; i++)
		add_toy(family, i);
	add_client(family);
	world_run(&family->world, 0);
	*state = family;
	return 0;
}

/* Whatever a test has done, the store's books are right. */
static inline int
family_tear_down(void **state)
{
	struct family_world *family = *state;
	struct scheduler *one;
	char text[160];
	unsigned int i;

	for (i = 0; i < FAMILY_SCHEDULERS; i++) {
		one = scheduler_peer(family->world.scheduler, i);
		assert_true(audit_owners(one, text, sizeof text));
		assert_true(audit_bytes(one, text, sizeof text));
	}
	world_tear_down(&family->world);
	for (i = 0; i < family->count; i++)
		supervisor_free(&family->supervisors[i]);
	unlink(family->log);
	free(family);
	return 0;
}

static inline struct child_spec
kid(const char *name, enum restart_type restart)
{
	struct child_spec spec = {
		.restart = restart, .is_registered = true, .scheduler = AWAY
	};

	(void)snprintf(spec.id, sizeof spec.id, "%s", name);
	(void)snprintf(spec.behaviour, sizeof spec.behaviour, "%s", name);
	return spec;
}

static inline struct child_spec
sub(const char *name, enum restart_type restart)
{
	struct child_spec spec = kid(name, restart);

	spec.type = CHILD_SUPERVISOR;
	return spec;
}

/* With its supervisor, wherever the others are. */
static inline struct child_spec
here(struct child_spec spec)
{
	spec.scheduler = 0;
	return spec;
}

static inline struct child_spec
member(const char *behaviour, enum restart_type restart)
{
	struct child_spec spec = kid(behaviour, restart);

	spec.is_registered = false;
	return here(spec);
}

static const struct supervisor_flags one_for_one = { .intensity = 1,
	.period_s = 5 };
static const struct supervisor_flags pool = {
	.strategy = STRATEGY_POOL, .intensity = 1, .period_s = 5
};

/* Makes a supervisor known; -errno of supervisor_alloc(). */
static inline int
define(struct family_world *family, const char *name,
    struct supervisor_flags flags, unsigned int count,
    const struct child_spec *kids)
{
	unsigned int i = family->count;
	int error;

	assert_true(i < SUPERVISORS && count <= KIDS);
	if (count > 0)
		memcpy(family->kids[i], kids, count * sizeof *kids);
	family->specs[i] = (struct supervisor_spec){ .name = name,
		.flags = flags,
		.count = count,
		.children = family->kids[i] };
	error = supervisor_alloc(&family->supervisors[i],
	    family->world.scheduler, &family->specs[i]);
	family->count += error == 0;
	return error;
}

/* The last one defined is started as the root. */
static inline void
start_root(struct family_world *family)
{
	assert_int_equal(
	    supervisor_start_root(family->world.scheduler,
		family->specs[family->count - 1].name, &family->root),
	    0);
	world_run(&family->world, 0);
}

static inline void
start(struct family_world *family, struct supervisor_flags flags,
    unsigned int count, const struct child_spec *kids)
{
	assert_int_equal(define(family, "top", flags, count, kids), 0);
	start_root(family);
}

/*--------------------------------------------------------------------
 * What happens, and what is seen of it
 */

static inline struct pid
whereis(struct family_world *family, const char *name)
{
	return registry_whereis(
	    scheduler_registry(family->world.scheduler), name);
}

static inline bool
is_up(struct family_world *family, const char *name)
{
	return !pid_is_none(whereis(family, name));
}

static inline bool
lives(struct family_world *family, struct pid pid)
{
	return process_is_alive(world_at(&family->world, pid), pid);
}

static inline void
pass_s(struct family_world *family, unsigned int seconds)
{
	world_run(&family->world, (uint64_t)seconds * 1000000);
}

static inline void
tell_pid(struct family_world *family, struct pid pid, uint16_t kind)
{
	world_post(&family->world, pid, kind);
	world_run(&family->world, 0);
}

static inline void
tell(struct family_world *family, const char *name, uint16_t kind)
{
	tell_pid(family, whereis(family, name), kind);
}

static inline void
exit_signal(struct family_world *family, struct pid to, enum reason_kind kind)
{
	process_exit_signal(family->world.scheduler, PID_NONE, to,
	    (struct reason){ .kind = (uint16_t)kind });
}

static inline void
kill_pid(struct family_world *family, struct pid pid)
{
	exit_signal(family, pid, REASON_KILL);
	world_run(&family->world, 0);
}

/* As its own parent, which a root has not. */
static inline void
shut_down(struct family_world *family)
{
	exit_signal(family, family->root, REASON_SHUTDOWN);
	world_run(&family->world, 0);
}

static inline void
plan(struct family_world *family, char letter, unsigned int from,
    unsigned int count, int answer)
{
	family->letters[letter - 'a'].plan =
	    (struct plan){ .from = from, .count = count, .answer = answer };
}

static inline unsigned int
starts(const struct family_world *family, char letter)
{
	return family->letters[letter - 'a'].starts;
}

static inline bool
log_has(struct family_world *family, const char *text)
{
	static char whole[1 << 20];
	FILE *file;
	size_t size;

	(void)fflush(NULL);
	file = fopen(family->log, "r");
	assert_non_null(file);
	size = fread(whole, 1, sizeof whole - 1, file);
	(void)fclose(file);
	whole[size] = '\0';
	return strstr(whole, text) != NULL;
}

static inline uint64_t
restarts(const struct family_world *family)
{
	return scheduler_sum(family->world.scheduler).restarts;
}

/* The client watches `pid`; its end is told in client.ended. */
static inline void
watch(struct family_world *family, struct pid pid, uint16_t how)
{
	assert_int_equal(process_post(family->world.scheduler,
			     family->client.pid, how, &pid, sizeof pid),
	    0);
	world_run(&family->world, 0);
}

static inline enum reason_kind
last_end(const struct family_world *family)
{
	assert_int_not_equal(family->client.ends, 0);
	return family->client.ended[(family->client.ends - 1) % 64].kind;
}

/*--------------------------------------------------------------------
 * Requests, as the client sends them
 */

static inline void
send_request(struct family_world *family, struct pid to, uint16_t kind,
    const void *body, size_t length)
{
	struct scheduler *scheduler = family->world.scheduler;
	uint32_t message =
	    message_alloc(scheduler, kind, family->client.pid, body, length);

	assert_int_not_equal(message, 0);
	process_deliver(scheduler, to, message);
}

static inline enum supervisor_error
answer_of(struct family_world *family, unsigned int before)
{
	world_run(&family->world, 0);
	assert_int_equal(family->client.answers, before + 1);
	return family->client.reply.error;
}

static inline enum supervisor_error
ask(struct family_world *family, struct pid to, uint16_t kind, const char *id,
    struct pid child)
{
	struct child_request request = { .key = 77, .child = child };
	unsigned int before = family->client.answers;
	enum supervisor_error error;

	(void)snprintf(request.id, sizeof request.id, "%s", id);
	send_request(family, to, kind, &request, sizeof request);
	error = answer_of(family, before);
	assert_int_equal(family->client.reply.key, 77);
	assert_int_equal(family->client.reply.request, kind);
	return error;
}

static inline enum supervisor_error
ask_top(struct family_world *family, uint16_t kind, const char *id)
{
	return ask(family, family->root, kind, id, PID_NONE);
}

static inline void
send_start(
    struct family_world *family, struct pid to, const struct child_spec *spec)
{
	const struct child_request_start request = { .key = 78, .spec = *spec };
	struct scheduler *scheduler = family->world.scheduler;
	uint32_t message = message_alloc_parcel(
	    scheduler, EVENT_START_CHILD, family->client.pid, sizeof request);

	assert_int_not_equal(message, 0);
	memcpy(message_parcel(scheduler, message_at(scheduler, message))->bytes,
	    &request, sizeof request);
	process_deliver(scheduler, to, message);
}

static inline enum supervisor_error
ask_start(struct family_world *family, struct child_spec spec)
{
	unsigned int before = family->client.answers;

	send_start(family, family->root, &spec);
	return answer_of(family, before);
}

/* A new member of a pool; its pid is in the answer. */
static inline enum supervisor_error
ask_member(struct family_world *family, struct pid to)
{
	const uint64_t key = 79;
	unsigned int before = family->client.answers;

	send_request(family, to, EVENT_START_CHILD, &key, sizeof key);
	return answer_of(family, before);
}

static inline struct pid
add_member(struct family_world *family, struct pid to)
{
	assert_int_equal(ask_member(family, to), SUPERVISOR_OK);
	return family->client.reply.child;
}

static inline struct supervisor_count
count_of(struct family_world *family, struct pid pid)
{
	struct supervisor_count count = { 0 };

	assert_int_equal(supervisor_count_children(
			     world_at(&family->world, pid), pid, &count),
	    0);
	return count;
}

static inline const struct child_entry *
entry_of(struct family_world *family, const char *id)
{
	uint32_t i;

	(void)ask_top(family, EVENT_WHICH_CHILDREN, "");
	for (i = 0; i < family->client.listed; i++)
		if (strcmp(family->client.entries[i].id, id) == 0)
			return &family->client.entries[i];
	return NULL;
}

#define TEST(name)                                                             \
	cmocka_unit_test_setup_teardown(name, family_set_up, family_tear_down)
#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

#endif
