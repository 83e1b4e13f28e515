/*
 * office_data: see office_data.h for what it is.
 *
 * A config may say half a million things: its words lie one behind the other in
 * one piece, each ended by a NUL.
 */
#include "sim/office_data.h"

#include <errno.h>
#include <string.h>

#include "sim/command.h"
#include "sim/operator/phrase.h"
#include "switch/object.h"

struct entry {
	size_t at;
	unsigned int count;
};

struct office_data {
	unsigned int magic;
#define OFFICE_DATA_MAGIC 0x70c5d19e
	char *bytes;
	size_t length, room;
	struct entry *entries;
	uint32_t count, entries_room;
};

enum { FIRST_ROOM = 1024 };

int
office_data_alloc(struct office_data **ret_data)
{
	struct office_data *data;

	if (ALLOC_OBJ(data, OFFICE_DATA_MAGIC) == NULL)
		return -ENOMEM;
	*ret_data = data;
	return 0;
}

void
office_data_free(struct office_data **datap)
{
	struct office_data *data = *datap;

	if (data != NULL) {
		object_free(data->bytes, data->room);
		object_free(
		    data->entries, data->entries_room * sizeof *data->entries);
	}
	FREE_OBJ(datap, OFFICE_DATA_MAGIC);
}

static int
reserve(struct office_data *data, size_t more)
{
	size_t room = data->room + data->room / 2 + FIRST_ROOM + more;
	void *grown;

	if (data->length + more > data->room) {
		grown = object_realloc(data->bytes, room);
		if (grown == NULL)
			return -ENOMEM;
		data->bytes = grown;
		data->room = room;
	}
	grown = object_grow(data->entries, data->count, &data->entries_room,
	    sizeof *data->entries);
	if (grown == NULL)
		return -ENOMEM;
	data->entries = grown;
	return 0;
}

int
office_data_add(
    struct office_data *data, unsigned int count, const char *const *words)
{
	size_t length = 0, each;
	unsigned int i;

	CHECK_OBJ(data, OFFICE_DATA_MAGIC);
	if (count > COMMAND_WORDS_MAX)
		return -E2BIG;
	for (i = 0; i < count; i++)
		length += strlen(words[i]) + 1;
	if (reserve(data, length) != 0)
		return -ENOMEM;
	data->entries[data->count++] = (struct entry){ data->length, count };
	for (i = 0; i < count; i++) {
		each = strlen(words[i]) + 1;
		memcpy(data->bytes + data->length, words[i], each);
		data->length += each;
	}
	return 0;
}

uint32_t
office_data_count(const struct office_data *data)
{
	CHECK_OBJ(data, OFFICE_DATA_MAGIC);
	return data->count;
}

unsigned int
office_data_words(
    const struct office_data *data, uint32_t i, const char **words)
{
	const struct entry *entry = &data->entries[i];
	const char *at = data->bytes + entry->at;
	unsigned int word;

	CHECK_OBJ(data, OFFICE_DATA_MAGIC);
	for (word = 0; word < entry->count; word++, at += strlen(at) + 1)
		words[word] = at;
	return entry->count;
}

/* FNV-1a, 64 bits (Fowler, Noll, Vo), the NUL of each word included. */
uint64_t
office_data_meaning(
    const struct office_data *data, uint32_t i, unsigned int from)
{
	const char *words[COMMAND_WORDS_MAX], *at;
	unsigned int count = office_data_words(data, i, words);
	uint64_t meaning = UINT64_C(0xcbf29ce484222325);

	for (; from < count; from++)
		for (at = words[from];; at++) {
			meaning ^= (unsigned char)*at;
			meaning *= UINT64_C(0x100000001b3);
			if (*at == '\0')
				break;
		}
	return meaning == 0 ? 1 : meaning;
}

/*--------------------------------------------------------------------
 * As lines
 */

static void
write_word(const char *word, FILE *out)
{
	const size_t size = 2 * strlen(word) + 4; /* each may be escaped */
	char *quoted = object_alloc(size);

	if (quoted != NULL && phrase_quote(word, quoted, size) >= 0)
		(void)fputs(quoted, out);
	object_free(quoted, size);
}

void
office_data_write(const struct office_data *data, FILE *out)
{
	const char *words[COMMAND_WORDS_MAX];
	unsigned int count, word;
	uint32_t i;

	for (i = 0; i < data->count; i++) {
		count = office_data_words(data, i, words);
		for (word = 0; word < count; word++) {
			if (word > 0)
				(void)fputc(' ', out);
			write_word(words[word], out);
		}
		(void)fputc('\n', out);
	}
}

int
office_data_add_line(struct office_data *data, char *line)
{
	const char *words[COMMAND_WORDS_MAX];
	char why[64];
	int count =
	    phrase_split(line, words, COMMAND_WORDS_MAX, why, sizeof why);

	return count <= 0 ? -EBADMSG
			  : office_data_add(data, (unsigned int)count, words);
}
