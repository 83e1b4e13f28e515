/*
 * phrase: see phrase.h for what it is.
 *
 * Written by hand, since Tcl itself is for scenarios in their own process, and
 * what it would be asked is these two functions.
 */
#include "sim/operator/phrase.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char blanks[] = " \t\r\n\f\v";
/* What cannot stand in a bare word as it is. */
static const char special[] = " \t\r\n\f\v{}[]$;\"\\";

static char
meant_by(char escaped)
{
	switch (escaped) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	default:
		return escaped;
	}
}

/* Of a word in braces: where the matching one stands, or NULL. */
static char *
find_brace(char *at)
{
	unsigned int depth = 1;

	for (; *at != '\0'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		else if (*at == '{')
			depth++;
		else if (*at == '}' && --depth == 0)
			return at;
	}
	return NULL;
}

/*
 * Copies down, without backslashes, up to one of `ends`; leaves *from there,
 * and answers where the word ends.
 */
static char *
unescape(char **from, const char *ends)
{
	char *to = *from, *at = *from;

	while (*at != '\0' && strchr(ends, *at) == NULL) {
		if (*at == '\\' && at[1] != '\0') {
			at++;
			*to++ = meant_by(*at++);
		} else {
			*to++ = *at++;
		}
	}
	*from = at;
	return to;
}

/* The word at *at, which is left behind it; NULL with a clause in *ret_why. */
static const char *
cut_word(char **at, const char **ret_why)
{
	char *word = *at, *end, *behind;

	if (*word == '{') {
		word++;
		end = find_brace(word);
		behind = end == NULL ? NULL : end + 1;
		*ret_why = "a { is not closed";
	} else if (*word == '"') {
		behind = ++word;
		end = unescape(&behind, "\"");
		behind = *behind == '\0' ? NULL : behind + 1;
		*ret_why = "a \" is not closed";
	} else {
		behind = word;
		end = unescape(&behind, blanks);
	}
	if (behind == NULL)
		return NULL;
	*ret_why = "a blank is missing behind a closing } or \"";
	if (*behind != '\0' && strchr(blanks, *behind) == NULL)
		return NULL;
	*at = *behind == '\0' ? behind : behind + 1;
	*end = '\0';
	return word;
}

int
phrase_split(
    char *line, const char **words, unsigned int room, char *why, size_t size)
{
	unsigned int count = 0;
	const char *wrong;

	for (;;) {
		line += strspn(line, blanks);
		if (*line == '\0')
			return (int)count;
		if (count == room) {
			(void)snprintf(
			    why, size, "it has more than %u words", room);
			return -E2BIG;
		}
		words[count] = cut_word(&line, &wrong);
		if (words[count++] == NULL) {
			(void)snprintf(why, size, "%s", wrong);
			return -EINVAL;
		}
	}
}

static size_t
put_escaped(const char *word, char *text, size_t size)
{
	size_t at = 0;

	for (; *word != '\0' && at + 3 < size; word++) {
		if (strchr(special, *word) != NULL)
			text[at++] = '\\';
		text[at++] = *word == '\n' ? 'n' : *word == '\r' ? 'r' : *word;
	}
	text[at] = '\0';
	return *word == '\0' ? at : size;
}

int
phrase_quote(const char *word, char *text, size_t size)
{
	size_t length;

	if (word[0] == '\0')
		length = (size_t)snprintf(text, size, "{}");
	else if (strpbrk(word, "\\\n\r{}\"") != NULL ||
	    strpbrk(word, special) == NULL)
		length = put_escaped(word, text, size);
	else
		length = (size_t)snprintf(text, size, "{%s}", word);
	return length < size ? (int)length : -E2BIG;
}
