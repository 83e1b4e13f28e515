/*
 * ctl_top: a switch that runs, looked at: its status, each second anew.
 *
 * On a terminal that can place its cursor, by ncurses; anywhere else one page
 * of plain text.  Keys and answers are waited for together, so that a switch
 * that does not answer does not keep its operator.
 */
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "sim/operator/ctl.h"
#include "sim/operator/ctl_internal.h"
#include "sim/options.h"
#include "sim/terminal.h"
#include "switch/machine.h"

/* Last: its macros are common words, as `lines`. */
#include <term.h>

enum { EVERY_MS = 1000, CONTROL_C = 3 };

struct top {
	struct ctl_link *link;
	json_t *before, *now; /* answers, NULL until there are */
	long next_ms;	      /* when to ask again */
	bool is_asked;	      /* and not answered */
};

static long
now_ms(void)
{
	return (long)(machine_ns(CLOCK_MONOTONIC) / 1000000);
}

/* Whether an answer has come that can be shown. */
static bool
take_answer(struct top *top)
{
	json_t *answer = ctl_receive(top->link);
	json_t *status = json_object_get(answer, "status");

	top->is_asked = false;
	if (json_is_object(status)) {
		json_decref(top->before);
		top->before = top->now;
		top->now = json_incref(status);
	}
	json_decref(answer);
	return json_is_object(status);
}

/*--------------------------------------------------------------------
 * On a terminal
 */

static bool
is_full_screen(void)
{
	bool can_move;
	int error;

	if (!terminal_is(STDIN_FILENO) || !terminal_is(STDOUT_FILENO) ||
	    setupterm(NULL, STDOUT_FILENO, &error) != OK)
		return false;
	can_move = tigetstr("cup") != NULL;
	(void)del_curterm(cur_term); /* newterm() reads its own */
	return can_move;
}

static void
draw_line(int row, const char *line, int length)
{
	const bool is_alarm = strncmp(line, "ALARM", 5) == 0;
	attr_t look = row == 0		 ? A_REVERSE
	    : is_alarm || line[0] == '*' ? A_BOLD
					 : A_NORMAL;

	(void)attr_on(look, NULL);
	(void)mvaddnstr(row, 0, line, length);
	(void)attr_off(look, NULL);
}

/* As much of the page as there is room for, and how to leave. */
static void
draw(const struct top *top)
{
	char *page = NULL, *line;
	size_t size, length;
	FILE *out = open_memstream(&page, &size);
	int row, rows = getmaxy(stdscr);

	if (out == NULL)
		return;
	if (top->now == NULL)
		(void)fputs("hotswitch  no answer yet\n", out);
	else
		ctl_picture(out, top->before, top->now);
	(void)fclose(out);
	(void)erase();
	for (line = page, row = 0; *line != '\0' && row < rows - 1; row++) {
		length = strcspn(line, "\n");
		draw_line(row, line, (int)length);
		line += length + (line[length] == '\n');
	}
	(void)mvaddstr(rows - 1, 0, "q quits");
	(void)refresh();
	free(page);
}

/* False: he wants to leave. */
static bool
take_keys(const struct top *top)
{
	int key;

	while ((key = getch()) != ERR)
		if (key == 'q' || key == 'Q' || key == CONTROL_C)
			return false;
		else if (key == KEY_RESIZE)
			draw(top);
	return true;
}

static int
watch(struct top *top)
{
	struct pollfd ends[] = { { .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = ctl_descriptor(top->link), .events = POLLIN } };
	long wait;

	draw(top);
	for (;;) {
		if (!top->is_asked && now_ms() >= top->next_ms) {
			if (!ctl_send(top->link, "status"))
				return EXIT_IMPOSSIBLE;
			top->is_asked = true;
			top->next_ms = now_ms() + EVERY_MS;
		}
		wait = top->is_asked ? -1 : top->next_ms - now_ms();
		if (poll(ends, 2, wait < 0 && !top->is_asked ? 0 : (int)wait) <
		    0)
			ends[0].revents = ends[1].revents = 0; /* resized */
		if (!take_keys(top) || (ends[0].revents & POLLHUP) != 0)
			return EXIT_PASSED;
		if (ends[1].revents == 0)
			continue;
		if (!take_answer(top))
			return EXIT_IMPOSSIBLE;
		draw(top);
	}
}

static int
watch_on_screen(struct top *top)
{
	SCREEN *screen = newterm(NULL, stdout, stdin);
	int status;

	if (screen == NULL)
		return EXIT_IMPOSSIBLE;
	(void)raw();
	(void)noecho();
	(void)curs_set(0);
	(void)nodelay(stdscr, TRUE);
	(void)keypad(stdscr, TRUE);
	status = watch(top);
	(void)endwin();
	delscreen(screen);
	return status;
}

/*--------------------------------------------------------------------
 * Elsewhere
 */

static int
print_once(struct top *top)
{
	if (!ctl_send(top->link, "status") || !take_answer(top))
		return EXIT_IMPOSSIBLE;
	ctl_picture(stdout, NULL, top->now);
	return EXIT_PASSED;
}

int
ctl_top(const struct options *options)
{
	struct top top = { .next_ms = 0 };
	int status = ctl_connect(&top.link, options, false);

	if (status != EXIT_PASSED)
		return status;
	(void)setlocale(LC_CTYPE, "");
	status = is_full_screen() ? watch_on_screen(&top) : print_once(&top);
	if (status != EXIT_PASSED)
		(void)fputs("hotswitch: the switch has gone\n", stderr);
	json_decref(top.before);
	json_decref(top.now);
	ctl_disconnect(&top.link);
	return status;
}
