/*
 * usage: see usage.h for what it is.
 */
#include "sim/usage.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

/* "DUR" or "analog|isdn", into the slot. */
static void
read_type(struct slot *slot, const char *text, size_t length)
{
	unsigned int i;

	assert(length < sizeof slot->words);
	memcpy(slot->words, text, length);
	slot->words[length] = '\0';
	slot->type = ARGUMENT_WORDS;
	for (i = 0; i < ARGUMENT_TYPES_COUNT; i++)
		if (strcmp(slot->words, argument_name((enum argument_type)i)) ==
		    0)
			slot->type = (enum argument_type)i;
	assert(slot->type != ARGUMENT_WORDS || islower(slot->words[0]));
}

/* One item of a usage, between spaces or question marks. */
static void
read_item(struct form *form, const char *item, size_t length, bool is_optional)
{
	struct slot slot = { .is_optional = is_optional };
	size_t name = 0;

	if (item[0] == '-') {
		name = strcspn(item, " ?");
		name = name < length ? name : length;
		assert(name < sizeof slot.option);
		memcpy(slot.option, item, name);
		slot.is_flag = name == length;
	}
	if (length > 3 && strncmp(item + length - 3, "...", 3) == 0) {
		slot.is_repeated = true;
		length -= 3;
	}
	if (!slot.is_flag && name > 0)
		read_type(&slot, item + name + 1, length - name - 1);
	else if (!slot.is_flag)
		read_type(&slot, item, length);
	if (name > 0)
		form->options[form->options_count++] = slot;
	else
		form->positional[form->positional_count++] = slot;
	assert(form->options_count < COMMAND_SLOTS_MAX);
	assert(form->positional_count < COMMAND_SLOTS_MAX);
}

/* Of "-for DUR ..." the length of an option and its type. */
static size_t
item_length(const char *usage)
{
	size_t length;

	if (usage[0] == '?')
		return strcspn(usage + 1, "?") + 2;
	length = strcspn(usage, " ");
	if (usage[0] == '-' && isupper((unsigned char)usage[length + 1]))
		length += 1 + strcspn(usage + length + 1, " ");
	return length;
}

void
usage_read(struct form *form, const char *usage)
{
	size_t length;

	while (*usage != '\0') {
		length = item_length(usage);
		if (usage[0] == '?')
			read_item(form, usage + 1, length - 2, true);
		else
			read_item(form, usage, length, false);
		usage += length;
		usage += strspn(usage, " ");
	}
}
