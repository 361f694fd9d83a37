/* UDP and ICMP echo show a host's distance as well. Multicast and broadcast are
 * left out, and so are small TTLs and 255, which are chosen for a short range.
 * The first datagrams are all used, later ones are sampled. Their hosts have a
 * table of their own, so that hosts of connections don't lack the room. */
#include "analysis/analysis_state.h"

enum {
	DATAGRAMS = 1 << 16,  /* from which distances are learned, */
	DATAGRAMS_LATER = 64, /* and every so many after that */
};

static bool is_echo(const struct packet *packet)
{
	bool is_v6 = packet->family == 6;

	return packet->icmp_type == (is_v6 ? ICMP6_ECHO : ICMP4_ECHO) ||
	       packet->icmp_type ==
		       (is_v6 ? ICMP6_ECHO_REPLY : ICMP4_ECHO_REPLY);
}

void datagrams_learn(struct analysis *analysis, const struct packet *packet)
{
	struct host_ttls *hosts = &analysis->learned.datagram_ttls;
	const uint8_t *target = packet->target.bytes;
	bool is_v6 = packet->family == 6;

	if ((packet->kind == PACKET_ICMP && !is_echo(packet)))
		return;
	if (analysis->datagrams++ >= DATAGRAMS &&
		analysis->datagrams % DATAGRAMS_LATER != 0)
		return;
	if (packet->ttl <= analysis->observer.thresholds->tracing_ttl ||
		packet->ttl == UINT8_MAX ||
		(is_v6 ? target[0] == 0xff : target[0] >= 224))
		return;
	host_ttls_learn(hosts, &packet->source, packet->family, packet->ttl,
		analysis->observer.capture_point, packet->time_ns);
}
