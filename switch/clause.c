/*
 * clause: see clause.h for what it is.
 */
#include "switch/clause.h"

#include <string.h>

#include "switch/utf8.h"

enum { DELETE = 0x7f };

void
clause_tidy(char *clause)
{
	size_t left = strlen(clause), length;

	for (; left > 0; clause += length, left -= length) {
		length = utf8_length(clause, left);
		if (length == 0) {
			length = 1;
			*clause = '?';
		} else if ((unsigned char)*clause < ' ' || *clause == DELETE) {
			*clause = ' ';
		}
	}
}
