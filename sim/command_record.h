/*
 * command_record: what the operator has asked for, and what was answered: the
 * rows of tables `command` and `office`.
 *
 * Each command that changes the switch, or says something about the run, has
 * one, when it is answered; those that only look, or wait, have none.  One
 * that says what the office is made of has a row of `office` too, so that the
 * data which a call met can be looked up.
 */
#ifndef SIM_COMMAND_RECORD_H
#define SIM_COMMAND_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "calls/database/row.h"

struct scheduler;

enum {
	RECORD_COMMAND = 0xfe30,
	RECORD_OFFICE = 0xfe31,
	COMMAND_TEXT_SIZE = 400,
	COMMAND_NAME_SIZE = 40
};

struct command_record {
	uint64_t at;   /* µs of the run: when it was given */
	uint32_t line; /* of the scenario; 0: it came from elsewhere */
	uint8_t is_refused;
	char who[COMMAND_NAME_SIZE]; /* scenario, or as `uid 1000` */
	char command[COMMAND_NAME_SIZE];
	char text[COMMAND_TEXT_SIZE]; /* the words behind it, cut if need be */
	char answer[COMMAND_TEXT_SIZE];
};

struct office_record {
	uint64_t at;
	char kind[COMMAND_NAME_SIZE], name[COMMAND_NAME_SIZE];
	char data[COMMAND_TEXT_SIZE];
};

extern const struct row_type command_row, office_row;

/*
 * Of a command and the `count` words behind it, said by `who` at `at` µs of
 * the run; false: it leaves no record.
 */
bool command_record_begin(struct command_record *ret_record, const char *who,
    uint64_t at, const char *command, const char *const *words,
    unsigned int count);

/*
 * What a reload has made of the office: `count` words, the command first; a row
 * of `office` alone.
 */
void command_record_office(
    struct scheduler *scheduler, unsigned int count, const char *const *words);

/* It is answered. */
void command_record_end(struct command_record *record, bool is_refused,
    const char *answer, struct scheduler *scheduler);

#endif
