/* limits: see limits.h for what it is. */
#include "upgrade/limits.h"

#include "switch/module.h"

struct limits
limits_of(uint8_t kind, uint16_t width)
{
	unsigned int bits = 8U * width;

	if (kind == FIELD_BOOL)
		return (struct limits){ 0, 1 };
	if (kind != FIELD_INT)
		return (struct limits){ 0, UINT64_MAX >> (64 - bits) };
	return (struct limits){ INT64_MIN >> (64 - bits),
		UINT64_MAX >> (65 - bits) };
}

struct limits
limits_both(struct limits one, struct limits other)
{
	return (struct limits){ one.lo > other.lo ? one.lo : other.lo,
		one.hi < other.hi ? one.hi : other.hi };
}

/* Of an unsigned number of 64 bits the sign bit is a value's. */
bool
limits_hold(struct limits limits, uint8_t kind, int64_t number)
{
	return kind == FIELD_INT && number < 0 ? number >= limits.lo
					       : (uint64_t)number <= limits.hi;
}

int64_t
limits_clamp(struct limits limits, uint8_t kind, int64_t number)
{
	if (limits_hold(limits, kind, number))
		return number;
	return kind == FIELD_INT && number < 0 ? limits.lo : (int64_t)limits.hi;
}
