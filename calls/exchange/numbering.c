/*
 * numbering: see numbering.h for what it is.
 *
 * Numbers come in ranges, so ranges are what is kept: an office of 400,000
 * lines may have three.  They stand in the order of their ids; a second array
 * names them in the order of their digits.  Both are searched by halving.
 *
 * Digits that may still grow are a range too: "10" begins 1000 to 1099 among
 * the numbers of four digits.  So translation is one search for each length
 * that the office has, mostly one.
 *
 * Invariants:
 *   1. ranges[i].base is the sum of the sizes of the ranges before it;
 *   2. order[] holds each index once, by length, then by first number;
 *   3. two ranges of one length do not overlap;
 *   4. bit n of `lengths` is set when a range of n digits exists.
 */
#include "calls/exchange/numbering.h"

#include <errno.h>
#include <string.h>

#include "switch/object.h"

struct range {
	uint64_t first, last; /* the digits as a number */
	uint32_t base;	      /* id of the first */
	uint32_t length;      /* digits, so that zeros are kept */
};

struct numbering {
	unsigned int magic;
#define NUMBERING_MAGIC 0x4d1f60b7
	uint32_t count;	  /* of ranges */
	uint32_t numbers; /* of all ranges */
	uint32_t lengths;
	struct range *ranges;
	uint32_t *order;
};

/* The digits as a number and their count, which is 0 if they are no digits. */
static uint32_t
read_digits(const char *digits, uint64_t *ret_value)
{
	uint64_t value = 0;
	uint32_t length;

	for (length = 0; digits[length] != '\0'; length++) {
		if (digits[length] < '0' || digits[length] > '9' ||
		    length == DIGITS_MAX)
			return 0;
		value = value * 10 + (uint64_t)(digits[length] - '0');
	}
	*ret_value = value;
	return length;
}

static const struct range *
range_at(const struct numbering *numbering, uint32_t place)
{
	return &numbering->ranges[numbering->order[place]];
}

static bool
lies_below(const struct range *range, uint32_t length, uint64_t value)
{
	return range->length != length ? range->length < length
				       : range->last < value;
}

