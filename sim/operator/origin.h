/*
 * origin: whether what a browser asks was asked by a page of this switch.
 *
 * A page from anywhere may make a browser send a request here; it cannot choose
 * the headers that say where it comes from (RFC 6454), nor, when the name of
 * its host has come to mean this machine (DNS rebinding), that name.
 */
#ifndef SIM_OPERATOR_ORIGIN_H
#define SIM_OPERATOR_ORIGIN_H

#include <stdbool.h>

/* Of a header `Host`, or NULL: whether it is a name of this machine's loopback,
 * or of `address`, which is listened at. */
bool origin_is_host(const char *address, const char *header);

/* A page says where it is from (NULL: none does); one of ours is from `host`.
 */
bool origin_is_same(const char *origin, const char *host);

#endif
