/*
 * listener: see listener.h for what it is.
 */
#include "sim/operator/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <event2/util.h>

#include "sim/socket.h"

enum {
	BACKLOG = 64,	    /* at the socket there are 64 operators at most */
	TCP_BACKLOG = 1024, /* clients wait there (door.h) */
	PATH_SIZE = 4096
};

/* Whether somebody listens there; what is not known is not touched. */
static bool
is_served(const char *path)
{
	int descriptor = socket_dial(path, SOCK_NONBLOCK);

	if (descriptor >= 0)
		(void)close(descriptor);
	return descriptor != -ECONNREFUSED && descriptor != -ENOENT;
}

/* What is in the way at the path goes, if nobody can miss it. */
static int
make_way(const char *path)
{
	struct stat status;

	if (lstat(path, &status) != 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(status.st_mode))
		return -EEXIST;
	if (is_served(path))
		return -EADDRINUSE;
	return unlink(path) == 0 || errno == ENOENT ? 0 : -errno;
}

/* Bound under a mask, so that there is no moment in which others may come. */
static int
bind_alone(int descriptor, const struct sockaddr_un *address)
{
	mode_t mask = umask(0177);
	int result = bind(descriptor, (const struct sockaddr *)address,
			 sizeof *address) == 0
	    ? 0
	    : -errno;

	(void)umask(mask);
	if (result == 0 && listen(descriptor, BACKLOG) != 0)
		result = -errno;
	return result;
}

static int
tell(int result, const char *path, char *why, size_t size)
{
	const char *text = strerror(-result);

	if (result == -EADDRINUSE)
		text = "a switch serves there already, give another --socket";
	else if (result == -EEXIST)
		text = "it is there and is no socket, and is left alone; give "
		       "another --socket";
	else if (result == -EINVAL)
		text = "a path is wanted";
	else if (result == -ENAMETOOLONG)
		text = "a path of a socket has at most 107 bytes";
	else if (result == -ENOENT || result == -ENOTDIR)
		text = "there is no such folder, make it or give another "
		       "--socket";
	else if (result == -EACCES || result == -EROFS)
		text = "that may not be made there, give another --socket";
	(void)snprintf(why, size, "socket '%.200s': %s", path, text);
	return result;
}

int
listener_open_unix(const char *path, char *why, size_t size)
{
	struct sockaddr_un address;
	int descriptor = -1, result = socket_address(path, &address);

	if (result == 0)
		result = make_way(path);
	if (result == 0)
		descriptor = result = socket_make(SOCK_NONBLOCK);
	if (result >= 0)
		result = bind_alone(descriptor, &address);
	if (result == 0)
		return descriptor;
	if (descriptor >= 0)
		(void)close(descriptor);
	return tell(result, path, why, size);
}

static int
listen_at(const struct sockaddr *address, socklen_t length)
{
	const int one = 1;
	int descriptor = socket(
	    address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int result;

	if (descriptor < 0)
		return -errno;
	(void)setsockopt(
	    descriptor, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(descriptor, address, length) == 0 &&
	    listen(descriptor, TCP_BACKLOG) == 0)
		return descriptor;
	result = -errno;
	(void)close(descriptor);
	return result;
}

static const char *
why_not(int result)
{
	if (result == -EADDRINUSE)
		return "the port is in use, give another";
	if (result == -EADDRNOTAVAIL)
		return "this machine has no such address, 127.0.0.1 is its own";
	if (result == -EACCES)
		return "only root may listen there, give a port from 1024";
	return strerror(-result);
}

int
listener_open_tcp(const char *text, char *why, size_t size)
{
	struct sockaddr_storage address;
	int length = sizeof address, result;

	if (strchr(text, ':') == NULL ||
	    evutil_parse_sockaddr_port(
		text, (struct sockaddr *)&address, &length) != 0) {
		(void)snprintf(why, size,
		    "--http '%.100s' is not ADDRESS:PORT, as in 127.0.0.1:8080",
		    text);
		return -EINVAL;
	}
	result = listen_at((struct sockaddr *)&address, (socklen_t)length);
	if (result < 0)
		(void)snprintf(
		    why, size, "--http '%.100s': %s", text, why_not(result));
	return result;
}

/* The file of a socket is not the socket: its address must tell. */
void
listener_close_unix(int descriptor, const char *path)
{
	struct stat status;

	if (descriptor < 0)
		return;
	(void)close(descriptor);
	/* By now nobody serves there, unless another has taken it over. */
	if (lstat(path, &status) == 0 && S_ISSOCK(status.st_mode) &&
	    !is_served(path))
		(void)unlink(path);
}

/* Whether the file that was opened is the one that is there now. */
static bool
is_there_still(int descriptor, const char *path)
{
	struct stat one, other;

	return fstat(descriptor, &one) == 0 && stat(path, &other) == 0 &&
	    one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

/*
 * One who ends removes the file before he lets go of it: then what we have
 * locked is nobody's, and we begin again.
 */
static int
lock_file(const char *path)
{
	int descriptor;

	for (;;) {
		descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		if (descriptor < 0)
			return -errno;
		if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
			(void)close(descriptor);
			return -errno;
		}
		if (is_there_still(descriptor, path))
			return descriptor;
		(void)close(descriptor);
	}
}

/*
 * One database has one lock, whatever links lead to it; of hard links none is
 * more its name than another, and SQLite's own files stand beside each.
 */
static int
name_lock(const char *database, char *path, size_t size)
{
	char real[PATH_MAX];
	struct stat status;
	int length;

	if (realpath(database, real) != NULL)
		database = real;
	if (stat(database, &status) == 0 && S_ISREG(status.st_mode) &&
	    status.st_nlink > 1)
		return -EMLINK;
	length = snprintf(path, size, "%s-lock", database);
	return length >= 0 && (size_t)length < size ? 0 : -ENAMETOOLONG;
}

int
listener_lock(const char *database, char *why, size_t size)
{
	char path[PATH_SIZE];
	int result = name_lock(database, path, sizeof path);

	if (result == 0)
		result = lock_file(path);
	if (result >= 0)
		return result;
	(void)snprintf(why, size, "database '%.200s': %s", database,
	    result == -EWOULDBLOCK
		? "another switch serves it already, give another --db"
		: result == -EMLINK
		? "it has a second name (a hard link), under which another "
		  "could write it, too; give a copy"
		: result == -ENOENT || result == -ENOTDIR
		? "there is no such folder, make it or give another --db"
		: strerror(-result));
	return result;
}

/* The database may be elsewhere by now; its lock is where it was. */
void
listener_unlock(int descriptor)
{
	char link[32], path[PATH_SIZE];
	ssize_t length;

	if (descriptor < 0)
		return;
	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
	length = readlink(link, path, sizeof path - 1);
	if (length > 0) {
		path[length] = '\0';
		(void)unlink(path);
	}
	(void)close(descriptor);
}
