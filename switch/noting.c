/*
 * noting: see noting.h for what it is.
 *
 * Lines that are cut at NOTING_TEXT are still told apart by what fits; whoever
 * words a verb puts a digest where bytes may be many.
 */
#include "switch/noting.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* The offset basis and prime of 64-bit FNV-1a. */
#define FNV_BASIS 0xcbf29ce484222325U
#define FNV_PRIME 0x00000100000001b3U

void
noting_clear(struct noting *noting)
{
	noting->count = 0;
	noting->digest = 0;
}

uint32_t
noting_add(
    struct noting *noting, bool is_question, const char *format, va_list args)
{
	uint32_t which = noting->count++;
	struct noted further, *noted;

	noted = which < NOTING_MAX ? &noting->noted[which] : &further;
	memset(noted, 0, sizeof *noted);
	noted->is_question = is_question;
	(void)vsnprintf(noted->text, sizeof noted->text, format, args);
	if (noted != &further)
		return which;
	if (!is_question)
		noting->digest = noting_digest(
		    noting->digest, noted->text, strlen(noted->text) + 1);
	return NOTING_NONE;
}

void
noting_answer(
    struct noting *noting, uint32_t which, const void *answer, size_t size)
{
	struct noted *noted;
	int status;

	assert(size <= NOTING_ANSWER);
	if (which == NOTING_NONE)
		return;
	noted = &noting->noted[which];
	memcpy(noted->answer, answer, size);
	if (noted->is_question)
		return;
	assert(size == sizeof status);
	memcpy(&status, answer, sizeof status);
	noted->is_promised = status >= 0;
}

static uint32_t
kept(const struct noting *noting)
{
	return noting->count < NOTING_MAX ? noting->count : NOTING_MAX;
}

const struct noted *
noting_give(struct noting *noting, const char *text)
{
	struct noted *noted = noting->noted;
	const struct noted *end = noted + kept(noting);

	for (; noted < end; noted++)
		if (!noted->is_given && strcmp(noted->text, text) == 0) {
			noted->is_given = true;
			return noted;
		}
	return NULL;
}

const struct noted *
noting_next(const struct noting *noting, uint32_t *cursor)
{
	const struct noted *noted;

	while (*cursor < kept(noting)) {
		noted = &noting->noted[(*cursor)++];
		if (noted->is_promised)
			return noted;
	}
	return NULL;
}

void
noting_bytes(const void *bytes, size_t size, char *text, size_t room)
{
	const uint8_t *byte = bytes;
	size_t i;

	assert(room > 2 * size);
	while (size > 0 && byte[size - 1] == 0)
		size--;
	text[0] = '\0';
	for (i = 0; i < size; i++)
		(void)snprintf(text + 2 * i, room - 2 * i, "%02x", byte[i]);
}

uint64_t
noting_digest(uint64_t digest, const void *bytes, size_t size)
{
	const uint8_t *byte = bytes, *end = byte + size;

	digest ^= FNV_BASIS;
	for (; byte < end; byte++)
		digest = (digest ^ *byte) * FNV_PRIME;
	return digest;
}
