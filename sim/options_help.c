/*
 * options_help: what `--help` prints, of one task or of all.
 */
#include "sim/options.h"

static const char help_of_all[] =
    "hotswitch: a simulated telephone switch, upgraded while its calls talk\n"
    "\n"
    "  hotswitch run FILE...     run scenarios, each in a switch of its own;\n"
    "                            a folder is all that are in it\n"
    "  hotswitch check FILE...   find what is wrong with them, run nothing\n"
    "  hotswitch report [NAME]   print what the call database says\n"
    "  hotswitch audit           whether the books of a recorded run agree\n"
    "  hotswitch plan MODULE VERSION VERSION\n"
    "                            print what a conversion does to each value\n"
    "  hotswitch states MODULE VERSION\n"
    "                            print or draw the state table of a release\n"
    "  hotswitch serve           a switch that runs until it is told to end\n"
    "  hotswitch ctl [COMMAND]   tell it something, or be its operator\n"
    "  hotswitch top             look on: its calls and releases, each second\n"
    "  hotswitch --help          this; with a command before it, more of it\n"
    "  hotswitch help WORD       a word of the scenario language, as expect\n"
    "  hotswitch --version\n"
    "\n"
    "Exit status: 0 all passed; 1 a scenario failed; 2 wrong usage or an\n"
    "unreadable file; 3 the run could not be done (database, module, "
    "memory).\n";

static const char help_of_run[] =
    "hotswitch run FILE... [OPTION]...\n"
    "Runs each scenario in a switch of its own and says whether it passed.  A\n"
    "folder stands for all that are in it and below, by name: files *.tcl "
    "whose\n"
    "first line asks something.  Of several each has a process of its own, "
    "and\n"
    "those that pass have one line (--verbose: a page).\n"
    "\n"
    "  --db FILE         where calls are recorded (calls.db)\n"
    "  --format FORMAT   text, json (one object per scenario), tap or junit\n"
    "  --seed N          random numbers start from N, whatever the file says\n"
    "  --real-time       the machine's clock, not the virtual one\n"
    "  --schedulers N    how many the switch has, whatever the file says (1)\n"
    "  --modules DIR     releases are looked for here first\n"
    "  --log FILE        write the event log of the scenario there\n"
    "  --ladder FILE     draw what went between the parties of each call that\n"
    "                    has a name: FILE.svg a picture, FILE.txt a text,\n"
    "                    FILE.mmd a Mermaid diagram\n"
    "  --call NAME       of the ladder, that call alone\n"
    "  --verbose         say on standard error how far it is, and, when a\n"
    "                    scenario fails, which processes were left\n"
    "  -D NAME=VALUE     the value of a `param` of the scenario\n"
    "  -j, --jobs N      of several scenarios, N at the same time (1)\n"
    "  --only PATTERN    of them those whose name fits, as 'b0*' or '*busy*'\n"
    "  --watch           run again whenever a file of them changes, also one\n"
    "                    that they include or take data from\n"
    "  --orders all      run it in every order of the bodies of its races, at\n"
    "                    most 5,040; one that fails has a number\n"
    "  --orders N        run it in that order, as in 2.1: the second of its\n"
    "                    first race, the first of the next\n"
    "  --timeout DUR     of them each may take so long by the machine's clock\n"
    "                    (10m; with --real-time without an end)\n"
    "\n"
    "Commands of a scenario (--help expect explains one of them wholly):\n";

static const char help_of_check[] =
    "hotswitch check FILE... [--only PATTERN] [--modules DIR]\n"
    "Says what is wrong with scenarios, with file and line; runs nothing.\n"
    "A folder stands for all that are in it.\n";

static const char help_of_report[] =
    "hotswitch report [NAME [WORD...]] [OPTION]...\n"
    "Prints a report of the call database; without a name, the summary.\n"
    "A WORD says which object it is about, or is a filter: a column and its\n"
    "value, as in cause=17, or, of calls, number=1001 state=answered\n"
    "version=2.0 time=10s-90s.  It is asked of the switch that serves, if one\n"
    "does and none of --db, --run, -o and html says that a file is meant.\n"
    "\n"
    "  --socket PATH     where it serves (hotswitch.sock)\n"
    "  --db FILE         the database (calls.db)\n"
    "  --run ID          a run by its number, or `last` (last)\n"
    "  --where COND      rows of which this holds, as '$bill_ms > 1000'\n"
    "  --limit N         that many rows at most\n"
    "  --format FORMAT   table, csv, json, or html: one page with plots\n"
    "  -o, --output FILE write it there; a page needs that\n"
    "\n"
    "Reports:\n";

