/*
 * cause_list: what the numbers that calls end with mean, as ITU-T Q.850
 * (05/98) names them in its table 1; numbers that it leaves free have no line,
 * but the two of barred calls, which Asterisk and FreeSWITCH have named.
 */
#ifndef CALLS_CAUSE_LIST_H
#define CALLS_CAUSE_LIST_H

/* X(number, name) */
/* clang-format off */
#define CAUSE_LIST(X)                                                          \
	X(1, "unallocated number")                                             \
	X(2, "no route to transit network")                                    \
	X(3, "no route to destination")                                        \
	X(4, "send special information tone")                                  \
	X(5, "misdialled trunk prefix")                                        \
	X(6, "channel unacceptable")                                           \
	X(7, "call awarded, delivered in an established channel")              \
	X(8, "preemption")                                                     \
	X(9, "preemption, circuit reserved for reuse")                         \
	X(14, "ported number")                                                 \
	X(16, "normal call clearing")                                          \
	X(17, "user busy")                                                     \
	X(18, "no user responding")                                            \
	X(19, "no answer from user")                                           \
	X(20, "subscriber absent")                                             \
	X(21, "call rejected")                                                 \
	X(22, "number changed")                                                \
	X(23, "redirection to new destination")                                \
	X(25, "exchange routing error")                                        \
	X(26, "non-selected user clearing")                                    \
	X(27, "destination out of order")                                      \
	X(28, "invalid number format")                                         \
	X(29, "facility rejected")                                             \
	X(30, "response to STATUS ENQUIRY")                                    \
	X(31, "normal, unspecified")                                           \
	X(34, "no circuit available")                                          \
	X(38, "network out of order")                                          \
	X(41, "temporary failure")                                             \
	X(42, "switching equipment congestion")                                \
	X(43, "access information discarded")                                  \
	X(44, "requested circuit not available")                               \
	X(47, "resource unavailable, unspecified")                             \
	X(50, "requested facility not subscribed")                             \
	X(52, "outgoing call barred")                                          \
	X(54, "incoming call barred")                                          \
	X(57, "bearer capability not authorized")                              \
	X(58, "bearer capability not presently available")                     \
	X(63, "service or option not available")                               \
	X(65, "bearer capability not implemented")                             \
	X(69, "requested facility not implemented")                            \
	X(79, "service or option not implemented")                             \
	X(81, "invalid call reference value")                                  \
	X(88, "incompatible destination")                                      \
	X(95, "invalid message, unspecified")                                  \
	X(96, "mandatory information element missing")                         \
	X(97, "message type non-existent")                                     \
	X(98, "message not compatible with call state or non-existent")        \
	X(99, "information element non-existent")                              \
	X(100, "invalid information element contents")                         \
	X(101, "message not compatible with call state")                       \
	X(102, "recovery on timer expiry")                                     \
	X(111, "protocol error, unspecified")                                  \
	X(127, "interworking, unspecified")
/* clang-format on */

#endif
