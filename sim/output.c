/*
 * output: see output.h for what it is.
 */
#include "sim/output.h"

#include <errno.h>
#include <unistd.h>

int
output_open(struct output *ret_output, const char *path)
{
	ret_output->path = path;
	(void)snprintf(ret_output->made, sizeof ret_output->made, "%s.%d", path,
	    (int)getpid());
	ret_output->stream = fopen(ret_output->made, "wxe");
	return ret_output->stream == NULL ? -errno : 0;
}

int
output_close(struct output *output, int result)
{
	if (result == 0 && ferror(output->stream))
		result = -EIO;
	if (fclose(output->stream) != 0 && (result == 0 || result == -EIO))
		result = -errno;
	if (result == 0 && rename(output->made, output->path) != 0)
		result = -errno;
	if (result != 0)
		(void)unlink(output->made);
	return result;
}
