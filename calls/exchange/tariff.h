/*
 * tariff: the prices of calls, each under a name and a small number; several of
 * one name are for different hours and days.
 *
 * A line has the number of the tariff of calls to it; a call takes number and
 * prices when it is answered.  Numbers are given in the order of adding and
 * never changed, so a call may keep one for as long as it lives: new prices of
 * a name have a number of their own, which the old one leads to.
 *
 * Private to calls/exchange/.
 */
#ifndef CALLS_EXCHANGE_TARIFF_H
#define CALLS_EXCHANGE_TARIFF_H

#include "calls/exchange.h"
#include "calls/exchange/band.h"
#include "calls/exchange/office.h"

struct tariffs;

/* -ENOMEM. */
int tariffs_alloc(struct tariffs **ret_tariffs);
void tariffs_free(struct tariffs **tariffsp);

/* As office_add_tariff(). */
int tariffs_add(struct tariffs *tariffs, const char *name,
    const struct tariff_view *prices, const struct band *band);

/* As office_change_tariff(). */
int tariffs_change(struct tariffs *tariffs, const char *name,
    const struct tariff_part *parts, unsigned int count);

/* As office_withdraw_tariff(). */
void tariffs_withdraw(struct tariffs *tariffs, const char *name);

/* What calls have that are answered now, if they were to have that tariff. */
uint16_t tariffs_current(const struct tariffs *tariffs, uint16_t number);

/*
 * Of the bands of its name the one that holds at that time of the week: of
 * several the one added last, of none the first.  And how long it does: 0 for
 * ever.
 */
uint16_t tariffs_band(
    const struct tariffs *tariffs, uint16_t number, uint64_t week_us);
uint64_t tariffs_holds_for(
    const struct tariffs *tariffs, uint16_t number, uint64_t week_us);

/* The number it has now; TARIFF_NONE: there is none of that name (any more). */
uint16_t tariffs_find(const struct tariffs *tariffs, const char *name);

/* Its name, in TARIFF_NAME_SIZE bytes of `text`; "" if there is none. */
void tariffs_name(const struct tariffs *tariffs, uint16_t number, char *text);

/* Its prices; those of a free call where there is no such tariff. */
struct tariff_view tariffs_at(const struct tariffs *tariffs, uint16_t number);

#endif
