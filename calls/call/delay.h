/*
 * delay: how long a call waits for what, and who says so.
 *
 * An operator may say otherwise, of those that exchange.h names; there, too,
 * stand the times for digits, which the office may collect itself.
 */
#ifndef CALLS_CALL_DELAY_H
#define CALLS_CALL_DELAY_H

#include "calls/exchange.h"

/* µs.  Q.931 table 9-1, network side, where it has the timer. */
enum { SECOND = 1000000 };
enum call_delay {
	DELAY_Tdial = PAUSE_TDIAL,
	DELAY_T302 = PAUSE_T302,
	DELAY_T302_SHORT = PAUSE_T302_SHORT,
	DELAY_T303 = 4 * SECOND,     /* Q.931; SETUP is sent twice */
	DELAY_T310 = 10 * SECOND,    /* Q.931 */
	DELAY_T301 = 180 * SECOND,   /* Q.931: at least 3 min */
	DELAY_T306 = 30 * SECOND,    /* Q.931 */
	DELAY_Ttreat = 30 * SECOND,  /* ours */
	DELAY_Trecall = 30 * SECOND, /* ours */
	DELAY_Tcw = 60 * SECOND,     /* ours */
	DELAY_Tpreempt = 5 * SECOND, /* ours */
	DELAY_Tcfnr = 15 * SECOND,   /* ours */
	DELAY_Tsusp = 90 * SECOND,   /* Q.118, ISUP-T6 */
	DELAY_T308 = 4 * SECOND,     /* Q.931; RELEASE is sent twice */
	/* Q.764, table A.1, in place of T303 and T310, and of T308. */
	DELAY_ISUP_T7 = 25 * SECOND, /* 20 to 30 s */
	DELAY_ISUP_T1 = 30 * SECOND  /* RELEASE again and again, up to T5 */
};

#endif
