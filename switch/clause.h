/*
 * clause: what is said to people about words of theirs, on one line.
 *
 * What was typed may be quoted, and may be cut where there is no room for more;
 * whatever it was, the line stays one, and a text.
 */
#ifndef SWITCH_CLAUSE_H
#define SWITCH_CLAUSE_H

/* In place: a control character becomes a blank, no character of UTF-8 a `?`.
 */
void clause_tidy(char *clause);

#endif
