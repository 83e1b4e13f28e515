/*
 * number: integers of 1, 2, 4 or 8 bytes at any address.
 *
 * In a header, since a conversion reads and writes nothing else, a million
 * times while calls wait.
 */
#ifndef UPGRADE_NUMBER_H
#define UPGRADE_NUMBER_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t
number_bits(unsigned int width, const void *at)
{
	uint8_t one;
	uint16_t two;
	uint32_t four;
	uint64_t eight;

	switch (width) {
	case 1:
		memcpy(&one, at, sizeof one);
		return one;
	case 2:
		memcpy(&two, at, sizeof two);
		return two;
	case 4:
		memcpy(&four, at, sizeof four);
		return four;
	default:
		assert(width == sizeof eight);
		memcpy(&eight, at, sizeof eight);
		return eight;
	}
}

static inline int64_t
number_read(bool is_signed, unsigned int width, const void *at)
{
	unsigned int unused = 64 - 8 * width;
	uint64_t bits = number_bits(width, at);

	return is_signed ? (int64_t)(bits << unused) >> unused : (int64_t)bits;
}

static inline void
number_write(unsigned int width, void *at, int64_t number)
{
	uint8_t one = (uint8_t)number;
	uint16_t two = (uint16_t)number;
	uint32_t four = (uint32_t)number;

	switch (width) {
	case 1:
		memcpy(at, &one, sizeof one);
		break;
	case 2:
		memcpy(at, &two, sizeof two);
		break;
	case 4:
		memcpy(at, &four, sizeof four);
		break;
	default:
		assert(width == sizeof number);
		memcpy(at, &number, sizeof number);
		break;
	}
}

#endif
