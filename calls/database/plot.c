/*
 * plot: see plot.h for what it is.
 */
#include "calls/database/plot.h"

#include <math.h>

#include "switch/xml.h"

enum {
	WIDTH = 900,
	HEIGHT = 280,
	LEFT = 64,
	RIGHT = 16,
	TOP = 16,
	BOTTOM = 44,
	TICKS = 6,
	MARK_LINES = 4, /* names of marks stand in so many heights */
	LINE_KINDS = 6,
	RIGHT_HALF = 600, /* names of marks from here on stand left of them */
	NAME_WIDTH = 90
};

void
plot_text(FILE *out, const char *text)
{
	xml_text(out, text);
}

static double
place_x(const struct plot *plot, double x)
{
	return LEFT + x / plot->max_x * (WIDTH - LEFT - RIGHT);
}

static double
place_y(const struct plot *plot, double y)
{
	return HEIGHT - BOTTOM - y / plot->max_y * (HEIGHT - TOP - BOTTOM);
}

/* 1, 2 or 5 times a power of ten, so that about TICKS of them make `max`. */
static double
round_step(double max)
{
	const double raw = max / TICKS, power = pow(10, floor(log10(raw)));
	const double times = raw / power;

	return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static void
draw_ticks_y(const struct plot *plot)
{
	double y;
	int i;

	for (i = 0; i <= plot->max_y / plot->step_y + 0.01; i++) {
		y = i * plot->step_y;
		fprintf(plot->out,
		    "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" "
		    "y2=\"%.1f\"/><text class=\"y\" x=\"%d\" y=\"%.1f\">%g"
		    "</text>\n",
		    LEFT, WIDTH - RIGHT, place_y(plot, y), place_y(plot, y),
		    LEFT - 6, place_y(plot, y) + 4, y);
	}
}

static void
draw_ticks_x(const struct plot *plot)
{
	double x;
	int i;

	for (i = 0; i <= plot->max_x / plot->step_x + 0.01; i++) {
		x = i * plot->step_x;
		fprintf(plot->out,
		    "<text class=\"x\" x=\"%.1f\" y=\"%d\">%g</text>\n",
		    place_x(plot, x), HEIGHT - BOTTOM + 16, x);
	}
}

void
plot_begin(struct plot *plot, bool has_ticks_x)
{
	if (!(plot->max_x > 0))
		plot->max_x = 1;
	if (!(plot->max_y > 0))
		plot->max_y = 1;
	plot->step_x = round_step(plot->max_x);
	plot->step_y = round_step(plot->max_y);
	plot->max_y = ceil(plot->max_y / plot->step_y) * plot->step_y;
	fprintf(plot->out,
	    "<div class=\"plot\"><svg xmlns=\"http://www.w3.org/2000/svg\" "
	    "viewBox=\"0 0 %d %d\" "
	    "role=\"img\" aria-label=\"",
	    WIDTH, HEIGHT);
	plot_text(plot->out, plot->title);
	fputs("\">\n", plot->out);
	draw_ticks_y(plot);
	if (has_ticks_x)
		draw_ticks_x(plot);
	fprintf(plot->out,
	    "<text class=\"unit\" x=\"%d\" y=\"%d\">%s</text>"
	    "<text class=\"unit\" x=\"%d\" y=\"11\">%s</text>\n",
	    WIDTH / 2, HEIGHT - 6, plot->unit_x, LEFT, plot->unit_y);
}

static void
draw_hint(const struct plot *plot, const char *hint)
{
	fputs("<title>", plot->out);
	plot_text(plot->out, hint);
	fputs("</title>", plot->out);
}

void
plot_bar(const struct plot *plot, const struct plot_bar *bar)
{
	const double left = place_x(plot, bar->x);
	const double right = place_x(plot, bar->x + bar->width);

	fprintf(plot->out,
	    "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
	    "height=\"%.1f\">",
	    left + 0.5, place_y(plot, bar->y), fmax(right - left - 1, 0.5),
	    place_y(plot, 0) - place_y(plot, bar->y));
	draw_hint(plot, bar->hint);
	fputs("</rect>\n", plot->out);
	if (bar->name == NULL)
		return;
	fprintf(plot->out, "<text class=\"x\" x=\"%.1f\" y=\"%d\">",
	    (left + right) / 2, HEIGHT - BOTTOM + 16);
	plot_text(plot->out, bar->name);
	fputs("</text>\n", plot->out);
}

void
plot_point(struct plot *plot, unsigned int line, double x, double y)
{
	if (!plot->is_in_line)
		fprintf(plot->out, "<polyline class=\"line%u\" points=\"",
		    line % LINE_KINDS);
	fprintf(plot->out, "%s%.1f,%.1f", plot->is_in_line ? " " : "",
	    place_x(plot, x), place_y(plot, y));
	plot->is_in_line = true;
}

void
plot_end_line(struct plot *plot)
{
	if (plot->is_in_line)
		fputs("\"/>\n", plot->out);
	plot->is_in_line = false;
}

void
plot_name_line(const struct plot *plot, unsigned int line, const char *name)
{
	const unsigned int x = WIDTH / 4 + line * NAME_WIDTH;

	fprintf(plot->out,
	    "<polyline class=\"line%u\" points=\"%u,8 %u,8\"/>"
	    "<text x=\"%u\" y=\"12\">",
	    line % LINE_KINDS, x, x + 18, x + 22);
	plot_text(plot->out, name);
	fputs("</text>\n", plot->out);
}

void
plot_mark(const struct plot *plot, unsigned int i, const struct plot_bar *mark)
{
	const double left = place_x(plot, mark->x);
	const double width = place_x(plot, mark->x + mark->width) - left;
	const bool is_right = left > RIGHT_HALF;

	fprintf(plot->out,
	    "<rect class=\"mark\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" "
	    "height=\"%d\">",
	    left, TOP, fmax(width, 1.5), HEIGHT - TOP - BOTTOM);
	draw_hint(plot, mark->hint);
	fprintf(plot->out, "</rect><text class=\"%s\" x=\"%.1f\" y=\"%u\">",
	    is_right ? "y mark" : "mark", is_right ? left - 4 : left + 5,
	    TOP + 12 + i % MARK_LINES * 13);
	plot_text(plot->out, mark->name);
	fputs("</text>\n", plot->out);
}

void
plot_end(const struct plot *plot)
{
	fputs("</svg></div>\n", plot->out);
}
