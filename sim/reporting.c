/*
 * reporting: see reporting.h for what it is.
 */
#include "sim/reporting.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "calls/database/report.h"
#include "sim/condition.h"
#include "sim/live.h"
#include "sim/output.h"
#include "sim/units.h"

enum { COLUMNS_MAX = 64, NAMES_MAX = 1536, WORDS_MAX = 32, SPAN_MAX = 64 };

/* The columns of a report, as a condition wants them: texts first. */
struct columns {
	char texts[NAMES_MAX], numbers[NAMES_MAX];
	bool is_text[COLUMNS_MAX];
	unsigned int count, texts_count;
};

/* A condition, and which of its columns each column of the report is. */
struct wanting {
	struct condition *condition;
	struct columns columns;
};

static void
append_name(char *names, const char *name)
{
	const size_t at = strlen(names);

	(void)snprintf(
	    names + at, NAMES_MAX - at, "%s%s", at == 0 ? "" : " ", name);
}

static void
add_column(void *arg, const char *name, bool is_text)
{
	struct columns *columns = arg;

	if (columns->count == COLUMNS_MAX)
		return;
	append_name(is_text ? columns->texts : columns->numbers, name);
	columns->is_text[columns->count++] = is_text;
	columns->texts_count += is_text;
}

/* What is not there is not known, and fulfils no comparison. */
static struct condition_value
value_of(const struct report_value *value, bool is_text)
{
	if (is_text)
		return condition_text(
		    value->kind == REPORT_TEXT ? value->text : NULL);
	if (value->kind == REPORT_INTEGER)
		return (struct condition_value){ .type = CONDITION_INTEGER,
			.integer = value->integer };
	return condition_real(value->kind == REPORT_REAL
		? value->real
		: (double)__builtin_nan(""));
}

static bool
wants(void *arg, const struct report_value *values)
{
	const struct wanting *wanting = arg;
	const struct columns *columns = &wanting->columns;
	struct condition_value by_column[COLUMNS_MAX];
	unsigned int i, text = 0, number = columns->texts_count;

	for (i = 0; i < columns->count; i++)
		by_column[columns->is_text[i] ? text++ : number++] =
		    value_of(&values[i], columns->is_text[i]);
	return condition_holds(wanting->condition, by_column);
}

/* The condition on the columns of that report, into `wanting`. */
static int
compile(struct wanting *wanting, const char *name, const char *where, char *why,
    size_t size)
{
	const struct condition_columns columns = { wanting->columns.texts,
		wanting->columns.numbers };
	char clause[512];
	int result = report_columns(
	    name, add_column, &wanting->columns, why, (unsigned int)size);

	if (result != 0 || where == NULL)
		return result;
	result = condition_compile(
	    &wanting->condition, where, &columns, clause, sizeof clause);
	if (result != 0)
		(void)snprintf(why, size, "-where: %s", clause);
	return result == -EINVAL ? -EDOM : result;
}

int
reporting_check(const char *name, const char *where, char *why, size_t size)
{
	struct wanting wanting = { .condition = NULL };
	int result = 0;

	if (name != NULL)
		result = compile(&wanting, name, where, why, size);
	condition_free(&wanting.condition);
	return result;
}

/* "longer=1m" as "longer=60". */
static const char *
spell_duration(const char *word, char *spelt)
{
	uint64_t us;

	if (strncmp(word, "longer=", 7) != 0 || !units_duration(word + 7, &us))
		return word;
	(void)snprintf(spelt, SPAN_MAX, "longer=%.10g", (double)us / 1e6);
	return spelt;
}

/* "time=10s-1m" as "time=10-60"; others as they are. */
static const char *
spell_span(const char *word, char *spelt)
{
	const char *dash = strchr(word, '-');
	uint64_t from, to;
	char first[SPAN_MAX];

	if (strncmp(word, "time=", 5) != 0 || dash == NULL ||
	    dash - word >= SPAN_MAX)
		return spell_duration(word, spelt);
	(void)snprintf(
	    first, sizeof first, "%.*s", (int)(dash - word - 5), word + 5);
	if (!units_duration(first, &from) || !units_duration(dash + 1, &to))
		return word;
	(void)snprintf(spelt, SPAN_MAX, "time=%.10g-%.10g", (double)from / 1e6,
	    (double)to / 1e6);
	return spelt;
}

