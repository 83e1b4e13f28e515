/*
 * tariff: the prices of calls, each under a name and a small number.
 *
 * A line has the number of the tariff of calls to it; a call takes number and
 * prices when it is answered.  Numbers are given in the order of adding and
 * never changed, so a call may keep one for as long as it lives.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_TARIFF_H
#define CALLS_EXCHANGE_TARIFF_H

#include "calls/exchange.h"

struct tariffs;

/* -ENOMEM. */
int tariffs_alloc(struct tariffs **ret_tariffs);
void tariffs_free(struct tariffs **tariffsp);

/* As office_add_tariff(). */
int tariffs_add(struct tariffs *tariffs, const char *name,
    const struct tariff_view *prices);

/* Its number; TARIFF_NONE if there is none of that name. */
uint16_t tariffs_find(const struct tariffs *tariffs, const char *name);

/* Its name, in TARIFF_NAME_SIZE bytes of `text`; "" if there is none. */
void tariffs_name(const struct tariffs *tariffs, uint16_t number, char *text);

/* Its prices; those of a free call where there is no such tariff. */
struct tariff_view tariffs_at(const struct tariffs *tariffs, uint16_t number);

#endif