static const char help_of_audit[] =
    "hotswitch audit [OPTION]...\n"
    "Says whether the books of a recorded run agree, rows A1 to A7: as its\n"
    "switch has found them, and as its records are when they are counted\n"
    "again now.  It is what `report audit` prints, with a verdict.  Where a\n"
    "switch serves, and no file is named, that one looks at its own.\n"
    "\n"
    "  --db FILE         the database (calls.db)\n"
    "  --run ID          a run by its number, or `last` (last)\n"
    "  --format FORMAT   table, csv or json\n"
    "\n"
    "Exit status: 0 all rows hold; 1 one is broken, or nobody could look;\n"
    "2 wrong usage; 3 the database cannot be read.\n";

static const char help_of_plan[] =
    "hotswitch plan MODULE VERSION VERSION [OPTION]...\n"
    "Prints the plan by which the state of a call goes from one release to\n"
    "another: where each value comes from, by which rule, whether something\n"
    "of it may be lost, and what the way back does.  A switch that serves "
    "here\n"
    "is asked, with the releases that it has; where none does, or with "
    "--format\n"
    "json or --modules, it is read from files.\n"
    "\n"
    "  --format FORMAT   text or json\n"
    "  --modules DIR     releases are looked for here first\n"
    "  --socket PATH     the switch that serves there (hotswitch.sock)\n";

static const char help_of_states[] =
    "hotswitch states MODULE VERSION [OPTION]...\n"
    "Prints the table by which a release handles calls: state, event, guard,\n"
    "action, next state, cause, and the number of the row.  One in which a\n"
    "call could come to a stop is refused, with what is missing.\n"
    "\n"
    "  --format FORMAT   text, dot (for graphviz) or svg\n"
    "  --modules DIR     releases are looked for here first\n";

static const char help_of_serve[] =
    "hotswitch serve [OPTION]...\n"
    "Runs a switch in real time until SIGTERM.  Without a config it has a "
    "small\n"
    "office, lines 1000-1999, and the newest release, or the one that was "
    "made\n"
    "permanent.\n"
    "\n"
    "  --config FILE     what it is made of, in the words of a scenario; "
    "SIGHUP\n"
    "                    has it read again, as `hotswitch reload` does\n"
    "  --check           try the config, print what it says, serve nothing\n"
    "  --db FILE         where calls are recorded (calls.db)\n"
    "  --socket PATH     where operators come, see ctl (hotswitch.sock)\n"
    "  --http ADDR:PORT  a live page, /metrics and an API; what changes the\n"
    "                    switch needs the token in SOCKET.token\n"
    "  --drain           SIGTERM lets the calls that live end as they would; "
    "a\n"
    "                    second one ends them\n"
    "  --now             SIGTERM ends them, each with its record (default)\n"
    "  --log-format F    its lines on standard error are logfmt, or json\n"
    "  --log-level L     from which level on: emergency alert critical error\n"
    "                    warning notice info debug (notice); log-level at ctl\n"
    "                    changes it, also for one call, process or module\n"
    "  --schedulers N    how many it has (one for each processor)\n"
    "  --modules DIR     releases are looked for here first\n"
    "  --seed N          random numbers start from N\n";

static const char help_of_ctl[] =
    "hotswitch ctl [OPTION]... [COMMAND WORD...]\n"
    "Tells a running switch a command of the language (hotswitch help WORD), "
    "or\n"
    "what stands below; alone, gives a prompt.  Any such command may stand\n"
    "without `ctl`, as in: hotswitch upgrade call 2.0 -canary 1%\n"
    "\n"
    "  --socket PATH     where it serves (hotswitch.sock)\n"
    "  --format FORMAT   text, or json: as the switch says it\n"
    "  --yes             do not ask before what cannot be undone\n"
    "\n"
    "Besides the language:\n";

static const char help_of_top[] =
    "hotswitch top [--socket PATH]\n"
    "Shows a running switch, each second anew: its calls and their rates, the\n"
    "releases and how many calls each has, the last upgrade, what alarms it.\n"
    "q quits.  Elsewhere than on a terminal it prints one page and ends.\n"
    "\n"
    "  --socket PATH     where it serves (hotswitch.sock)\n";

const char *
options_help(enum task task)
{
	switch (task) {
	case TASK_RUN:
		return help_of_run;
	case TASK_CHECK:
		return help_of_check;
	case TASK_REPORT:
		return help_of_report;
	case TASK_AUDIT:
		return help_of_audit;
	case TASK_PLAN:
		return help_of_plan;
	case TASK_STATES:
		return help_of_states;
	case TASK_SERVE:
		return help_of_serve;
	case TASK_CTL:
		return help_of_ctl;
	case TASK_TOP:
		return help_of_top;
	case TASK_HELP:
	case TASK_VERSION:
		break;
	}
	return help_of_all;
}