static enum report_format
format_of(enum format format)
{
	if (format == FORMAT_CSV)
		return REPORT_CSV;
	if (format == FORMAT_HTML)
		return REPORT_HTML;
	return format == FORMAT_JSON ? REPORT_JSON : REPORT_TABLE;
}

static struct report_options
options_of(const struct reporting *asked)
{
	return (struct report_options){
		.name = asked->name == NULL ? "summary" : asked->name,
		.path = asked->path,
		.run = asked->run,
		.format = format_of(asked->format),
		.width = asked->width,
		.is_coloured = asked->is_coloured,
		.limit = (int64_t)asked->limit,
		.fill = asked->seen == NULL ? NULL : live_fill,
		.fill_arg = asked->seen,
	};
}

int
reporting_print(const struct reporting *asked, FILE *out, char *why)
{
	const char *words[WORDS_MAX];
	char spelt[WORDS_MAX][SPAN_MAX];
	struct wanting wanting = { .condition = NULL };
	struct report_options options = options_of(asked);
	int result = 0;

	options.words = words;
	options.arg = &wanting;

	for (; options.words_count < asked->words_count &&
	     options.words_count < WORDS_MAX;
	     options.words_count++)
		words[options.words_count] =
		    spell_span(asked->words[options.words_count],
			spelt[options.words_count]);
	if (asked->where != NULL) {
		result = compile(
		    &wanting, options.name, asked->where, why, REPORTING_WHY);
		options.wants = wants;
	}
	if (result == 0)
		result = report_print(&options, out, why, REPORTING_WHY);
	condition_free(&wanting.condition);
	return result;
}

bool
reporting_is_wrong(int result)
{
	return result == -ENOENT || result == -EDOM;
}

/* Every row is wanted, and its verdict is looked at. */
struct audit {
	unsigned int columns, verdict; /* its place among them */
	bool holds;
};

static void
find_verdict(void *arg, const char *name, bool is_text)
{
	struct audit *audit = arg;

	(void)is_text;
	if (strcmp(name, "verdict") == 0)
		audit->verdict = audit->columns;
	audit->columns++;
}

static bool
look_at_verdict(void *arg, const struct report_value *values)
{
	struct audit *audit = arg;

	if (strcmp(values[audit->verdict].text, "holds") != 0)
		audit->holds = false;
	return true;
}

int
reporting_audit(
    const struct reporting *asked, FILE *out, bool *ret_holds, char *why)
{
	struct report_options options = options_of(asked);
	struct audit audit = { .holds = true };
	int result = report_columns(
	    options.name, find_verdict, &audit, why, REPORTING_WHY);

	options.wants = look_at_verdict;
	options.arg = &audit;
	if (result == 0)
		result = report_print(&options, out, why, REPORTING_WHY);
	if (result == 0)
		*ret_holds = audit.holds;
	return result;
}

/* What must not be replaced by a report: -EDOM. */
static int
check_target(const struct reporting *asked, const char *path, char *why)
{
	struct stat target, database;

	if (stat(path, &target) != 0)
		return 0;
	(void)snprintf(why, REPORTING_WHY,
	    "cannot write report '%s': it is no regular file", path);
	if (!S_ISREG(target.st_mode))
		return -EDOM;
	(void)snprintf(why, REPORTING_WHY,
	    "cannot write report '%s': it is the database itself", path);
	return stat(asked->path, &database) == 0 &&
		target.st_dev == database.st_dev &&
		target.st_ino == database.st_ino
	    ? -EDOM
	    : 0;
}

static int
fail_file(const char *path, int error, char *why)
{
	(void)snprintf(why, REPORTING_WHY, "cannot write report '%s': %s", path,
	    strerror(error));
	return -error;
}

int
reporting_write(const struct reporting *asked, const char *path, char *why)
{
	struct output output;
	int result = check_target(asked, path, why), printed;

	if (result != 0)
		return result;
	result = output_open(&output, path);
	if (result != 0)
		return fail_file(path, -result, why);
	printed = reporting_print(asked, output.stream, why);
	result = output_close(&output, printed);
	return result == printed ? result : fail_file(path, -result, why);
}
