/*
 * schema_list: how a module writes down what its state looks like.
 *
 * Part of module.h, which includes it: ways of writing, no promises.  A state
 * is one list, and the list makes both the struct and the table by which the
 * switch reads and converts it, so that they cannot drift apart:
 *
 *	#define PARTY(F)
 *		F(LINE, uint32_t, line, LINE_NONE, "", "")
 *		F(ENUM, uint8_t, tone, 0, "", "none dial hold")
 *	#define CALL(F, T, A)
 *		F(UINT, uint64_t, t_answer, 0, "answered", "")
 *		T(dialled, 21, "called")
 *		F(UINT, uint8_t, parties_used, 2, "", "")
 *		A(RECORD, struct party, parties, 3, "parties_used", 0, "",
 *party)
 *
 *	struct party { PARTY(SCHEMA_MEMBER) };
 *	#define SCHEMA_STATE struct party
 *	static const struct field party[] = { PARTY(SCHEMA_FIELD) };
 *	... and likewise of CALL, with all three of its macros
 *
 * F(kind, type, name, default, former names, symbols): where an enum has its
 * symbols, a record has the table of its fields.  T is a text with its NUL, A
 * an array with the field that counts its elements in use ("" if all are), U a
 * union with the enum whose symbols name its branches; a symbol without branch
 * carries nothing.  Kinds: UINT INT BOOL ENUM PID LINE CIRCUIT RECORD.
 *
 * What may be pinned on the way to an older release stands in `no_way_back`:
 *
 *	"state HELD"       a symbol, or a branch of a union
 *	"overdial wide"    a number, text or array that is too much for it
 *
 * What the tables do not say stands in the `rules` of the newer release, for
 * both ways.  A field of a record is named through it, "parties.line".
 *
 *	"overdial clamp"   what does not fit becomes the nearest that does
 *	"state hook"       code_change does it, but for a value whose old place
 *			   is said as well and is there
 *	"state hook 2.0"   and knows it only as that release has it: all others
 *			   go by way of that one
 *	"parties[0].line from line_a"    it has moved; several old names may
 *stand
 *	"state HELD as TALKING"    the older release has one word for both; on
 *the way up it is code_change that tells them apart
 *
 * What a module does otherwise than its older versions, and means to, stands
 * in `differs` of the newer: a shadow run does not report it.  The event is as
 * in the log; the verb as in module.h, without its prefix `process_` or
 * `exchange_`; `state.FIELD` is what has become of a field; `*` is any.
 *
 *	"answer port_tone"
 *	"timeout T301 *"
 *	"* state.t_answer"
 */
#ifndef SWITCH_SCHEMA_LIST_H
#define SWITCH_SCHEMA_LIST_H

/* clang-format off */
#define SCHEMA_MEMBER(kind, type, name, initial, former, symbols) type name;
#define SCHEMA_MEMBER_TEXT(name, length, former) char name[length];
#define SCHEMA_MEMBER_UNION(type, name, tag, former, branches) type name;
#define SCHEMA_MEMBER_ARRAY(kind, type, name, length, used, initial, former,   \
    symbols)                                                                   \
	type name[length];

#define SCHEMA_FIELD(kind, type, name, initial, former, symbols)               \
	SCHEMA_ROW(kind, type, name, initial, former, symbols, 0, "")
#define SCHEMA_FIELD_TEXT(name, length, former)                                \
	SCHEMA_ROW(TEXT, char[length], name, 0, former, "", 0, "")
#define SCHEMA_FIELD_UNION(type, name, tag, former, branches)                  \
	SCHEMA_ROW(UNION, type, name, 0, former, branches, 0, tag)
#define SCHEMA_FIELD_ARRAY(kind, type, name, length, used, initial, former,    \
    symbols)                                                                   \
	SCHEMA_ROW(kind, type, name, initial, former, symbols, length, used)

/* `what` is words or a table. */
#define SCHEMA_IF_TABLE(what, table, words)                                    \
	_Generic(&(what)[0], const struct field *: (table), default: (words))
#define SCHEMA_ROW(kind, type, name, initial, former, what, length, by)        \
	{ #name, former, SCHEMA_IF_TABLE(what, "", what), initial,             \
		offsetof(SCHEMA_STATE, name), FIELD_##kind, sizeof(type),      \
		length,                                                        \
		SCHEMA_IF_TABLE(what, sizeof(what) / sizeof((what)[0]), 0),    \
		SCHEMA_IF_TABLE(what, what, NULL), by },
/* clang-format on */

#endif
