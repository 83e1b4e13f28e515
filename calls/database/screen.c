/*
 * screen: see screen.h for what it is.
 *
 * Texts are UTF-8 whatever the locale of whoever runs the program is, so they
 * are read by one of our own, of which no other thread knows.  Most are plain
 * ASCII, for which none is needed: a table has millions of them.
 */
#include "calls/database/screen.h"

#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <wchar.h>

enum { COLUMNS_USUAL = 80, COLUMNS_MOST = 10000 };

/* One character of a text, or one byte that is none. */
struct glyph {
	size_t length;
	unsigned int width;
	bool is_blank; /* it is one, or would steer a terminal */
};

/* 0: says nothing. */
static unsigned int
columns_by_environment(void)
{
	const char *text = getenv("COLUMNS");
	char *end = NULL;
	unsigned long columns;

	if (text == NULL || *text < '0' || *text > '9')
		return 0;
	columns = strtoul(text, &end, 10);
	return *end == '\0' && columns <= COLUMNS_MOST ? (unsigned int)columns
						       : 0;
}

unsigned int
screen_columns(FILE *out)
{
	const unsigned int columns = columns_by_environment();
	const int descriptor = fileno(out);
	struct winsize size;

	if (columns > 0)
		return columns;
	if (descriptor >= 0 && ioctl(descriptor, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col > 0)
		return size.ws_col;
	return COLUMNS_USUAL;
}

/* In a locale that knows UTF-8; what is none there takes a column. */
static struct glyph
read_glyph(const char *text)
{
	struct glyph glyph = { .length = 1, .width = 1 };
	mbstate_t state = { 0 };
	wchar_t character = 0;
	size_t length = mbrtowc(&character, text, strlen(text), &state);
	int width;

	if (length == 0 || length > strlen(text)) {
		glyph.is_blank = (unsigned char)*text < ' ';
		return glyph;
	}
	width = wcwidth(character);
	glyph.length = length;
	glyph.width = width < 0 ? 1 : (unsigned int)width;
	glyph.is_blank = width < 0 || character == ' ';
	return glyph;
}

/* How many bytes of it, `length` at most, are characters of one column each. */
static size_t
plain_length(const char *text, size_t length)
{
	size_t at = 0;

	while (at < length && text[at] >= ' ' && text[at] < 0x7f)
		at++;
	return at;
}

/* The locale before, to be given back. */
static locale_t
enter_utf_8(locale_t *ret_own)
{
	*ret_own = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	return uselocale(*ret_own);
}

static void
leave_utf_8(locale_t before, locale_t own)
{
	(void)uselocale(before);
	if (own != (locale_t)0)
		freelocale(own);
}

unsigned int
screen_width(const char *text)
{
	const size_t plain = plain_length(text, SIZE_MAX);
	unsigned int width = (unsigned int)plain;
	struct glyph glyph;
	locale_t own, before;

	text += plain;
	if (*text == '\0')
		return width;
	before = enter_utf_8(&own);
	for (; *text != '\0'; text += glyph.length) {
		glyph = read_glyph(text);
		width += glyph.width;
	}
	leave_utf_8(before, own);
	return width;
}

static void
print_glyphs(FILE *out, const char *text, size_t length)
{
	struct glyph glyph;

	for (; length > 0 && *text != '\0'; text += glyph.length) {
		glyph = read_glyph(text);
		if (glyph.length > length)
			return;
		length -= glyph.length;
		if (glyph.is_blank)
			putc(' ', out);
		else
			fwrite(text, 1, glyph.length, out);
	}
}

void
screen_print(FILE *out, const char *text, size_t length)
{
	const size_t plain = plain_length(text, length);
	locale_t own, before;

	fwrite(text, 1, plain, out);
	if (plain == length || text[plain] == '\0')
		return;
	before = enter_utf_8(&own);
	print_glyphs(out, text + plain, length - plain);
	leave_utf_8(before, own);
}

/* How many bytes of the text stand in its first line of so many columns. */
static size_t
first_line(const char *text, unsigned int width)
{
	size_t at = 0, last = 0; /* the last blank that it can end at */
	unsigned int used = 0;
	struct glyph glyph;

	for (; text[at] != '\0' && text[at] != '\n'; at += glyph.length) {
		glyph = read_glyph(text + at);
		used += glyph.width;
		if (glyph.is_blank)
			last = at;
		if (used > width)
			return last > 0 ? last : at > 0 ? at : glyph.length;
	}
	return at;
}

void
screen_wrap(
    FILE *out, const char *text, unsigned int width, unsigned int indent)
{
	locale_t own, before = enter_utf_8(&own);
	size_t length;

	if (width == 0)
		width = COLUMNS_USUAL;
	width = width > indent + 1 ? width - indent : 1;
	while (*text != '\0') {
		length = first_line(text, width);
		fprintf(out, "%*s", (int)indent, "");
		print_glyphs(out, text, length);
		putc('\n', out);
		text += length;
		text += *text == '\n' ? 1 : strspn(text, " ");
	}
	leave_utf_8(before, own);
}
