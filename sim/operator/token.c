/*
 * token: see token.h for what it is.
 */
#include "sim/operator/token.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <unistd.h>

#include "switch/object.h"

enum {
	BYTES = 32, /* 256 bits: nobody guesses that */
	TEXT = 2 * BYTES,
	PATH_SIZE = 4096,
	/* Wrong ones in so many seconds, before all are refused for as long. */
	WRONG_MAX = 10,
	WINDOW_S = 60
};

struct token {
	unsigned int magic;
#define TOKEN_MAGIC 0x74b0d3e6
	char text[TEXT + 1];
	char path[PATH_SIZE];
	unsigned int wrong;
	uint64_t since; /* when the first of them came */
};

static int
draw(char *text)
{
	unsigned char bytes[BYTES];
	unsigned int i;

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return -EIO;
	for (i = 0; i < BYTES; i++)
		(void)snprintf(text + 2 * (size_t)i, 3, "%02x", bytes[i]);
	return 0;
}

/* Whole, and never readable by others, under a name of its own first. */
static int
put(const struct token *token)
{
	char made[PATH_SIZE + 8];
	int descriptor, result = 0;

	(void)snprintf(made, sizeof made, "%s.new", token->path);
	(void)unlink(made);
	descriptor = open(
	    made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (descriptor < 0)
		return -errno;
	if (dprintf(descriptor, "%s\n", token->text) != TEXT + 1)
		result = -EIO;
	if (close(descriptor) != 0 && result == 0)
		result = -errno;
	if (result == 0 && rename(made, token->path) != 0)
		result = -errno;
	if (result != 0)
		(void)unlink(made);
	return result;
}

int
token_alloc(struct token **ret_token, const char *path, char *why, size_t size)
{
	struct token *token;
	int result;

	if (ALLOC_OBJ(token, TOKEN_MAGIC) == NULL) {
		(void)snprintf(why, size, "no memory is left");
		return -ENOMEM;
	}
	(void)snprintf(token->path, sizeof token->path, "%s", path);
	result = draw(token->text);
	if (result == 0)
		result = put(token);
	if (result == 0) {
		*ret_token = token;
		return 0;
	}
	(void)snprintf(why, size, "token '%s': %s", path, strerror(-result));
	FREE_OBJ(&token, TOKEN_MAGIC);
	return result;
}

void
token_free(struct token **tokenp)
{
	if (*tokenp == NULL)
		return;
	CHECK_OBJ(*tokenp, TOKEN_MAGIC);
	(void)unlink((*tokenp)->path);
	FREE_OBJ(tokenp, TOKEN_MAGIC);
}

/* As long for each text: where they differ cannot be timed. */
static bool
is_same(const char *one, const char *other, size_t length)
{
	volatile unsigned char difference = 0;
	size_t i;

	for (i = 0; i < length; i++)
		difference = (unsigned char)(difference |
		    ((unsigned char)one[i] ^ (unsigned char)other[i]));
	return difference == 0;
}

bool
token_is_right(const struct token *token, const char *authorization)
{
	static const char scheme[] = "Bearer ";

	CHECK_OBJ(token, TOKEN_MAGIC);
	if (authorization == NULL ||
	    strncasecmp(authorization, scheme, sizeof scheme - 1) != 0)
		return false;
	authorization += sizeof scheme - 1;
	return strlen(authorization) == TEXT &&
	    is_same(authorization, token->text, TEXT);
}

enum token_answer
token_check(struct token *token, const char *authorization, uint64_t now)
{
	CHECK_OBJ(token, TOKEN_MAGIC);
	if (token_is_right(token, authorization))
		return TOKEN_RIGHT; /* nobody may lock out who knows it */
	if (now >= token->since + WINDOW_S)
		token->wrong = 0;
	if (token->wrong >= WRONG_MAX)
		return TOKEN_TOO_OFTEN;
	if (token->wrong++ == 0)
		token->since = now;
	return TOKEN_WRONG;
}
