/*
 * socket: see socket.h for what it is.
 */
#include "sim/socket.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int
socket_address(const char *path, struct sockaddr_un *ret_address)
{
	if (path[0] == '\0') /* Linux would give it a name that nobody knows */
		return -EINVAL;
	if (strlen(path) >= sizeof ret_address->sun_path)
		return -ENAMETOOLONG;
	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(ret_address->sun_path, path, strlen(path) + 1);
	return 0;
}

int
socket_make(int flags)
{
	int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	return descriptor < 0 ? -errno : descriptor;
}

int
socket_dial(const char *path, int flags)
{
	struct sockaddr_un address;
	int descriptor, result = socket_address(path, &address);

	if (result != 0)
		return result;
	descriptor = socket_make(flags);
	if (descriptor < 0)
		return descriptor;
	if (connect(descriptor, (const struct sockaddr *)&address,
		sizeof address) == 0)
		return descriptor;
	result = -errno;
	(void)close(descriptor);
	return result;
}

int
socket_send_all(int descriptor, const void *bytes, size_t size)
{
	const char *at = bytes;
	ssize_t sent;

	while (size > 0) {
		sent = send(descriptor, at, size, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return -EPIPE;
		at += sent;
		size -= (size_t)sent;
	}
	return 0;
}
