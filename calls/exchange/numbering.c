/*
 * numbering: see numbering.h for what it is.
 *
 * Numbers come in ranges, so ranges are what is kept: an office of 400,000
 * lines may have three.  They stand in the order of their ids, and range_order
 * has them in the order of their digits.  Both are searched by halving.
 *
 * Digits that may still grow are a range too: "10" begins 1000 to 1099 among
 * the numbers of four digits.  So translation is one search for each form that
 * begins so, mostly one.  A form is how long a number is, and where it has keys
 * that are no digits: below bit 30 two bits for each place, above them its
 * length.
 *
 * Invariants:
 *   1. ranges[i].base is the sum of the sizes of the ranges before it;
 *   2. two ranges of one form do not overlap;
 *   3. each form of a range is in `forms`, once;
 *   4. of a range all numbers are withdrawn, or none.
 */
#include "calls/exchange/numbering.h"

#include <errno.h>
#include <string.h>

#include "calls/exchange/range_order.h"
#include "switch/object.h"

enum { RANGES_AT_FIRST = 16, LENGTH_SHIFT = 2 * DIGITS_MAX };

static const char keys[] = "\0*#"; /* a place of a form: a digit, or this */

struct numbering {
	unsigned int magic;
#define NUMBERING_MAGIC 0x4d1f60b7
	uint32_t count, room; /* of ranges */
	uint32_t numbers;     /* of all ranges */
	uint32_t forms_count;
	struct number_range *ranges;
	struct range_order order;
	uint64_t *forms;
};

static uint32_t
length_of(uint64_t form)
{
	return (uint32_t)(form >> LENGTH_SHIFT);
}

/* The form of a number, and its digits as one; 0 if it is none. */
static uint64_t
read_number(const char *text, uint64_t *ret_value)
{
	uint64_t value = 0, form = 0;
	uint32_t length;

	for (length = 0; text[length] != '\0'; length++) {
		if (length == DIGITS_MAX)
			return 0;
		if (text[length] >= '0' && text[length] <= '9')
			value = value * 10 + (uint64_t)(text[length] - '0');
		else if (text[length] == '*' || text[length] == '#')
			form |= (text[length] == '*' ? 1ULL : 2ULL)
			    << 2 * length;
		else
			return 0;
	}
	*ret_value = value;
	return form | (uint64_t)length << LENGTH_SHIFT;
}

/* The lowest range that meets [first, last] of that form; or NULL. */
static const struct number_range *
range_within(const struct numbering *numbering, uint64_t form, uint64_t first,
    uint64_t last)
{
	const uint32_t index =
	    range_order_find(&numbering->order, numbering->ranges, form, first);

	if (index == RANGE_NONE || numbering->ranges[index].first > last)
		return NULL;
	return &numbering->ranges[index];
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
		range_order_done(&numbering->order);
		object_free(numbering->ranges,
		    numbering->room * sizeof *numbering->ranges);
		object_free(numbering->forms,
		    numbering->forms_count * sizeof *numbering->forms);
	}
	FREE_OBJ(numberingp, NUMBERING_MAGIC);
}

static int
know_form(struct numbering *numbering, uint64_t form)
{
	const size_t count = numbering->forms_count;
	uint64_t *forms;
	size_t i;

	for (i = 0; i < count; i++)
		if (numbering->forms[i] == form)
			return 0;
	forms = object_realloc(numbering->forms, (count + 1) * sizeof *forms);
	if (forms == NULL)
		return -ENOMEM;
	forms[count] = form;
	numbering->forms = forms;
	numbering->forms_count++;
	return 0;
}

/* Room for one range more. */
static int
grow(struct numbering *numbering)
{
	uint32_t room =
	    numbering->room == 0 ? RANGES_AT_FIRST : 2 * numbering->room;
	struct number_range *ranges;

	if (range_order_reserve(&numbering->order) != 0)
		return -ENOMEM;
	if (numbering->count < numbering->room)
		return 0;
	ranges = object_realloc(numbering->ranges, room * sizeof *ranges);
	if (ranges == NULL)
		return -ENOMEM;
	numbering->ranges = ranges;
	numbering->room = room;
	return 0;
}

/* -EINVAL; the range has no ids yet. */
static int
read_range(const char *first, const char *last, struct number_range *ret_range)
{
	struct number_range range = { .first = 0 };

	range.form = read_number(first, &range.first);
	if (range.form == 0 || range.form != read_number(last, &range.last) ||
	    range.last < range.first)
		return -EINVAL;
	*ret_range = range;
	return 0;
}

int
numbering_add(struct numbering *numbering, const char *first, const char *last)
{
	struct number_range range;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	if (read_range(first, last, &range) != 0)
		return -EINVAL;
	range.base = numbering->numbers;
	if (range_within(numbering, range.form, range.first, range.last) !=
	    NULL)
		return -EEXIST;
	if (range.last - range.first >= LINE_NONE - numbering->numbers ||
	    know_form(numbering, range.form) != 0 || grow(numbering) != 0)
		return -ENOMEM;
	numbering->ranges[numbering->count] = range;
	range_order_insert(
	    &numbering->order, numbering->ranges, numbering->count);
	numbering->count++;
	numbering->numbers += (uint32_t)(range.last - range.first + 1);
	return 0;
}

void
numbering_drop_last(struct numbering *numbering)
{
	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	assert(numbering->count > 0);
	numbering->count--;
	range_order_remove(
	    &numbering->order, numbering->ranges, numbering->count);
	numbering->numbers = numbering->ranges[numbering->count].base;
}

