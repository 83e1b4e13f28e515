/*
 * ladder_svg: a ladder as a picture.
 *
 * Made to be looked at: light or dark as the reader's screen is, with the fonts
 * that any machine has, every word a text that can be searched, read aloud and
 * copied.  A label has a halo, so that the lines it crosses do not strike it
 * out, and its row for itself, so that no two lie on each other; lines stand as
 * far apart as the words between them want.  The line of a call is a bar whose
 * colour is that of its version.
 */
#include "calls/database/ladder_internal.h"

#include <stdlib.h>
#include <string.h>

#include "switch/object.h"
#include "switch/xml.h"

enum {
	LEFT = 84, /* of the first line: times stand there */
	MARGIN = 24,
	HEAD = 30,
	ROW = 24,
	ACROSS = 34,
	PAUSE = 10, /* more where time has passed */
	GAP = 84,
	LETTER = 7, /* a mean one of 12 px */
	COLOURS = 4,
	FOOT_ROWS = 24 /* with more of them the names stand below as well */
};

struct picture {
	struct ladder_part part;
	FILE *out;
	int places[LADDER_LINES]; /* x */
	int *rows;		  /* y of each rung; -1: not of the part */
	int y, top, bottom, width;
};

static const char style[] =
    "<style>\n"
    "svg{background:#fff;font:12px system-ui,\"Segoe UI\",\"DejaVu Sans\","
    "Helvetica,Arial,sans-serif}\n"
    "text{fill:#1b1f24}\n"
    ".h{font-weight:600;font-size:13px}.n{font-weight:600}\n"
    ".t{fill:#59636e;font-family:ui-monospace,\"DejaVu Sans Mono\",Menlo,"
    "Consolas,monospace;font-size:11px}\n"
    ".l{stroke:#aab2bd;stroke-width:1.2;stroke-dasharray:2 3}\n"
    ".a{stroke:#2f3b49;stroke-width:1.3}.w{fill:#2f3b49}\n"
    ".o{paint-order:stroke;stroke:#fff;stroke-width:5px;"
    "stroke-linejoin:round}\n"
    ".b{fill:#f1f4f8;stroke:#8793a1}.c{fill:#e3edfb;stroke:#3b6fb6}\n"
    ".s{fill:#fff;stroke:#3b6fb6}\n"
    ".u{stroke:#a2450c;stroke-width:2.2}.p{fill:#fdeadd;stroke:#a2450c}"
    ".pt{fill:#7a3208;font-weight:600}\n"
    ".f{stroke:#b3261e;stroke-width:2}.ft{fill:#b3261e;font-weight:600}\n"
    ".g{stroke:#c5ccd5;stroke-dasharray:6 4}.gt{fill:#59636e;"
    "font-style:italic}\n"
    ".v0{fill:#8fb3e3}.v1{fill:#f0b27d}.v2{fill:#8fcf9f}.v3{fill:#cdaae6}\n"
    "@media(prefers-color-scheme:dark){\n"
    "svg{background:#14181d}text{fill:#e4e8ed}.t,.gt{fill:#98a3b0}\n"
    ".l{stroke:#4b5663}.a{stroke:#c3ccd6}.w{fill:#c3ccd6}"
    ".o{stroke:#14181d}\n"
    ".b{fill:#222932;stroke:#6d7a89}.c{fill:#1d2f49;stroke:#79a8e6}"
    ".s{fill:#14181d;stroke:#79a8e6}\n"
    ".u{stroke:#f0a06a}.p{fill:#3b2415;stroke:#f0a06a}.pt{fill:#ffc9a3}\n"
    ".f{stroke:#ff8a80}.ft{fill:#ff8a80}.g{stroke:#3a444f}\n"
    ".v0{fill:#3f6aa3}.v1{fill:#a8662f}.v2{fill:#3f8552}.v3{fill:#7f55a3}\n"
    "}\n"
    "</style>\n";

static int
wide(const char *text)
{
	return (int)strlen(text) * LETTER;
}

/*--------------------------------------------------------------------
 * Where the lines stand
 */

