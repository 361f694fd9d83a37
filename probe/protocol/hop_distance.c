#include "probe/protocol/hop_distance.h"

static uint64_t bit(unsigned ttl)
{
	return ttl >= 1 && ttl <= HOP_LIMIT_WHOLE_WAY ? UINT64_C(1) << (ttl - 1)
						      : 0;
}

void hop_distance_arrived(
	struct hop_distance *distance, enum probe_method method, unsigned ttl)
{
	distance->arrived |= bit(ttl);
	if (method == METHOD_TCP)
		distance->tcp_arrived |= bit(ttl);
	if (method == METHOD_ECHO)
		distance->echo_arrived |= bit(ttl);
}

void hop_distance_expired(
	struct hop_distance *distance, enum probe_method method, unsigned ttl)
{
	if (method == METHOD_TCP)
		distance->tcp_expired |= bit(ttl);
	if (method == METHOD_ECHO)
		distance->echo_expired |= bit(ttl);
}

/* HOP_LIMIT_WHOLE_WAY when there is none. */
static unsigned least(uint64_t limits)
{
	unsigned ttl = 1;

	while (ttl < HOP_LIMIT_WHOLE_WAY && !(limits & bit(ttl)))
		ttl++;
	return ttl;
}

/* 0 when there is none. */
static unsigned most_below(uint64_t limits, unsigned end)
{
	unsigned ttl = end - 1;

	while (ttl > 0 && !(limits & bit(ttl)))
		ttl--;
	return ttl;
}

unsigned hop_distance_of(const struct hop_distance *distance)
{
	unsigned arrived = least(distance->arrived);
	unsigned expired =
		most_below(distance->tcp_expired, least(distance->tcp_arrived));

	if (arrived <= expired)
		arrived = expired + 1;
	return distance->arrived && arrived < HOP_LIMIT_WHOLE_WAY ? arrived : 0;
}

bool hop_distance_is_echo_elsewhere(const struct hop_distance *distance)
{
	unsigned by_tcp = least(distance->tcp_arrived);
	unsigned by_echo = least(distance->echo_arrived);

	return most_below(distance->echo_expired, by_echo) >= by_tcp ||
	       (by_echo < HOP_LIMIT_WHOLE_WAY &&
		       most_below(distance->tcp_expired, by_tcp) >= by_echo);
}

unsigned hop_distance_by(
	const struct hop_distance *distance, enum probe_method method)
{
	bool is_tcp = method == METHOD_TCP;
	uint64_t expired =
		is_tcp ? distance->tcp_expired : distance->echo_expired;
	unsigned arrived = least(
		is_tcp ? distance->tcp_arrived : distance->echo_arrived);
	unsigned last = most_below(expired, arrived);

	if (arrived < HOP_LIMIT_WHOLE_WAY)
		return arrived;
	return last ? last + 1 : 0;
}

unsigned hop_distance_guess(unsigned ttl)
{
	return (ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255) - ttl + 1;
}
