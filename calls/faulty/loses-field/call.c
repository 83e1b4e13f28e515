/*
 * faulty/loses-field: call 2.0, whose table says that `t_answer` has 32 bits.
 *
 * No rule says what becomes of the upper half, so no plan leads here: the load
 * is refused and names the field.
 */
#define hotswitch_module sound_module
/* NOLINTNEXTLINE(bugprone-suspicious-include): a release is one file */
#include "calls/2.0/call.c"
#undef hotswitch_module

/* Only that one is half as wide. */
#define HALVED(member)                                                         \
	(offsetof(SCHEMA_STATE, member) == offsetof(SCHEMA_STATE, t_answer))
#define NARROWED_FIELD(its_kind, type, member, its_initial, its_former, words) \
	{ .name = #member,                                                     \
		.former = (its_former),                                        \
		.symbols = (words),                                            \
		.initial = (its_initial),                                      \
		.offset = offsetof(SCHEMA_STATE, member),                      \
		.kind = FIELD_##its_kind,                                      \
		.width = sizeof(type) / (HALVED(member) ? 2 : 1) },

static const struct field narrowed_fields[] = { CALL_FIELDS(
    NARROWED_FIELD, SCHEMA_FIELD_TEXT, SCHEMA_FIELD_ARRAY) };

extern MODULE_VERB const struct module hotswitch_module;
const struct module hotswitch_module =
    CALL_MODULE(MODULE_ABI, "faulty/loses-field", narrowed_fields, call_handle);
