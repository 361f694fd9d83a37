#include "probe/protocol/response_match.h"

#include <string.h>

#include "capture/address.h"
#include "capture/icmp_kind.h"
#include "probe/protocol/response_quote.h"
#include "probe/protocol/stray_segment.h"

/* An ACK is at most a window beyond a segment of already acknowledged data:
 * more was never sent, and an ACK for it is forged (RFC 9293, 3.10.7.4). */
enum { MOST_BEYOND = 65535 };

static bool tcp_answers(
	const struct sent_probe *sent_probe, const struct packet *packet)
{
	uint32_t end = sent_probe->sequence + sent_probe->payload_bytes;

	if (sent_probe->protocol != PROTOCOL_TCP ||
		sent_probe->source_port != packet->target_port ||
		sent_probe->target_port != packet->source_port)
		return false;
	if (sent_probe->tcp_flags & TCP_SYN)
		return packet->tcp_flags & TCP_ACK &&
		       packet->tcp_flags & (TCP_SYN | TCP_RST) &&
		       packet->acknowledged == end + 1;
	if (stray_segment_is(sent_probe))
		return stray_segment_is_reset_by(sent_probe, packet);
	if (sent_probe->payload_bytes == 0 || packet->sack_count == 0 ||
		packet->tcp_flags & TCP_RST)
		return false;
	return packet->sack[0].start == sent_probe->sequence &&
	       packet->sack[0].end == end &&
	       packet->acknowledged - end <= MOST_BEYOND;
}

static bool is_echo_reply(const struct packet *packet)
{
	return packet->kind == PACKET_ICMP &&
	       packet->icmp_type == (packet->family == 4 ? ICMP4_ECHO_REPLY
							 : ICMP6_ECHO_REPLY);
}

static bool echo_answers(
	const struct sent_probe *sent_probe, const struct packet *packet)
{
	return (sent_probe->protocol == PROTOCOL_ICMP ||
		       sent_probe->protocol == PROTOCOL_ICMP6) &&
	       sent_probe->source_port == packet->icmp_id &&
	       sent_probe->target_port == packet->icmp_sequence;
}

/* Whether the quote is of a packet to the target, also where a NAT changed its
 * destination and does not restore it in quotes: the quote then has to contain
 * a sequence number. */
static bool is_quote_of_ours(
	const struct probe_table *table, const struct quotation *quoted)
{
	return quoted->family == table->family &&
	       (address_is_same(&quoted->target, &table->target) ||
		       (quoted->has_sequence &&
			       address_is_same(&quoted->source, &table->own)));
}

/* The target has the fragment (see RESPONSE_INCOMPLETE). A reassembly timeout
 * of a fragment that was just sent is ignored: it takes at least 15 s by RFC
 * 791, a minute by RFC 1122, 30 s in Linux. */
static bool is_incomplete(
	const struct sent_probe *sent_probe, const struct packet *packet)
{
	static const int64_t least_ns = 1000000000;
	int64_t elapsed_ns;

	if (!sent_probe->is_fragment)
		return false;
	if (packet->family == 6 && packet->icmp_type == ICMP6_PARAMETER)
		return packet->icmp_code == 0;
	return icmp_kind_is_time_exceeded(packet->family, packet->icmp_type) &&
	       packet->icmp_code == ICMP_REASSEMBLY &&
	       sent_probe->time_ns != INT64_MIN &&
	       packet->time_ns != INT64_MIN &&
	       !__builtin_sub_overflow(
		       packet->time_ns, sent_probe->time_ns, &elapsed_ns) &&
	       elapsed_ns >= least_ns;
}

static enum response_kind kind_of_error(const struct probe_table *table,
	const struct sent_probe *sent_probe, const struct packet *packet)
{
	bool is_target = address_is_same(&packet->source, &table->target);
	uint8_t type = packet->icmp_type, code = packet->icmp_code;

	if (is_target && is_incomplete(sent_probe, packet))
		return RESPONSE_INCOMPLETE;
	if (icmp_kind_is_time_exceeded(packet->family, type) && code == 0)
		return RESPONSE_EXPIRED;
	if (icmp_kind_is_too_big(packet->family, type, code))
		return RESPONSE_TOO_BIG;
	if (icmp_kind_is_port(packet->family, type, code) && is_target &&
		packet->quoted.protocol == PROTOCOL_UDP)
		return RESPONSE_ARRIVED;
	return icmp_kind_is_advice(packet->family, type) ? RESPONSE_NONE
							 : RESPONSE_UNREACHABLE;
}

