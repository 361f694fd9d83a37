/* A sender without an ACK retransmits after a doubled timeout each time (RFC
 * 6298, 5.5), up to two minutes on Linux. So the longest gap so far gives the
 * time of the next packet: after two such gaps, or after six where one is lost
 * on the path. Linux gives up at the first timer after 924.6 s (tcp_retries2),
 * others earlier; a server that is heard of for longer than MOST does not talk
 * of an old connection. */
#include "cli/guard_linger.h"

enum {
	/* A second SYN-ACK comes after a second, further ones after 3 and 7 s;
	 * data is sent again as soon. */
	LEAST_QUIET_S = 10,
	QUIET_GAPS = 7, /* six, and gaps are measured to the second */
	/* Two gaps of the longest kind. */
	MOST_QUIET_S = 250,
	MOST_S = 1200,
};

struct guard_linger guard_linger_begin(uint32_t drops)
{
	return (struct guard_linger){.drops = drops};
}

bool guard_linger_goes_on(
	struct guard_linger *stay, uint32_t drops, unsigned now_s)
{
	if (drops != stay->drops) {
		unsigned gap = now_s - stay->heard_s;

		*stay = (struct guard_linger){
			drops, now_s, gap > stay->gap_s ? gap : stay->gap_s};
	}
	unsigned quiet = QUIET_GAPS * stay->gap_s;
	if (quiet < LEAST_QUIET_S)
		quiet = LEAST_QUIET_S;
	if (quiet > MOST_QUIET_S)
		quiet = MOST_QUIET_S;
	return now_s < MOST_S && now_s - stay->heard_s < quiet;
}
