/*
 * listener: the descriptors through which operators come.
 *
 * They are opened before anything else is, so that what cannot be had is told
 * while nothing has been begun.  A socket file that nobody serves is taken
 * over; one that somebody serves is not, and what is no socket is left alone.
 */
#ifndef SIM_OPERATOR_LISTENER_H
#define SIM_OPERATOR_LISTENER_H

#include <stddef.h>

/*
 * A unix socket at `path`, for its owner alone (mode 0600), which listens.
 * Its descriptor; -errno with one clause in `why`: -EADDRINUSE somebody serves
 * there, -EEXIST it is no socket.
 */
int listener_open_unix(const char *path, char *why, size_t size);

/*
 * A TCP socket at "ADDRESS:PORT" or "[ADDRESS]:PORT", numbers only, which
 * listens.  Its descriptor; -errno with one clause in `why`: -EINVAL it is no
 * such address, -EADDRINUSE the port is in use.
 */
int listener_open_tcp(const char *address, char *why, size_t size);

/* Closes it, and removes its file if it is still that one. */
void listener_close_unix(int descriptor, const char *path);

/*
 * The database is this process's, as far as others ask, until it is unlocked or
 * the process ends: by flock(2) on a file of its own beside it, `DATABASE-lock`
 * (a new database may take the place of an empty one).  Its descriptor;
 * -EWOULDBLOCK another has it; -errno; with one clause in `why`.
 */
int listener_lock(const char *database, char *why, size_t size);
void listener_unlock(int descriptor);

#endif
