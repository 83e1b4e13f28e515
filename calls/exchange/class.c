/* class: see class.h for what it is. */
#include "calls/exchange/class.h"

#include <string.h>

#include "calls/exchange/office_internal.h"
#include "switch/object.h"

enum line_class
class_of_line(const struct lines *lines, uint32_t id)
{
	const struct line *line = lines_at(lines, id);

	return line == NULL ? CLASS_ordinary : (enum line_class)line->class;
}

struct translation
class_translate(const struct office *office, const char *digits)
{
	struct translation translation = routing_translate(
	    office->routing, office->lines->numbering, digits, NULL);

	if (translation.line != LINE_NONE)
		translation.class =
		    (uint16_t)class_of_line(office->lines, translation.line);
	return translation;
}

void
class_begin(struct attempt *attempt, const struct lines *lines)
{
	attempt->class = (uint8_t)class_of_line(lines, attempt->port_a);
}

void
class_raise(struct attempt *attempt, enum line_class called)
{
	if (called == CLASS_emergency)
		attempt->class = CLASS_emergency;
}

void
office_set_class(struct office *office, uint32_t first, uint32_t count,
    enum line_class class)
{
	uint32_t line;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	for (line = first; line < first + count; line++)
		lines_at(office->lines, line)->class = (uint8_t) class;
	office_leave(office);
}

/* As a call takes them: # ends a number. */
enum line_class
class_of_number(const struct office *office, const char *digits)
{
	char number[DIGITS_MAX + 1] = "";
	const size_t length = strcspn(digits, "#");

	memcpy(number, digits, length < DIGITS_MAX ? length : DIGITS_MAX);
	return (enum line_class)class_translate(office, number).class;
}

enum line_class
office_class_of(struct office *office, uint32_t line, const char *digits)
{
	enum line_class class;

	CHECK_OBJ(office, OFFICE_MAGIC);
	office_enter(office->scheduler);
	class = class_of_line(office->lines, line);
	if (class_of_number(office, digits) == CLASS_emergency)
		class = CLASS_emergency;
	office_leave(office);
	return class;
}

const char *line_class_word(enum line_class class)
{
#define CLASS_WORD(symbol) #symbol,
	static const char *const words[] = { LINE_CLASSES(CLASS_WORD) };
#undef CLASS_WORD

	return words[class];
}
