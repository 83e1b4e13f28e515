/*
 * A damaged file is refused with its reason, or read and brought forward; who
 * reads it is not harmed, and one that is refused is as it was.
 *
 * An input begins with the number of a base, then comes SQL by which another
 * program has changed that file, up to a line "@"; behind it characters by
 * threes, which of its bytes were damaged and how: two say where ("!" and one:
 * in its header), one is mixed to what stands there now.
 */
#include "tests/fuzz/fuzz.h"

#include "tests/report_place.h"

#include "calls/database/database.h"
#include "calls/database/report_list.h"
#include "calls/database/schema.h"

enum {
	BASES = 4,
	SQL_MAX = 64 * 1024,
	STEPS_MAX = 200, /* of 1000 instructions: no statement takes longer */
	REPORTS = 2	 /* that are asked for, of all, beside the summary */
};

/* Of these schemas; 0: of today's, with rows. */
static const int versions[BASES] = { 0, 1, 9, 20 };

struct file {
	uint8_t *bytes;
	size_t size;
};

static struct place *place;
static struct file bases[BASES];

/*--------------------------------------------------------------------
 * Files
 */

static struct file
read_file(void)
{
	struct file found = { NULL, 0 };
	FILE *file = fopen(place->path, "rb");

	must(file != NULL && fseek(file, 0, SEEK_END) == 0, "no file");
	found.size = (size_t)ftell(file);
	found.bytes = malloc(found.size + 1);
	rewind(file);
	must(fread(found.bytes, 1, found.size, file) == found.size, "short");
	(void)fclose(file);
	return found;
}

static void
write_file(const struct file *wanted)
{
	FILE *file = fopen(place->path, "wb");

	must(file != NULL &&
		fwrite(wanted->bytes, 1, wanted->size, file) == wanted->size,
	    "cannot write");
	(void)fclose(file);
}

static void
expect_unchanged(const struct file *before)
{
	struct file now = read_file();

	must(now.size == before->size &&
		memcmp(now.bytes, before->bytes, now.size) == 0,
	    "who was refused, or only read, has changed the file");
	free(now.bytes);
}

static void
make_older(int version)
{
	static char sql[SQL_MAX];
	char path[512];
	FILE *file;
	int i;

	(void)unlink(place->path);
	for (i = 1; i <= version; i++) {
		(void)snprintf(path, sizeof path,
		    HOTSWITCH_SOURCE "/tests/schemas/%d.sql", i);
		file = fopen(path, "r");
		must(file != NULL, "no %s", path);
		sql[fread(sql, 1, sizeof sql - 1, file)] = '\0';
		(void)fclose(file);
		run_sql(place, sql);
	}
}

/*--------------------------------------------------------------------
 * Damage
 */

static int
forbid(void *arg, int action, const char *one, const char *other,
    const char *database, const char *trigger)
{
	(void)arg, (void)one, (void)database, (void)trigger;
	if (action == SQLITE_ATTACH || action == SQLITE_RECURSIVE)
		return SQLITE_DENY; /* other files, and what never ends */
	return action == SQLITE_FUNCTION && strstr(other, "blob") != NULL
	    ? SQLITE_DENY /* nor any amount of memory */
	    : SQLITE_OK;
}

static int
take_step(void *arg)
{
	return ++*(unsigned int *)arg > STEPS_MAX;
}

static void
change(const char *sql)
{
	unsigned int steps = 0;
	sqlite3 *db;

	must(sqlite3_open(place->path, &db) == SQLITE_OK, "cannot open");
	(void)sqlite3_set_authorizer(db, forbid, NULL);
	sqlite3_progress_handler(db, 1000, take_step, &steps);
	(void)sqlite3_exec(db, sql, NULL, NULL, NULL);
	(void)sqlite3_close(db);
}

static void
damage(struct file *file, const char *how)
{
	size_t at;

	for (; file->size > 0 && how[0] != '\0' && how[1] != '\0' &&
	     how[2] != '\0';
	     how += 3) {
		at = how[0] == '!'
		    ? (size_t)(how[1] & 127)
		    : (size_t)((how[0] & 127) * 128 + (how[1] & 127)) *
			file->size / (128 * 128);
		file->bytes[at % file->size] ^= (uint8_t)(how[2] * 37);
	}
}

/*--------------------------------------------------------------------
 * Reading
 */

static void
ask(const char *name, enum report_format format)
{
	const struct report_kind *kind = report_find(name);
	const char *keys = kind == NULL ? NULL : kind->keys;
	char asked[64];

	(void)snprintf(asked, sizeof asked, "%s%s", name,
	    keys == NULL		    ? ""
		: strchr(keys, ' ') == NULL ? " 1"
					    : " call 1.0 2.0");
	place->why[0] = '\0';
	if (print(place, asked, format, "last", format == REPORT_TABLE) != 0)
		expect_clause(place->why);
}

static void
read_reports(unsigned int from)
{
	const struct file before = read_file();
	unsigned int count = 0, i;

	while (report_at(count) != NULL)
		count++;
	ask("summary", REPORT_TABLE);
	for (i = 0; i < REPORTS; i++)
		ask(report_at((from + i * 7) % count)->name,
		    (enum report_format)(i % 4));
	expect_unchanged(&before);
	free(before.bytes);
}

/* The number of its schema, as its header has it (sqlite.org/fileformat2). */
static uint32_t
number_of(const struct file *file)
{
	const uint8_t *bytes = file->bytes + 60;

	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	    (uint32_t)bytes[2] << 8 | bytes[3];
}

static void
expect_known(const struct file *file)
{
	must(file->size < 100 ||
		(number_of(file) >= 1 && number_of(file) <= SCHEMA_VERSION),
	    "nobody knows schema %u", number_of(file));
}

/* As a run does that is to be recorded there. */
static void
bring_forward(void)
{
	const struct file before = read_file();
	sqlite3 *db = NULL;

	place->why[0] = '\0';
	if (database_open(&db, place->path, DATABASE_WRITE, place->why,
		sizeof place->why) != 0) {
		expect_clause(place->why);
		expect_unchanged(&before);
	} else {
		expect_known(&before);
	}
	database_close(&db);
	free(before.bytes);
}

/* What an input has written need not outlive the power. */
int
fsync(int file)
{
	(void)file;
	return 0;
}

int
fdatasync(int file)
{
	(void)file;
	return 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	void *state = NULL;
	unsigned int i;

	(void)argc;
	(void)argv;
	must(setup_runs(&state) == 0, "no folder");
	place = state;
	for (i = 0; i < BASES; i++) {
		if (versions[i] > 0)
			make_older(versions[i]);
		bases[i] = read_file();
	}
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *text, *sql, *how;
	struct file file;
	unsigned int sum = 0;

	if (size == 0)
		return -1;
	text = text_of(bytes, size);
	sql = text + 1;
	how = strstr(sql, "@\n");
	write_file(&bases[(unsigned int)text[0] % BASES]);
	if (how != NULL)
		*how = '\0';
	change(sql);
	file = read_file();
	damage(&file, how == NULL ? "" : how + 2);
	write_file(&file);
	free(file.bytes);
	for (how = text; *how != '\0'; how++)
		sum = sum * 31 + (unsigned char)*how;
	if (sum % 2 == 0)
		bring_forward();
	read_reports(sum % 64);
	if (sum % 2 == 1)
		bring_forward();
	free(text);
	return 0;
}
