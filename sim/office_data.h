/*
 * office_data: what a config, or its operator, has said of an office: commands
 * in the order in which they were done, as words.
 *
 * It is kept while a switch serves, so that a config that is read again can be
 * held against it.  It knows words, and not what they mean.
 */
#ifndef SIM_OFFICE_DATA_H
#define SIM_OFFICE_DATA_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct office_data;

/* -ENOMEM. */
int office_data_alloc(struct office_data **ret_data);
void office_data_free(struct office_data **datap);

/* At most COMMAND_WORDS_MAX words, the command first.  -ENOMEM; -E2BIG. */
int office_data_add(
    struct office_data *data, unsigned int count, const char *const *words);

uint32_t office_data_count(const struct office_data *data);
/* How many words the i-th has; good until something is added. */
unsigned int office_data_words(
    const struct office_data *data, uint32_t i, const char **words);
/*
 * The same number for the same words from `from` on, and hardly ever for
 * others; never 0.
 */
uint64_t office_data_meaning(
    const struct office_data *data, uint32_t i, unsigned int from);

/* One command a line, as an operator would say them; and back: -EBADMSG. */
void office_data_write(const struct office_data *data, FILE *out);
int office_data_add_line(struct office_data *data, char *line);

#endif
