/*
 * The rows that every release has, of all that they are about.
 */
#ifndef TESTS_COMMON_ROWS_H
#define TESTS_COMMON_ROWS_H

#include "tests/barring_rows.h"
#include "tests/call_rows.h"
#include "tests/dialling_rows.h"
#include "tests/fault_rows.h"
#include "tests/release_rows.h"
#include "tests/reload_rows.h"
#include "tests/route_rows.h"
#include "tests/trunk_rows.h"

#define COMMON_TESTS                                                           \
	BASIC_TESTS, DIALLING_TESTS, FAULT_TESTS, BARRING_TESTS, TRUNK_TESTS,  \
	    ROUTE_TESTS, RELEASE_TESTS, RELOAD_TESTS

#endif
