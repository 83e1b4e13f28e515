/*
 * socket: unix sockets of streams, at both of their ends.
 */
#ifndef SIM_SOCKET_H
#define SIM_SOCKET_H

#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

/* -ENAMETOOLONG: a path of a socket has at most 107 bytes. */
int socket_address(const char *path, struct sockaddr_un *ret_address);

/* One that is connected to nothing yet; `flags` may be SOCK_NONBLOCK. */
int socket_make(int flags);

/* A descriptor to whoever listens there, or -errno. */
int socket_dial(const char *path, int flags);

/* All of it, whatever signals come; -EPIPE: nobody is there any more. */
int socket_send_all(int descriptor, const void *bytes, size_t size);

#endif
