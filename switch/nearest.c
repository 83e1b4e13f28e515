/*
 * nearest: see nearest.h for what it is.
 *
 * An edit is what slips in typing: a letter left out, put in, taken for
 * another, or changed places with its neighbour (the distance of Damerau and
 * Levenshtein in its restricted form, where no place is edited twice).  The
 * case of a letter is no edit.  A word is near when a third of its letters,
 * rounded up, would have to be edited at most: the bound that clang uses for
 * the names it suggests.  Where none is near, one that goes on from the whole
 * word is: `charge` for charge_micro.
 */
#include "switch/nearest.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Letters of which the rest can be guessed. */
enum { LONGER_FROM = 3 };

/* Three rows of the table of distances; the oldest serves swapped letters. */
struct rows {
	unsigned int before[NEAREST_WORD_MAX + 1];
	unsigned int above[NEAREST_WORD_MAX + 1];
	unsigned int row[NEAREST_WORD_MAX + 1];
};

static unsigned int
smaller(unsigned int one, unsigned int other)
{
	return one < other ? one : other;
}

static bool
same(char one, char other)
{
	return strncasecmp(&one, &other, 1) == 0;
}

/* Fills row `i`: the first i letters of `one` against each start of `other`. */
static void
fill_row(struct rows *rows, const char *one, size_t i, const char *other,
    size_t length)
{
	unsigned int edits;
	size_t j;

	rows->row[0] = (unsigned int)i;
	for (j = 1; j <= length; j++) {
		edits = rows->above[j - 1] + !same(one[i - 1], other[j - 1]);
		edits = smaller(edits, rows->above[j] + 1);
		edits = smaller(edits, rows->row[j - 1] + 1);
		if (i > 1 && j > 1 && same(one[i - 1], other[j - 2]) &&
		    same(one[i - 2], other[j - 1]))
			edits = smaller(edits, rows->before[j - 2] + 1);
		rows->row[j] = edits;
	}
}

static unsigned int
distance(const char *one, size_t one_length, const char *other, size_t length)
{
	struct rows rows = { { 0 }, { 0 }, { 0 } };
	size_t i;

	for (i = 0; i <= length; i++)
		rows.row[i] = (unsigned int)i;
	for (i = 1; i <= one_length; i++) {
		memcpy(rows.before, rows.above, sizeof rows.before);
		memcpy(rows.above, rows.row, sizeof rows.above);
		fill_row(&rows, one, i, other, length);
	}
	return rows.row[length];
}

/* Of releases, say, which take as few edits: 4.0 is nearer to 3.0 than to 1.0.
 */
static bool
is_nearer_number(const char *word, const char *one, const char *other)
{
	if (!isdigit((unsigned char)word[0]) ||
	    !isdigit((unsigned char)one[0]) ||
	    !isdigit((unsigned char)other[0]))
		return false;
	return fabs(strtod(word, NULL) - strtod(one, NULL)) <
	    fabs(strtod(word, NULL) - strtod(other, NULL));
}

/* The first word that goes on from what was written. */
static const char *
longer_word(const char *word, const char *words, size_t *ret_length)
{
	const size_t written = strlen(word);
	size_t length;

	if (written < LONGER_FROM)
		return NULL;
	for (words += strspn(words, " "); *words != '\0';
	     words += length + strspn(words + length, " ")) {
		length = strcspn(words, " ");
		*ret_length = length;
		if (length > written && strncasecmp(word, words, written) == 0)
			return words;
	}
	return NULL;
}

bool
nearest_word(
    const char *word, const char *words, char *ret_nearest, size_t size)
{
	size_t word_length = strlen(word), length, best_length = 0;
	unsigned int edits, fewest = (unsigned int)(word_length + 2) / 3 + 1;
	const char *best = NULL, *known = words;

	if (word_length == 0 || word_length > NEAREST_WORD_MAX)
		return false;
	for (words += strspn(words, " "); *words != '\0';
	     words += length + strspn(words + length, " ")) {
		length = strcspn(words, " ");
		if (length > NEAREST_WORD_MAX || length >= size)
			continue;
		edits = distance(word, word_length, words, length);
		if (edits > fewest ||
		    (edits == fewest &&
			(best == NULL || !is_nearer_number(word, words, best))))
			continue;
		fewest = edits;
		best = words;
		best_length = length;
	}
	if (best == NULL)
		best = longer_word(word, known, &best_length);
	if (best == NULL || best_length >= size)
		return false;
	memmove(ret_nearest, best, best_length);
	ret_nearest[best_length] = '\0';
	return true;
}

bool
word_is_in(const char *word, const char *words)
{
	size_t length = strlen(word), other;

	for (; *words != '\0'; words += other + (words[other] == ' ')) {
		other = strcspn(words, " ");
		if (other == length && memcmp(word, words, length) == 0)
			return length > 0;
	}
	return false;
}
