/* differing: what the tests say to the processes of tests/modules/differing.c.
 */
#ifndef TESTS_MODULES_DIFFERING_H
#define TESTS_MODULES_DIFFERING_H

/* X(symbol, word): what 2.0 does otherwise than 1.0 when it gets that. */
/* clang-format off */
#define DIFFERING_KINDS(X)                                                     \
	X(SAME, "same")                                                        \
	X(ORDER, "order")	  /* two effects, the other way round */       \
	X(ARGUMENT, "argument")	  /* the same verb with another argument */    \
	X(FEWER, "fewer")                                                      \
	X(MORE, "more")                                                        \
	X(STATE, "state")	  /* a field that both have */                 \
	X(NEWER, "newer")	  /* a field that only 2.0 has */              \
	X(HELD, "held")		  /* comes to where there is no way back */    \
	X(CLAMPED, "clamped")	  /* more than 1.0 has room for, the same */   \
	X(VERB, "verb")		  /* declared */                               \
	X(FIELD, "field")	  /* declared */                               \
	X(CRASH, "crash")                                                      \
	X(LOOP, "loop")                                                        \
	X(UNSOUND, "unsound")	  /* its check refuses it */                   \
	X(ANSWER, "answer")	  /* does what it was answered */
/* clang-format on */
#define DIFFERING_ENUM(symbol, word) DIFFERING_##symbol,
enum differing_kind { DIFFERING_NONE, DIFFERING_KINDS(DIFFERING_ENUM) };
#undef DIFFERING_ENUM

#endif
