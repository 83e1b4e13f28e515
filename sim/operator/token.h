/*
 * token: what one must know who changes the switch over HTTP.
 *
 * 32 random bytes in hexadecimal, made anew at each start, in a file that its
 * owner alone can read.  It is compared in constant time; where wrong ones come
 * too often they are only counted for a while.
 */
#ifndef SIM_OPERATOR_TOKEN_H
#define SIM_OPERATOR_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct token;

enum token_answer {
	TOKEN_RIGHT,
	TOKEN_WRONG, /* or none was offered */
	TOKEN_TOO_OFTEN
};

/*
 * Writes it to `path`, in the place of an old one.  -errno with one clause in
 * `why`.
 */
int token_alloc(
    struct token **ret_token, const char *path, char *why, size_t size);
/* Removes the file. */
void token_free(struct token **tokenp);

/*
 * Of the value of an Authorization header (RFC 6750), or NULL, at `now` in
 * seconds of any clock that only goes forward.
 */
enum token_answer token_check(
    struct token *token, const char *authorization, uint64_t now);
/* The same, and nothing is counted. */
bool token_is_right(const struct token *token, const char *authorization);

#endif
