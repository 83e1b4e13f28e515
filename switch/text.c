/* text: see text.h for what it is. */
#include "switch/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
text_append(char *text, size_t size, const char *format, ...)
{
	const size_t length = strlen(text);
	va_list values;

	va_start(values, format);
	(void)vsnprintf(text + length, size - length, format, values);
	va_end(values);
}
