/*
 * harm: what can befall a database, done to it in earnest, for scenarios.
 *
 *	busy      another connection holds the lock of those who write
 *	full      the file may not grow
 *	readonly  it may only be read
 *	vanish    it is deleted, with its log
 *	corrupt   bytes in the middle of it are overwritten
 *	slow      each commit takes longer by HARM_SLOW_MS
 *
 * What the writer makes of it is what it makes of the like that comes by
 * itself: it does not know who did it.
 */
#ifndef CALLS_DATABASE_HARM_H
#define CALLS_DATABASE_HARM_H

#define HARMS(X) X(busy) X(full) X(readonly) X(vanish) X(corrupt) X(slow)

#define HARM_ENUM(symbol) HARM_##symbol,
enum harm { HARMS(HARM_ENUM) HARMS_COUNT };
#undef HARM_ENUM

enum { HARM_SLOW_MS = 50 };

const char *harm_word(enum harm harm);

struct writer;

/*
 * For whoever has the writer to himself.  One stands until harm_heal(), but
 * `vanish`, which is done and over, and may come upon another.  -EBUSY one
 * stands already; -errno, with a clause in writer_error().
 */
int harm_do(struct writer *writer, enum harm harm);
void harm_heal(struct writer *writer);

/* For the writer: the file has been opened anew; a commit is due. */
void harm_go_on(struct writer *writer);
void harm_delay(const struct writer *writer);

#endif
