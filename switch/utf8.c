/*
 * utf8: see utf8.h for what it is; table 3-7 of the Unicode Standard.
 */
#include "switch/utf8.h"

size_t
utf8_length(const char *at, size_t left)
{
	const unsigned char *bytes = (const unsigned char *)at;
	size_t length, i;

	if (left == 0)
		return 0;
	if (bytes[0] < 0x80)
		return 1;
	length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
	if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || length > left)
		return 0;
	for (i = 1; i < length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	if ((bytes[0] == 0xe0 && bytes[1] < 0xa0) ||
	    (bytes[0] == 0xed && bytes[1] > 0x9f) ||
	    (bytes[0] == 0xf0 && bytes[1] < 0x90) ||
	    (bytes[0] == 0xf4 && bytes[1] > 0x8f))
		return 0;
	return length;
}

bool
utf8_is_text(const char *bytes, size_t length)
{
	size_t at = 0, step;

	for (; at < length; at += step) {
		step = utf8_length(bytes + at, length - at);
		if (step == 0 || bytes[at] == '\0')
			return false;
	}
	return true;
}
