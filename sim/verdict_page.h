/*
 * verdict_page: how words and numbers stand on the page of a verdict.
 *
 * Private to verdict*.c: verdict_text.c is the page, verdict_upgrade.c what
 * stands there of one upgrade.
 */
#ifndef SIM_VERDICT_PAGE_H
#define SIM_VERDICT_PAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct verdict_upgrade;
struct verdict;

enum { PAGE_NUMBER_MAX = 32 };

struct page {
	const struct verdict *verdict;
	FILE *out;
	bool is_coloured;
};

/* µs in the unit in which they have a digit before the point. */
const char *page_measure(double us, char text[PAGE_NUMBER_MAX]);
/* 1234567 as 1,234,567 */
const char *page_grouped(uint64_t number, char text[PAGE_NUMBER_MAX]);

/* An escape sequence, where the page is coloured; "0" ends it. */
void page_colour(const struct page *page, const char *code);
/* What a line is about, before it; "" where the line before said it. */
void page_heading(const struct page *page, const char *word);

/* The answer of an upgrade, at a glance. */
void verdict_upgrade(const struct page *page,
    const struct verdict_upgrade *upgrade, bool is_first);

#endif
