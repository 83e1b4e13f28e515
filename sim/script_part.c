/*
 * script_part: the files of a scenario, on their way into its process.
 *
 * That process can open nothing.  It asks for a file by its name while it
 * checks its text, and gets it in pieces; when it runs it has them all, and a
 * name that it has not asked for then is one that its text does not have.
 *
 *   script              switch
 *   read NAME       ->
 *                   <-  part NUMBER PATH BYTES, or error TEXT
 *                   <-  more TEXT...                if it is new
 */
#include "sim/script_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <tcl.h>
#include <unistd.h>

#include "sim/part.h"
#include "sim/script.h"
#include "switch/object.h"

enum { PIECE_BYTES = FRAME_BYTES_MAX / 2 };

/* The switch's end: the text behind its announcement. */
static int
send_text(struct script *script, const struct part *part)
{
	char *piece = object_alloc(PIECE_BYTES + 1);
	const char *words[] = { "more", piece };
	size_t at = 0, length;
	int result = piece == NULL ? -ENOMEM : 0;

	for (; result == 0 && at < part->length; at += length) {
		length = part->length - at;
		length = length < PIECE_BYTES ? length : PIECE_BYTES;
		memcpy(piece, part->text + at, length);
		piece[length] = '\0';
		result = script_answer(script, 2, words);
	}
	if (piece != NULL)
		object_free(piece, PIECE_BYTES + 1);
	return result;
}

int
script_part_serve(struct script *script, struct parts *parts, const char *name)
{
	char why[512], number[16], bytes[24];
	const unsigned int before = parts->count;
	const char *refusal[] = { "error", why };
	const char *words[] = { "part", number, NULL, bytes };
	unsigned int which;
	int result = parts_read(parts, name, &which, why, sizeof why);

	if (result != 0)
		return script_answer(script, 2, refusal);
	(void)snprintf(number, sizeof number, "%u", which);
	(void)snprintf(bytes, sizeof bytes, "%zu", parts->part[which].length);
	words[2] = parts->part[which].path;
	result = script_answer(script, 4, words);
	if (result == 0 && which == before)
		result = send_text(script, &parts->part[which]);
	return result;
}

/* The process's end: -EPIPE when the switch is gone. */
static int
take_text(struct script_words *words, char *text, size_t length)
{
	struct frame frame;
	size_t at = 0, more;

	for (; at < length; at += more) {
		if (frame_read(words->reader, true, &frame) != 0 ||
		    frame.count != 2)
			return -EPIPE;
		more = strlen(frame.words[1]);
		if (more == 0 || more > length - at)
			return -EPIPE;
		memcpy(text + at, frame.words[1], more);
	}
	return 0;
}

static int
take_part(struct script_words *words, const char *path, size_t length)
{
	char kept[PART_PATH_SIZE], *text = object_alloc(length + 1);
	int result;

	if (text == NULL)
		return -ENOMEM;
	/* What it stands in goes with the next frame. */
	(void)snprintf(kept, sizeof kept, "%s", path);
	result = take_text(words, text, length);
	if (result == 0)
		result = parts_add(words->parts, kept, text, length);
	if (result != 0)
		object_free(text, length + 1);
	return result;
}

int
script_part_ask(struct script_words *words, const char *name,
    unsigned int *ret_number, char *why, size_t size)
{
	const char *request[] = { "read", name };
	struct frame frame;
	int result = script_write(words, 2, request);

	if (result == 0)
		result = frame_read(words->reader, true, &frame);
	if (result != 0)
		return -EPIPE;
	if (strcmp(frame.words[0], "part") != 0 || frame.count != 4) {
		(void)snprintf(
		    why, size, "%s", frame.count > 1 ? frame.words[1] : "");
		return -ENOENT;
	}
	*ret_number = (unsigned int)strtoul(frame.words[1], NULL, 10);
	if (*ret_number < words->parts->count)
		return 0;
	return take_part(
	    words, frame.words[2], strtoul(frame.words[3], NULL, 10));
}

/* A text under a path. */
static int
make_file(const struct part *part)
{
	int descriptor = memfd_create("scenario", MFD_CLOEXEC);
	size_t at = 0;
	ssize_t put;

	while (descriptor >= 0 && at < part->length) {
		put = write(descriptor, part->text + at, part->length - at);
		if (put < 0)
			return -1;
		at += (size_t)put;
	}
	return descriptor;
}

int
script_part_evaluate(struct script_words *words, unsigned int number)
{
	int *file = &words->files[number], result;
	Tcl_Obj *path;

	if (*file == 0)
		*file = make_file(&words->parts->part[number]);
	path = Tcl_ObjPrintf("/proc/self/fd/%d", *file);
	Tcl_IncrRefCount(path);
	result = Tcl_FSEvalFileEx(words->interp, path, "utf-8");
	Tcl_DecrRefCount(path);
	return result;
}
