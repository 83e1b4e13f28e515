/*
 * json: see json.h for what it is.
 */
#include "sim/json.h"

#include <stddef.h>
#include <string.h>

#include "switch/utf8.h"

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
put_character(FILE *out, const char *at)
{
	size_t length = utf8_length(at, strnlen(at, 4));

	if (length == 0)
		(void)fputs("\\ufffd", out);
	else if (length == 1)
		put_ascii(out, (unsigned char)at[0]);
	else
		(void)fwrite(at, 1, length, out);
	return length == 0 ? 1 : length;
}

void
json_string(FILE *out, const char *text)
{
	(void)fputc('"', out);
	while (*text != '\0')
		text += put_character(out, text);
	(void)fputc('"', out);
}
