/*
 * script: a scenario's Tcl, in an OS process of its own.
 *
 * The process is forked before any thread, store or database exists, bounded
 * in memory and processor time, and can do nothing but talk: it checks its
 * text, says what is wrong with it, and on `go` evaluates it; each command is
 * a frame to the switch, and it waits for the answer.
 *
 *   script                          switch
 *   mistake PLACE TEXT       ->                    PLACE: s.tcl:4:7
 *   needs PLACE MODULE VERSION COMMAND ->          a release, by its literal
 *   seed PLACE N, schedulers PLACE N, pace PLACE WORD ->
 *   param PLACE NAME         ->                    "": made at run time
 *   read NAME                ->                    a part: script_part.c
 *   checked                  ->
 *                            <-     go             or the end of the socket
 *   do LINE COMMAND WORD...  ->
 *   look LINE MODE DUR COLUMNS SUBJECT KEY... ->   expect, never
 *   watch LINE               ->                    till it changes or is late
 *   race LINE COUNT, raced LINE  ->
 *   failure LINE TEXT        ->                    what cannot be caught
 *                            <-     ok VALUE
 *                            <-     error TEXT     becomes a Tcl error
 *                            <-     seen more|last STATE NOTE (NAME VALUE)...
 *   end, or broken LINE TEXT ->
 */
#ifndef SIM_SCRIPT_H
#define SIM_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame;
struct script;
struct source;

enum {
	/* Ten times what the largest scenario of ours takes. */
	SCRIPT_CPU_SECONDS = 10,
	SCRIPT_MEMORY_MIB = 256
};

struct script_options {
	const char *const *definitions; /* "NAME=VALUE" of -D */
	unsigned int definitions_count;
	uint64_t seed;
};

/* -errno of fork(2) or socketpair(2). */
int script_start(struct script **ret_script, const struct source *source,
    const struct script_options *options);

int script_socket(const struct script *script);

/* The next frame from it, as frame_read(); files that it asks for it gets. */
int script_read(struct script *script, int is_waiting, struct frame *ret_frame);
int script_answer(
    struct script *script, unsigned int count, const char *const *words);

/* Its files, its own first: path of the i-th, or NULL. */
const char *script_file(const struct script *script, unsigned int i);

/* Where a line is that it has told of: PLACE_SIZE bytes of part.h. */
void script_place(const struct script *script, unsigned int line, char *place);
/* Whether it is one of the scenario's own file. */
bool script_is_own_line(const struct script *script, unsigned int line);

/*
 * When script_read() said that it is gone: why, as one clause ("it used more
 * than 10 s of processor time").
 */
void script_obituary(struct script *script, char *why, size_t size);

/* Ends it, whatever it does; NULL inside is welcome. */
void script_free(struct script **scriptp);

#endif
