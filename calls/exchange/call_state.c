/*
 * call_state: see call_state.h for what it is.
 */
#include "calls/exchange/call_state.h"

#include <stdio.h>
#include <string.h>

#include "switch/module.h"

static const struct field *
find(const struct module *module, const char *name)
{
	const struct field *field = module->schema.fields;
	const struct field *end = field + module->schema.count;

	while (field < end && strcmp(field->name, name) != 0)
		field++;
	return field == end ? NULL : field;
}

uint64_t
call_state_number(const struct module *module, const void *state)
{
	const struct field *field = find(module, "call");
	uint64_t number = 0;

	if (field != NULL && field->width == sizeof number)
		memcpy(&number, (const uint8_t *)state + field->offset,
		    sizeof number);
	return number;
}

void
call_state_word(
    const struct module *module, const void *state, char *word, size_t size)
{
	const struct field *field = find(module, "state");
	const char *symbol;
	unsigned int n;

	word[0] = '\0';
	if (field == NULL || field->kind != FIELD_ENUM || field->width != 1)
		return;
	symbol = field->symbols + strspn(field->symbols, " ");
	n = ((const uint8_t *)state)[field->offset];
	for (; n > 0; n--) {
		symbol += strcspn(symbol, " ");
		symbol += strspn(symbol, " ");
	}
	(void)snprintf(word, size, "%.*s", (int)strcspn(symbol, " "), symbol);
}
