/* words: see words.h for what it is. */
#include "upgrade/words.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

const char *
words_next(const char **cursor, size_t *ret_length)
{
	const char *word = *cursor;

	if (word == NULL)
		return NULL;
	word += strspn(word, " ");
	*ret_length = strcspn(word, " ");
	*cursor = word + *ret_length;
	return *ret_length == 0 ? NULL : word;
}

unsigned int
words_count(const char *words)
{
	unsigned int count = 0;
	size_t length;

	while (words_next(&words, &length) != NULL)
		count++;
	return count;
}

bool
words_at(const char *words, unsigned int n, char *text, size_t size)
{
	const char *word;
	size_t length;

	assert(size > 0);
	do {
		word = words_next(&words, &length);
		if (word == NULL)
			return false;
	} while (n-- > 0);
	(void)snprintf(text, size, "%.*s", (int)length, word);
	return true;
}

int
words_find(const char *words, const char *word)
{
	size_t wanted = strlen(word), length;
	const char *found;
	int n;

	for (n = 0; (found = words_next(&words, &length)) != NULL; n++)
		if (length == wanted && memcmp(found, word, length) == 0)
			return n;
	return -1;
}

bool
words_are_equal(const char *one, const char *other)
{
	size_t length, other_length;
	const char *word, *other_word;

	for (;;) {
		word = words_next(&one, &length);
		other_word = words_next(&other, &other_length);
		if (word == NULL || other_word == NULL)
			return word == other_word;
		if (length != other_length ||
		    memcmp(word, other_word, length) != 0)
			return false;
	}
}