/* Whether no router can send errors from this address (RFC 1812, 5.3.7): "this
 * network", loopback, multicast, broadcast, and our own. Routers with
 * addresses of 240/4 do exist. */
static bool is_martian(
	const struct probe_table *table, const struct address *source)
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	static const uint8_t low[15] = {0};
	static const uint8_t all[4] = {0xff, 0xff, 0xff, 0xff};
	const uint8_t *bytes = source->bytes;

	if (address_is_same(source, &table->own))
		return true;
	if (table->family == 6)
		return bytes[0] == 0xff ||
		       memcmp(bytes, low, sizeof(low)) == 0 ||
		       memcmp(bytes, mapped, sizeof(mapped)) == 0;
	return bytes[0] == 0 || bytes[0] == 127 || (bytes[0] & 0xf0) == 224 ||
	       memcmp(bytes, all, sizeof(all)) == 0;
}

static bool fits_tcp(const struct sent_probe *sent_probe, const void *packet)
{
	return tcp_answers(sent_probe, packet);
}

static bool fits_echo(const struct sent_probe *sent_probe, const void *packet)
{
	return echo_answers(sent_probe, packet);
}

static bool fits_udp(const struct sent_probe *sent_probe, const void *context)
{
	const struct packet *packet = context;

	return sent_probe->protocol == PROTOCOL_UDP &&
	       sent_probe->source_port == packet->target_port &&
	       sent_probe->target_port == packet->source_port;
}

static int find_arrived(struct probe_table *table, const struct packet *packet)
{
	int of_syn, of_data = -1;

	if (packet->kind == PACKET_ICMP)
		return probe_table_find(table, PROBE_TARGET_PORT,
			packet->icmp_sequence, fits_echo, packet);
	if (packet->kind == PACKET_UDP)
		return probe_table_find(table, PROBE_TARGET_PORT,
			packet->source_port, fits_udp, packet);
	if (packet->kind != PACKET_TCP)
		return -1;
	if ((packet->tcp_flags & (TCP_RST | TCP_ACK)) == TCP_RST)
		return probe_table_find(table, PROBE_ACKNOWLEDGED,
			packet->sequence, fits_tcp, packet);
	of_syn = probe_table_find(
		table, PROBE_END, packet->acknowledged - 1, fits_tcp, packet);
	if (packet->sack_count)
		of_data = probe_table_find(table, PROBE_SEQUENCE,
			packet->sack[0].start, fits_tcp, packet);
	return of_syn > of_data ? of_syn : of_data;
}

bool response_is_out_of_window(
	const struct probe_table *table, const struct packet *packet)
{
	return packet->kind == PACKET_ICMP && packet->quoted.family &&
	       !table->is_full &&
	       !icmp_kind_is_advice(packet->family, packet->icmp_type) &&
	       address_is_same(&packet->target, &table->own) &&
	       is_quote_of_ours(table, &packet->quoted);
}

int response_match(struct probe_table *table, const struct packet *packet,
	enum response_kind *kind)
{
	int row = -1;

	*kind = RESPONSE_NONE;
	if (packet->family != table->family ||
		!address_is_same(&packet->target, &table->own))
		return -1;
	if (packet->kind == PACKET_ICMP && !is_echo_reply(packet)) {
		if (!is_quote_of_ours(table, &packet->quoted) ||
			is_martian(table, &packet->source))
			return -1;
		row = response_quoted(table, packet);
		if (row >= 0)
			*kind = kind_of_error(
				table, &table->sent_probe[row], packet);
		return *kind == RESPONSE_NONE ? -1 : row;
	}
	if (!address_is_same(&packet->source, &table->target))
		return -1;
	row = find_arrived(table, packet);
	if (row >= 0)
		*kind = RESPONSE_ARRIVED;
	return row;
}