/*--------------------------------------------------------------------
 * Withdrawing
 */

/* Whether each of them is a number, and as it is to be no more. */
static bool
are_all(const struct numbering *numbering, const struct number_range *wanted,
    bool is_withdrawn)
{
	const struct number_range *range;
	uint64_t value = wanted->first;

	do {
		range = range_within(numbering, wanted->form, value, value);
		if (range == NULL || range->is_withdrawn != is_withdrawn)
			return false;
		value = range->last + 1;
	} while (range->last < wanted->last);
	return true;
}

/* The range that has this value within it, if one does, becomes two there. */
static int
split(struct numbering *numbering, uint64_t form, uint64_t value)
{
	const uint32_t index =
	    range_order_find(&numbering->order, numbering->ranges, form, value);
	struct number_range *range;

	if (index == RANGE_NONE || numbering->ranges[index].first >= value)
		return 0;
	if (grow(numbering) != 0)
		return -ENOMEM;
	range = &numbering->ranges[index];
	memmove(range + 1, range, (numbering->count - index) * sizeof *range);
	numbering->count++;
	range_order_shift(&numbering->order, index + 1);
	range[1].base += (uint32_t)(value - range->first);
	range[1].first = value;
	range->last = value - 1;
	range_order_insert(&numbering->order, numbering->ranges, index + 1);
	return 0;
}

int
numbering_set_withdrawn(struct numbering *numbering, const char *first,
    const char *last, bool is_withdrawn, numbering_ids_f *tell, void *arg)
{
	struct number_range wanted, *range;
	uint64_t value;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	if (read_range(first, last, &wanted) != 0)
		return -EINVAL;
	if (!are_all(numbering, &wanted, !is_withdrawn))
		return -ENOENT;
	if (split(numbering, wanted.form, wanted.first) != 0 ||
	    split(numbering, wanted.form, wanted.last + 1) != 0)
		return -ENOMEM;
	for (value = wanted.first; value <= wanted.last;
	     value = range->last + 1) {
		range = &numbering->ranges[range_order_find(
		    &numbering->order, numbering->ranges, wanted.form, value)];
		range->is_withdrawn = is_withdrawn;
		tell(arg, range->base,
		    (uint32_t)(range->last - range->first + 1), is_withdrawn);
	}
	return 0;
}

uint32_t
numbering_count(const struct numbering *numbering)
{
	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	return numbering->numbers;
}

/* The id of the number of that value in the range, if there is one. */
static uint32_t
id_in(const struct number_range *range, uint64_t value)
{
	if (range == NULL)
		return LINE_NONE;
	return range->base + (uint32_t)(value - range->first);
}

uint32_t
numbering_find(const struct numbering *numbering, const char *number)
{
	uint64_t value, form;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	form = read_number(number, &value);
	if (form == 0)
		return LINE_NONE;
	return id_in(range_within(numbering, form, value, value), value);
}

static const struct number_range *
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

bool
numbering_is_withdrawn(const struct numbering *numbering, uint32_t id)
{
	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	return range_of_id(numbering, id)->is_withdrawn;
}

/* By hand, since it is done for every record and printf(3) is slow. */
void
numbering_text(const struct numbering *numbering, uint32_t id, char *text)
{
	const struct number_range *range;
	uint64_t value;
	uint64_t key;
	uint32_t i;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	text[0] = '\0';
	if (id == LINE_NONE)
		return;
	range = range_of_id(numbering, id);
	value = range->first + (id - range->base);
	i = length_of(range->form);
	text[i] = '\0';
	while (i-- > 0) {
		key = range->form >> 2 * i & 3;
		text[i] = key == 0 ? (char)('0' + value % 10) : keys[key];
		value = key == 0 ? value / 10 : value;
	}
}

/*
 * How many numbers of the one form begin as a number of the other does: a
 * power of ten; 0: none can.
 */
static uint64_t
count_longer(uint64_t form, uint64_t shorter)
{
	uint32_t i = length_of(shorter);
	const uint64_t places = (1ULL << 2 * i) - 1;
	uint64_t count = 1;

	if (length_of(form) <= i || ((form ^ shorter) & places) != 0)
		return 0;
	for (; i < length_of(form); i++)
		if ((form >> 2 * i & 3) == 0)
			count *= 10;
	return count;
}

/* Whether a number longer than these digits begins with them. */
static bool
begins_longer(const struct numbering *numbering, uint64_t form, uint64_t value)
{
	uint64_t count;
	uint32_t i;

	for (i = 0; i < numbering->forms_count; i++) {
		count = count_longer(numbering->forms[i], form);
		if (count != 0 &&
		    range_within(numbering, numbering->forms[i], value * count,
			value * count + count - 1) != NULL)
			return true;
	}
	return false;
}

struct translation
numbering_translate(const struct numbering *numbering, const char *digits)
{
	struct translation translation = TRANSLATION_NOWHERE;
	const struct number_range *range;
	bool is_number, is_longer;
	uint64_t value, form;

	CHECK_OBJ(numbering, NUMBERING_MAGIC);
	form = read_number(digits, &value);
	if (form == 0)
		return translation;
	range = range_within(numbering, form, value, value);
	is_number = range != NULL;
	if (is_number && !range->is_withdrawn)
		translation.line = id_in(range, value);
	is_longer = begins_longer(numbering, form, value);
	if (is_number)
		translation.verdict =
		    is_longer ? TRANSLATION_EITHER : TRANSLATION_COMPLETE;
	else if (is_longer)
		translation.verdict = TRANSLATION_PARTIAL;
	return translation;
}