/* All lines from `to` on move right until there is so much between them. */
static void
widen(struct picture *picture, unsigned int from, unsigned int to, int wanted)
{
	const int is = picture->places[to] - picture->places[from];
	unsigned int i;

	for (i = to; wanted > is && i < picture->part.count; i++)
		picture->places[i] += wanted - is;
}

static void
make_room(
    struct picture *picture, const struct ladder_rung *rung, unsigned int span)
{
	unsigned int from, to;
	const int length = wide(rung->label);

	ladder_ends(&picture->part, rung, &from, &to);
	if (rung->kind > LADDER_OUT ||
	    (from < to ? to - from : from - to) != span)
		return;
	widen(
	    picture, from < to ? from : to, from < to ? to : from, length + 40);
}

static void
spread(struct picture *picture)
{
	const struct ladder *ladder = picture->part.ladder;
	char one[LADDER_TITLE], other[LADDER_TITLE];
	unsigned int i, span;

	for (i = 0; i < picture->part.count; i++)
		picture->places[i] = LEFT + 48 + (int)i * GAP;
	for (i = 0; i + 1 < picture->part.count; i++)
		widen(picture, i, i + 1,
		    (wide(ladder_name(&picture->part, i, one)) +
			wide(ladder_name(&picture->part, i + 1, other))) /
			    2 +
			32);
	for (span = 1; span < picture->part.count; span++)
		for (i = 0; i < ladder->rungs_count; i++)
			if (ladder_is_of(&picture->part, i))
				make_room(picture, &ladder->rungs[i], span);
}

/* Half of the longest word on the last line stands right of it. */
static int
right_of(const struct picture *picture)
{
	const struct ladder *ladder = picture->part.ladder;
	const unsigned int last = picture->part.count - 1;
	char name[LADDER_TITLE];
	int most = wide(ladder_name(&picture->part, last, name)) / 2 + 12;
	unsigned int i, from, to;

	for (i = 0; i < ladder->rungs_count; i++) {
		if (!ladder_is_of(&picture->part, i))
			continue;
		ladder_ends(&picture->part, &ladder->rungs[i], &from, &to);
		if (from == to && to + 1 >= last &&
		    wide(ladder->rungs[i].label) + 24 > most)
			most = wide(ladder->rungs[i].label) + 24;
	}
	return picture->places[last] + most + MARGIN;
}

/*--------------------------------------------------------------------
 * What stands there
 */

static void
put_text(struct picture *picture, const char *class, const char *anchor, int x,
    int y, const char *text)
{
	(void)fprintf(picture->out,
	    "<text class=\"%s\" text-anchor=\"%s\" x=\"%d\" y=\"%d\">", class,
	    anchor, x, y);
	xml_text(picture->out, text);
	(void)fputs("</text>\n", picture->out);
}

static void
put_line(
    struct picture *picture, const char *class, int x1, int y1, int x2, int y2)
{
	(void)fprintf(picture->out,
	    "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n",
	    class, x1, y1, x2, y2);
}

static void
put_box(struct picture *picture, const char *class, int x, int y, int width,
    int height)
{
	(void)fprintf(picture->out,
	    "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "rx=\"%d\"/>\n",
	    class, x, y, width, height, height / 3 > 9 ? 9 : height / 3);
}

static void
put_names(struct picture *picture)
{
	char name[LADDER_TITLE];
	unsigned int i;
	int width, x;

	for (i = 0; i < picture->part.count; i++) {
		(void)ladder_name(&picture->part, i, name);
		width = wide(name) + 20;
		x = picture->places[i];
		put_box(picture,
		    ladder_line(&picture->part, i)->role == LADDER_CALL ? "c"
									: "b",
		    x - width / 2, picture->y, width, HEAD - 6);
		put_text(picture, "n", "middle", x, picture->y + 16, name);
	}
	picture->y += HEAD;
}

static bool
is_across(const struct ladder_rung *rung)
{
	return rung->kind == LADDER_UPGRADE || rung->kind == LADDER_PHASE;
}

/*
 * Where each rung is.  An upgrade is drawn once for all calls that went at that
 * moment, but each of them has a row.
 */
