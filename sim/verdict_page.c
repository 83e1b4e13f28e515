/*
 * verdict_page: see verdict_page.h for what it is.
 */
#include "sim/verdict_page.h"

#include <inttypes.h>

/* In the unit in which it has a digit before the point. */
const char *
page_measure(double us, char text[PAGE_NUMBER_MAX])
{
	if (us <= 0)
		(void)snprintf(text, PAGE_NUMBER_MAX, "0 s");
	else if (us < 1e3)
		(void)snprintf(text, PAGE_NUMBER_MAX, "%.1f µs", us);
	else if (us < 1e6)
		(void)snprintf(text, PAGE_NUMBER_MAX, "%.1f ms", us / 1e3);
	else
		(void)snprintf(text, PAGE_NUMBER_MAX, "%.1f s", us / 1e6);
	return text;
}

/* 1234567 as 1,234,567 */
const char *
page_grouped(uint64_t number, char text[PAGE_NUMBER_MAX])
{
	char digits[PAGE_NUMBER_MAX];
	int length = snprintf(digits, sizeof digits, "%" PRIu64, number);
	int i, at = 0;

	for (i = 0; i < length; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			text[at++] = ',';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

void
page_colour(const struct page *page, const char *code)
{
	if (page->is_coloured)
		(void)fprintf(page->out, "\033[%sm", code);
}

void
page_heading(const struct page *page, const char *word)
{
	page_colour(page, "2");
	(void)fprintf(page->out, "  %-10s", word);
	page_colour(page, "0");
}