/* The first place in order[] whose range does not end below `value`. */
static uint32_t
place_of(const struct numbering *numbering, uint32_t length, uint64_t value)
{
	uint32_t low = 0, high = numbering->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (lies_below(range_at(numbering, middle), length, value))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The lowest range that meets [first, last] of that length; or NULL. */
static const struct range *
range_within(const struct numbering *numbering, uint32_t length, uint64_t first,
    uint64_t last)
{
	uint32_t place = place_of(numbering, length, first);
	const struct range *range;

	if (place == numbering->count)
		return NULL;
	range = range_at(numbering, place);
	if (range->length != length || range->first > last)
		return NULL;
	return range;
}

int
numbering_alloc(struct numbering **ret_numbering)
{
	struct numbering *numbering;

	if (ALLOC_OBJ(numbering, NUMBERING_MAGIC) == NULL)
		return -ENOMEM;
	*ret_numbering = numbering;
	return 0;
}

void
numbering_free(struct numbering **numberingp)
{
	struct numbering *numbering = *numberingp;

	if (numbering != NULL) {
		object_free(numbering->ranges,
		    numbering->count * sizeof *numbering->ranges);
		object_free(numbering->order,
		    numbering->count * sizeof *numbering->order);
	}
	FREE_OBJ(numberingp, NUMBERING_MAGIC);
}

/* Room for one range more in both arrays. */
static int
grow(struct numbering *numbering)
{
	size_t count = numbering->count + 1;
	struct range *ranges;
	uint32_t *order;

	ranges = object_realloc(numbering->ranges, count * sizeof *ranges);
	if (ranges == NULL)
		return -ENOMEM;
	numbering->ranges = ranges;
	order = object_realloc(numbering->order, count * sizeof *order);
	if (order == NULL)
		return -ENOMEM;
	numbering->order = order;
	return 0;
}

static void
insert(struct numbering *numbering, const struct range *range)
{
	uint32_t place = place_of(numbering, range->length, range->first);
	uint32_t *order = &numbering->order[place];

	memmove(order + 1, order, (numbering->count - place) * sizeof *order);
	*order = numbering->count;
	numbering->ranges[numbering->count++] = *range;
	numbering->numbers += (uint32_t)(range->last - range->first + 1);
	numbering->lengths |= 1U << range->length;
}

int
numbering_add(struct numbering *numbering, const char *first, const char *last)
{
	struct range range;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	range.base = numbering->numbers;
	range.length = read_digits(first, &range.first);
	if (range.length == 0 ||
	    range.length != read_digits(last, &range.last) ||
	    range.last < range.first)
		return -EINVAL;
	if (range_within(numbering, range.length, range.first, range.last) !=
	    NULL)
		return -EEXIST;
	if (range.last - range.first >= LINE_NONE - numbering->numbers ||
	    grow(numbering) != 0)
		return -ENOMEM;
	insert(numbering, &range);
	return 0;
}

void
numbering_drop_last(struct numbering *numbering)
{
	const struct range *range;
	uint32_t place;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	assert(numbering->count > 0);
	range = &numbering->ranges[--numbering->count];
	numbering->numbers = range->base;
	for (place = 0; numbering->order[place] != numbering->count; place++)
		;
	memmove(&numbering->order[place], &numbering->order[place + 1],
	    (numbering->count - place) * sizeof *numbering->order);
}

uint32_t
numbering_count(const struct numbering *numbering)
{
	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	return numbering->numbers;
}

/* The id of a number of that length and value. */
static uint32_t
id_of(const struct numbering *numbering, uint32_t length, uint64_t value)
{
	const struct range *range =
	    range_within(numbering, length, value, value);

	if (range == NULL)
		return LINE_NONE;
	return range->base + (uint32_t)(value - range->first);
}

uint32_t
numbering_find(const struct numbering *numbering, const char *number)
{
	uint64_t value;
	uint32_t length;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	length = read_digits(number, &value);
	return length == 0 ? LINE_NONE : id_of(numbering, length, value);
}

static const struct range *
range_of_id(const struct numbering *numbering, uint32_t id)
{
	uint32_t low = 0, high = numbering->count, middle;

	assert(id < numbering->numbers);
	while (high - low > 1) {
		middle = low + (high - low) / 2;
		if (numbering->ranges[middle].base <= id)
			low = middle;
		else
			high = middle;
	}
	return &numbering->ranges[low];
}

/* By hand, since it is done for every record and printf(3) is slow. */
void
numbering_text(const struct numbering *numbering, uint32_t id, char *text)
{
	const struct range *range;
	uint64_t value;
	uint32_t i;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	text[0] = '\0';
	if (id == LINE_NONE)
		return;
	range = range_of_id(numbering, id);
	value = range->first + (id - range->base);
	text[range->length] = '\0';
	for (i = range->length; i-- > 0; value /= 10)
		text[i] = (char)('0' + value % 10);
}

/* Whether a number longer than these `length` digits begins with them. */
static bool
begins_longer(
    const struct numbering *numbering, uint32_t length, uint64_t value)
{
	uint64_t scale = 1;
	uint32_t n;

	for (n = length + 1; n <= DIGITS_MAX; n++) {
		scale *= 10;
		if ((numbering->lengths & 1U << n) != 0 &&
		    range_within(numbering, n, value * scale,
			value * scale + scale - 1) != NULL)
			return true;
	}
	return false;
}

struct translation
numbering_translate(const struct numbering *numbering, const char *digits)
{
	struct translation translation = TRANSLATION_NOWHERE;
	bool is_number, is_longer;
	uint64_t value;
	uint32_t length;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	length = read_digits(digits, &value);
	if (length == 0)
		return translation;
	translation.line = id_of(numbering, length, value);
	is_number = translation.line != LINE_NONE;
	is_longer = begins_longer(numbering, length, value);
	if (is_number)
		translation.verdict =
		    is_longer ? TRANSLATION_EITHER : TRANSLATION_COMPLETE;
	else if (is_longer)
		translation.verdict = TRANSLATION_PARTIAL;
	return translation;
}
