/*
 * xml: a text as it stands in XML, between tags or in an attribute.
 */
#ifndef SWITCH_XML_H
#define SWITCH_XML_H

#include <stdio.h>

/*
 * What XML keeps for itself is escaped; a control character, for which it has
 * no way, becomes a blank, and a byte that is no UTF-8 becomes U+FFFD.
 */
void xml_text(FILE *out, const char *text);

#endif
