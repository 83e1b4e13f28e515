/* A condition that the switch takes means what it means in Tcl. */
#include "tests/fuzz/fuzz.h"

#include <tcl.h>

#include "sim/condition.h"
#include "tests/condition_columns.h"

static const char *const names[COLUMNS] = { "calling", "class", "calls",
	"crashes", "asr", "old_asr" };
static Tcl_Interp *interp;

/* What Tcl cannot compute (1/0) fulfils nothing. */
static void
agree(const struct condition *condition, const char *text)
{
	struct condition_value values[COLUMNS];
	int expected = 0;
	bool holds;

	fill(values);
	holds = condition_holds(condition, values);
	if (Tcl_ExprBoolean(interp, text, &expected) == TCL_OK)
		must(holds == (expected != 0), "%s: Tcl says %d", text,
		    expected);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	unsigned int i;

	(void)argc;
	(void)argv;
	Tcl_FindExecutable(NULL);
	interp = Tcl_CreateInterp();
	for (i = 0; i < COLUMNS; i++)
		(void)Tcl_SetVar(interp, names[i], words[i], 0);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct condition *condition = NULL;
	char why[256] = "", *text = text_of(bytes, size);

	if (condition_compile(&condition, text, &columns, why, sizeof why) == 0)
		agree(condition, text);
	else
		expect_clause(why);
	condition_free(&condition);
	free(text);
	return 0;
}
