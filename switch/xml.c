/*
 * xml: see xml.h for what it is.
 */
#include "switch/xml.h"

#include <stddef.h>
#include <string.h>

#include "switch/utf8.h"

static void
put_ascii(FILE *out, char byte)
{
	if (byte == '&')
		(void)fputs("&amp;", out);
	else if (byte == '<')
		(void)fputs("&lt;", out);
	else if (byte == '>')
		(void)fputs("&gt;", out);
	else if (byte == '"')
		(void)fputs("&quot;", out);
	else if ((unsigned char)byte >= ' ' || byte == '\n')
		(void)fputc(byte, out);
	else
		(void)fputc(' ', out);
}

void
xml_text(FILE *out, const char *text)
{
	size_t length;

	for (; *text != '\0'; text += length == 0 ? 1 : length) {
		length = utf8_length(text, strnlen(text, 4));
		if (length == 0)
			(void)fputs("&#xfffd;", out);
		else if (length == 1)
			put_ascii(out, *text);
		else
			(void)fwrite(text, 1, length, out);
	}
}