static void
find_rows(struct picture *picture)
{
	const struct ladder *ladder = picture->part.ladder;
	const struct ladder_rung *rung, *before = NULL;
	unsigned int i;
	int height;

	picture->top = picture->y;
	for (i = 0; i < ladder->rungs_count; i++) {
		rung = &ladder->rungs[i];
		picture->rows[i] = -1;
		if (!ladder_is_of(&picture->part, i)) {
			if (rung->kind == LADDER_UPGRADE && i > 0)
				picture->rows[i] = picture->rows[i - 1];
			continue;
		}
		height = is_across(rung) ? ACROSS : ROW;
		if (before != NULL && before->at != rung->at)
			picture->y += PAUSE;
		picture->rows[i] = picture->y + height / 2;
		picture->y += height;
		before = rung;
	}
	picture->bottom = picture->y + 8;
}

static int
row_of(const struct picture *picture, unsigned int rung)
{
	return rung < picture->part.ladder->rungs_count ? picture->rows[rung]
							: picture->top;
}

/* The life of a call, in the colour of the version that it has. */
static void
put_bar(struct picture *picture, unsigned int place)
{
	const struct ladder *ladder = picture->part.ladder;
	const struct ladder_rung *rung;
	const struct ladder_line *line = ladder_line(&picture->part, place);
	unsigned int i, version = ladder->rungs[line->first].version;
	int top = row_of(picture, line->first) - 8, end;
	char class[8];

	for (i = line->first; i <= line->last; i++) {
		rung = &ladder->rungs[i];
		if (i < line->last &&
		    (rung->kind != LADDER_UPGRADE ||
			rung->call != picture->part.lines[place]))
			continue;
		end = picture->rows[i] + (i == line->last ? 14 : 0);
		(void)snprintf(class, sizeof class, "v%u", version % COLOURS);
		put_box(picture, class, picture->places[place] - 4, top, 8,
		    end - top);
		top = end;
		version = rung->version;
	}
}

/* What lies below all that is written. */
static void
put_lines(struct picture *picture)
{
	unsigned int i;

	for (i = 0; i < picture->part.count; i++) {
		put_line(picture, "l", picture->places[i], picture->top - 6,
		    picture->places[i], picture->bottom);
		if (ladder_line(&picture->part, i)->role == LADDER_CALL)
			put_bar(picture, i);
	}
}

/*--------------------------------------------------------------------
 * Rungs
 */

/* The point of an arrow lies beside the bar of a call, and on a line. */
static int
point_of(const struct picture *picture, unsigned int place, int side)
{
	bool is_bar = ladder_line(&picture->part, place)->role == LADDER_CALL;

	return picture->places[place] + side * (is_bar ? 5 : 1);
}

static void
put_arrow(struct picture *picture, const struct ladder_rung *rung, int y)
{
	unsigned int from, to;
	int x1, x2, way;

	ladder_ends(&picture->part, rung, &from, &to);
	way = from < to ? 1 : -1;
	x1 = point_of(picture, from, way);
	x2 = point_of(picture, to, -way);
	put_line(picture, "a", x1, y + 5, x2 - way * 6, y + 5);
	(void)fprintf(picture->out,
	    "<path class=\"w\" d=\"M%d %dl%d -4v8z\"/>\n", x2, y + 5, -way * 8);
	put_text(picture, "o", "middle", (x1 + x2) / 2, y, rung->label);
}

/* A state is a card on the bar of its call; other words stand beside it. */
static void
put_word(struct picture *picture, const struct ladder_rung *rung, int y)
{
	const int x = picture->places[picture->part.places[rung->call]];
	const int width = wide(rung->label) + 18;

	if (rung->kind == LADDER_STATE) {
		put_box(picture, "s", x - width / 2, y - 9, width, 18);
		put_text(picture, "s0", "middle", x, y + 4, rung->label);
		return;
	}
	if (rung->kind == LADDER_FAULT) {
		put_line(picture, "f", x - 6, y - 6, x + 6, y + 6);
		put_line(picture, "f", x - 6, y + 6, x + 6, y - 6);
	}
	put_text(picture, rung->kind == LADDER_FAULT ? "o ft" : "o gt", "start",
	    x + 12, y + 4, rung->label);
}

