#include "capture/file/file_clock.h"

static const int64_t nanoseconds = 1000000000;

int64_t file_clock_ns(const struct file_clock *clock, uint64_t ticks)
{
	int64_t shift_ns, time_ns;
	unsigned exponent = clock->resolution & 0x7f;
	/* ticks * 10^9 is below 2^94: no shift or division overflows */
	__extension__ unsigned __int128 value = ticks;

	if (clock->resolution & 0x80) {
		value = (value * (uint64_t)nanoseconds) >> exponent;
	} else {
		for (unsigned i = exponent; i < 9; i++)
			value *= 10;
		for (unsigned i = 9; i < exponent && value; i++)
			value /= 10;
	}
	if (value > INT64_MAX ||
		__builtin_mul_overflow(
			clock->offset_s, nanoseconds, &shift_ns) ||
		__builtin_add_overflow((int64_t)value, shift_ns, &time_ns))
		return INT64_MIN;
	return time_ns;
}

void file_clock_prepare(struct file_clock *clock)
{
	clock->tick_ns = 0;
	if (clock->offset_s)
		return;
	if (clock->resolution == 9)
		clock->tick_ns = 1;
	else if (clock->resolution == 6)
		clock->tick_ns = 1000;
}

int64_t file_clock_ticks_per_second(uint8_t resolution)
{
	unsigned exponent = resolution & 0x7f;
	int64_t ticks = 1;

	if (resolution & 0x80)
		return exponent < 63 ? (int64_t)1 << exponent : INT64_MAX;
	for (unsigned i = 0; i < exponent; i++)
		if (__builtin_mul_overflow(ticks, 10, &ticks))
			return INT64_MAX;
	return ticks;
}
