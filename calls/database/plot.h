/*
 * plot: a picture of numbers, as SVG inside of a page.
 *
 * Bars, lines and marks over a span of x, from 0 up; axes with round numbers.
 * All of it is text, and stands in the page itself.
 */
#ifndef CALLS_DATABASE_PLOT_H
#define CALLS_DATABASE_PLOT_H

#include <stdbool.h>
#include <stdio.h>

struct plot {
	FILE *out;
	const char *title;   /* said to those who do not see it */
	double max_x, max_y; /* what there is to be shown, at least 0 */
	const char *unit_x, *unit_y;
	/* of plot_begin() */
	double step_x, step_y;
	bool is_in_line;
};

/* Draws the axes; `has_ticks_x`: numbers below, else the bars have names. */
void plot_begin(struct plot *plot, bool has_ticks_x);

/* From x to x + width; `hint` is told when it is pointed at. */
struct plot_bar {
	double x, width, y;
	const char *hint, *name; /* name: below it, or NULL */
};
void plot_bar(const struct plot *plot, const struct plot_bar *bar);

/* One point after the other of a line of kind 0, 1, 2 ...; then its end. */
void plot_point(struct plot *plot, unsigned int line, double x, double y);
void plot_end_line(struct plot *plot);
/* What the line of that kind is, above the plot. */
void plot_name_line(
    const struct plot *plot, unsigned int line, const char *name);

/* What happened from x to x + width, with its name beside it; the i-th. */
void plot_mark(
    const struct plot *plot, unsigned int i, const struct plot_bar *mark);

void plot_end(const struct plot *plot);

/* A text in a page: what would be a tag is none. */
void plot_text(FILE *out, const char *text);

#endif
