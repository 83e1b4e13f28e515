/*
 * json: see json.h for what it is.
 */
#include "sim/json.h"

#include <stddef.h>
#include <string.h>

/* How many bytes follow the first of a UTF-8 character; -1: none begins so. */
static int
followers(unsigned char first)
{
	if (first < 0x80)
		return 0;
	if (first < 0xc2 || first > 0xf4)
		return -1;
	return first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

static void
put_ascii(FILE *out, unsigned char byte)
{
	static const char named[] = "\b\f\n\r\t\"\\";
	static const char names[] = "bfnrt\"\\";
	const char *name = byte == 0 ? NULL : strchr(named, byte);

	if (name != NULL) {
		(void)fputc('\\', out);
		(void)fputc(names[name - named], out);
		return;
	}
	if (byte < 0x20 || byte == 0x7f)
		(void)fprintf(out, "\\u%04x", byte);
	else
		(void)fputc(byte, out);
}

/* One character; how many bytes it took. */
static size_t
put_character(FILE *out, const unsigned char *at)
{
	int count = followers(at[0]), i;

	for (i = 1; i <= count; i++)
		if ((at[i] & 0xc0) != 0x80)
			count = -1;
	if (count < 0) {
		(void)fputs("\\ufffd", out);
		return 1;
	}
	if (count == 0)
		put_ascii(out, at[0]);
	else
		(void)fwrite(at, 1, (size_t)count + 1, out);
	return (size_t)count + 1;
}

void
json_string(FILE *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	(void)fputc('"', out);
	while (*at != '\0')
		at += put_character(out, at);
	(void)fputc('"', out);
}
