/*
 * traffic_shelf: what traffics are made of: mixes, and files that were read.
 *
 * Each is kept until the run is over: a traffic that has stopped may still
 * have calls.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim/empirical.h"
#include "sim/profile.h"
#include "sim/traffic_internal.h"

/* One of the three. */
struct shelf_entry {
	struct shelf_entry *next;
	struct mix *mix;
	struct empirical *data;
	struct profile *profile;
};

static struct shelf_entry *
add(struct traffics *traffics, char *why, unsigned int size)
{
	struct shelf_entry *entry = object_alloc(sizeof *entry);

	if (entry == NULL) {
		(void)snprintf(why, size, "no memory is left");
		return NULL;
	}
	entry->next = traffics->kept;
	traffics->kept = entry;
	return entry;
}

void
traffic_shelf_clear(struct traffics *traffics)
{
	struct shelf_entry *entry;

	while ((entry = traffics->kept) != NULL) {
		traffics->kept = entry->next;
		object_free(entry->mix, sizeof *entry->mix);
		empirical_free(&entry->data);
		profile_free(&entry->profile);
		object_free(entry, sizeof *entry);
	}
}

const struct mix *
traffics_mix(const struct traffics *traffics, const char *name)
{
	const struct shelf_entry *entry;

	CHECK_OBJ(traffics, TRAFFICS_MAGIC);
	for (entry = traffics->kept; entry != NULL; entry = entry->next)
		if (entry->mix != NULL && strcmp(entry->mix->name, name) == 0)
			return entry->mix;
	return NULL;
}

void
traffics_mix_names(const struct traffics *traffics, char *text, size_t size)
{
	const struct shelf_entry *entry;
	size_t at = 0;

	text[0] = '\0';
	for (entry = traffics->kept; entry != NULL; entry = entry->next)
		if (entry->mix != NULL && at + MIX_NAME_SIZE < size)
			at += (size_t)snprintf(text + at, size - at, "%s%s",
			    at == 0 ? "" : " ", entry->mix->name);
}

int
traffics_add_mix(struct traffics *traffics, const struct mix *mix, char *why,
    unsigned int size)
{
	struct shelf_entry *entry;

	if (traffics_mix(traffics, mix->name) != NULL) {
		(void)snprintf(
		    why, size, "there is a behaviour of that name already");
		return -EEXIST;
	}
	entry = add(traffics, why, size);
	if (entry == NULL)
		return -ENOMEM;
	entry->mix = object_alloc(sizeof *entry->mix);
	if (entry->mix == NULL) {
		(void)snprintf(why, size, "no memory is left");
		return -ENOMEM;
	}
	*entry->mix = *mix;
	return 0;
}

int
traffics_read_data(struct traffics *traffics, const char *beside,
    const char *file, struct distribution *into, char *why, unsigned int size)
{
	struct shelf_entry *entry = add(traffics, why, size);
	int result;

	if (entry == NULL)
		return -ENOMEM;
	result = empirical_read(&entry->data, beside, file, why, size);
	if (result == 0)
		*into = (struct distribution){ .kind = DISTRIBUTION_DATA,
			.data = entry->data };
	return result;
}

int
traffics_read_profile(struct traffics *traffics, const char *beside,
    const char *file, const struct profile **ret_profile, char *why,
    unsigned int size)
{
	struct shelf_entry *entry = add(traffics, why, size);
	int result;

	if (entry == NULL)
		return -ENOMEM;
	result = profile_read(&entry->profile, beside, file, why, size);
	if (result == 0)
		*ret_profile = entry->profile;
	return result;
}