static void
put_across(struct picture *picture, const struct ladder_rung *rung, int y)
{
	const bool is_upgrade = rung->kind == LADDER_UPGRADE;
	const int width = wide(rung->label) + 28;
	const int middle = (LEFT + picture->width - MARGIN) / 2;

	put_line(picture, is_upgrade ? "u" : "g", LEFT, y,
	    picture->width - MARGIN, y);
	if (is_upgrade)
		put_box(picture, "p", middle - width / 2, y - 11, width, 22);
	put_text(picture, is_upgrade ? "pt" : "o gt", "middle", middle, y + 4,
	    rung->label);
}

static void
put_rungs(struct picture *picture)
{
	const struct ladder *ladder = picture->part.ladder;
	const struct ladder_rung *rung, *before = NULL;
	unsigned int i, from, to;
	char time[32];
	int y;

	for (i = 0; i < ladder->rungs_count; i++) {
		if (!ladder_is_of(&picture->part, i))
			continue;
		rung = &ladder->rungs[i];
		y = picture->rows[i];
		ladder_ends(&picture->part, rung, &from, &to);
		(void)snprintf(
		    time, sizeof time, "%.3f s", (double)rung->at / 1e6);
		if (before == NULL || before->at != rung->at)
			put_text(picture, "t", "end", LEFT - 10, y + 4, time);
		if (is_across(rung))
			put_across(picture, rung, y);
		else if (from != to)
			put_arrow(picture, rung, y);
		else
			put_word(picture, rung, y);
		before = rung;
	}
}

/*--------------------------------------------------------------------
 * Whole
 */

static void
put_part(struct picture *picture)
{
	spread(picture);
	picture->y += MARGIN / 2;
	put_names(picture);
	find_rows(picture);
	put_lines(picture);
	put_rungs(picture);
	picture->y = picture->bottom;
	if (picture->bottom - picture->top > FOOT_ROWS * ROW)
		put_names(picture);
	picture->y += MARGIN / 2;
}

/* How wide all parts are, before any is drawn. */
static int
find_width(const struct ladder *ladder, int width)
{
	struct picture picture = { .out = NULL };
	struct ladder_part part;
	bool has_more = ladder_next(ladder, NULL, &picture.part);

	for (; has_more; has_more = ladder_next(ladder, &part, &picture.part)) {
		part = picture.part;
		if (part.count == 0)
			continue;
		spread(&picture);
		width = right_of(&picture) > width ? right_of(&picture) : width;
	}
	return width;
}

static int
put_parts(const struct ladder *ladder, FILE *out, int width)
{
	struct picture picture = { .out = out, .width = width, .y = 36 };
	const size_t size = ladder->rungs_count * sizeof picture.rows[0];
	bool has_more = ladder_next(ladder, NULL, &picture.part);
	struct ladder_part part;

	picture.rows = object_alloc(size);
	if (picture.rows == NULL)
		return picture.y;
	for (; has_more; has_more = ladder_next(ladder, &part, &picture.part)) {
		part = picture.part;
		if (part.count > 0)
			put_part(&picture);
	}
	object_free(picture.rows, size);
	return picture.y;
}

/* Its height is known when it is drawn: the drawing goes behind its head. */
void
ladder_svg(struct ladder *ladder, FILE *out, const char *title)
{
	char *body = NULL;
	size_t size = 0;
	FILE *held = open_memstream(&body, &size);
	int height, width = MARGIN * 2 + (int)strlen(title) * (LETTER + 1);

	if (held == NULL)
		return;
	ladder_group(ladder);
	width = find_width(ladder, width);
	height = put_parts(ladder, held, width);
	(void)fclose(held);
	(void)fprintf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" "
	    "aria-labelledby=\"title\" width=\"%d\" height=\"%d\" "
	    "viewBox=\"0 0 %d %d\">\n<title id=\"title\">",
	    width, height, width, height);
	xml_text(out, title);
	(void)fprintf(out, "</title>\n%s<text class=\"h\" x=\"%d\" y=\"24\">",
	    style, MARGIN);
	xml_text(out, title);
	(void)fprintf(out, "</text>\n%s</svg>\n", body == NULL ? "" : body);
	free(body);
}
