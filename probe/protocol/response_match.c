#include "probe/protocol/response_match.h"

#include <string.h>

#include "capture/cursor.h"
#include "capture/sequence.h"

static bool is_same(const struct address *a, const struct address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool probe_table_is_probe(
	const struct probe_table *table, const struct packet *packet)
{
	return packet->family == table->family &&
	       is_same(&packet->source, &table->own) &&
	       is_same(&packet->target, &table->target);
}

int probe_table_add(
	struct probe_table *table, const struct sent_probe *sent_probe)
{
	if (table->count == SENT_PROBES_MAX) {
		table->is_full = true;
		return -1;
	}
	table->sent_probe[table->count] = *sent_probe;
	return (int)table->count++;
}

struct sent_probe sent_probe_of_packet(const struct packet *packet)
{
	bool is_echo = packet->kind == PACKET_ICMP &&
		       packet->icmp_type ==
			       (packet->family == 4 ? ICMP4_ECHO : ICMP6_ECHO);

	return (struct sent_probe){
		.time_ns = packet->time_ns,
		.frame = packet->frame,
		.ip_bytes = packet->ip_bytes,
		.sequence = packet->sequence,
		.acknowledged = packet->acknowledged,
		.payload_bytes = packet->payload_bytes,
		.ip_id = packet->ip_id,
		.source_port = is_echo ? packet->icmp_id : packet->source_port,
		.target_port =
			is_echo ? packet->icmp_sequence : packet->target_port,
		.tcp_flags = packet->tcp_flags,
		.protocol = packet->protocol,
		.ttl = packet->ttl,
		.tos = packet->tos,
		.is_df = packet->is_df,
		.is_fragment = packet->kind == PACKET_FRAGMENT ||
			       packet->is_first_fragment,
		.is_later = packet->kind == PACKET_FRAGMENT,
	};
}

bool sent_probe_is_alike(const struct sent_probe *a, const struct sent_probe *b)
{
	return a->protocol == b->protocol && a->ip_bytes == b->ip_bytes &&
	       a->ttl == b->ttl;
}

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

/* Quotes in ICMP errors are compared by the strictest keys first. A NAT may
 * have changed the IP ID, some systems garble the quoted length. The IP ID
 * alone is not a key for TCP: this host's other connections to the target
 * could have the same one. A SYN acknowledges nothing: its acknowledgment
 * field identifies it where a device changed its sequence number. */
enum match_key {
	MATCH_WHOLE,
	MATCH_IDENTIFICATION,
	MATCH_SEQUENCE,
	MATCH_ACKNOWLEDGED,
	MATCH_LENGTH,
	MATCH_ECHO, /* of a packet that was reassembled or fragmented on the
		       path */
	MATCH_COUNT
};

/* The sequence number of a quoted echo request; the identifier may be a NAT's.
 */
struct quoted_echo {
	uint16_t sequence;
	bool is_known;
	bool is_later; /* a later fragment of one */
};

static struct quoted_echo quoted_echo(const struct packet *packet)
{
	struct cursor cursor = cursor_on(packet->payload,
		packet->payload_captured, packet->payload_captured);
	struct quoted_echo echo = {0};
	int first = cursor_peek(&cursor, 0);
	int next = cursor_peek(&cursor, 6); /* IPv6 */
	int fragment = cursor_peek_u16(&cursor, packet->family == 4 ? 6 : 42);

	if (packet->quoted.protocol != PROTOCOL_ICMP &&
		packet->quoted.protocol != PROTOCOL_ICMP6)
		return echo;
	if (packet->family == 4)
		echo.is_later = fragment > 0 && fragment & 0x1fff;
	else
		echo.is_later = next == PROTOCOL_FRAGMENT && fragment >> 3 > 0;
	if (echo.is_later)
		return echo;
	if (packet->family == 4)
		cursor_skip(&cursor, (uint32_t)(first & 0x0f) * 4);
	else if (next == PROTOCOL_FRAGMENT)
		cursor_skip(
			&cursor, IP6_HEADER_BYTES + IP6_FRAGMENT_HEADER_BYTES);
	else
		cursor_skip(&cursor, IP6_HEADER_BYTES);
	cursor_skip(&cursor, 6); /* type, code, checksum, identifier */
	echo.sequence = cursor_u16(&cursor);
	echo.is_known = !cursor_is_short(&cursor);
	return echo;
}

static bool is_echo_told_apart(
	const struct sent_probe *sent_probe, const struct quoted_echo *echo)
{
	return echo->is_known && sent_probe->target_port != echo->sequence;
}

/* At least eight bytes behind the IP header are quoted (RFC 792). A packet
 * whose bytes were not captured is accepted. */
static bool is_quote_whole(const struct packet *packet)
{
	enum { LEAST = 8 };
	struct cursor cursor = cursor_on(packet->payload,
		packet->payload_captured, packet->payload_captured);
	int first = cursor_peek(&cursor, 0);

	if (!packet->payload)
		return true;
	cursor_skip(&cursor, packet->family == 4 ? (uint32_t)(first & 0x0f) * 4
						 : IP6_HEADER_BYTES);
	cursor_skip(&cursor, LEAST);
	return !cursor_is_short(&cursor);
}

static bool is_quoted(const struct sent_probe *sent_probe,
	const struct quotation *quoted, const struct quoted_echo *echo,
	enum match_key key)
{
	bool has_id = quoted->family == 4 || quoted->ip_id;
	bool is_id = has_id && sent_probe->ip_id == quoted->ip_id;
	bool is_sequence = sent_probe->protocol == PROTOCOL_TCP &&
			   quoted->has_sequence &&
			   sent_probe->sequence == quoted->sequence;
	bool is_length = sent_probe->ip_bytes == quoted->total_bytes;
	bool is_port = sent_probe->source_port == quoted->source_port;

	if (sent_probe->protocol != quoted->protocol)
		return false;
	if (quoted->has_ports &&
		sent_probe->target_port != quoted->target_port &&
		(key != MATCH_WHOLE || !is_sequence ||
			sent_probe->source_port != quoted->source_port))
		return false;
	if (is_echo_told_apart(sent_probe, echo) ||
		echo->is_later != sent_probe->is_later)
		return false;
	switch (key) {
	case MATCH_WHOLE:
		return is_length && (is_id || !has_id) &&
		       (sent_probe->protocol != PROTOCOL_TCP || is_sequence);
	case MATCH_IDENTIFICATION:
		return is_id && (sent_probe->protocol != PROTOCOL_TCP ||
					is_port || is_sequence || is_length);
	case MATCH_SEQUENCE:
		return is_sequence && is_length;
	case MATCH_ACKNOWLEDGED:
		return sent_probe->tcp_flags & TCP_SYN &&
		       sent_probe->acknowledged && quoted->has_acknowledged &&
		       quoted->acknowledged == sent_probe->acknowledged;
	case MATCH_LENGTH:
		return is_length && sent_probe->protocol != PROTOCOL_TCP &&
		       !sent_probe->is_later;
	case MATCH_ECHO:
		return echo->is_known &&
		       sent_probe->target_port == echo->sequence;
	case MATCH_COUNT:
		break;
	}
	return false;
}

/* Whether the quote is of a packet to the target, also where a NAT changed its
 * destination and does not restore it in quotes: the quote then has to contain
 * a sequence number. */
static bool is_quote_of_ours(
	const struct probe_table *table, const struct quotation *quoted)
{
	return quoted->family == table->family &&
	       (is_same(&quoted->target, &table->target) ||
		       (quoted->has_sequence &&
			       is_same(&quoted->source, &table->own)));
}

static int find_quoted(
	const struct probe_table *table, const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;
	struct quoted_echo echo = quoted_echo(packet);

	if (!is_quote_whole(packet))
		return -1;
	for (int key = MATCH_WHOLE; key < MATCH_COUNT; key++)
		for (int row = (int)table->count - 1; row >= 0; row--)
			if (is_quoted(&table->sent_probe[row], quoted, &echo,
				    (enum match_key)key))
				return row;
	return -1;
}

/* The target has the fragment (see RESPONSE_INCOMPLETE). A reassembly timeout
 * of a fragment that was just sent is ignored: it takes at least 15 s by RFC
 * 791, a minute by RFC 1122, 30 s in Linux. */
static bool is_incomplete(
	const struct sent_probe *sent_probe, const struct packet *packet)
{
	static const int64_t least_ns = 1000000000;
	uint8_t expired =
		packet->family == 4 ? ICMP4_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED;
	int64_t elapsed_ns;

	if (!sent_probe->is_fragment)
		return false;
	if (packet->family == 6 && packet->icmp_type == ICMP6_PARAMETER)
		return packet->icmp_code == 0;
	return packet->icmp_type == expired &&
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
	bool is_target = is_same(&packet->source, &table->target);
	uint8_t type = packet->icmp_type, code = packet->icmp_code;

	if (is_target && is_incomplete(sent_probe, packet))
		return RESPONSE_INCOMPLETE;
	if (packet->family == 4) {
		if (type == ICMP4_TIME_EXCEEDED && code == 0)
			return RESPONSE_EXPIRED;
		if (type == ICMP4_UNREACHABLE &&
			code == ICMP4_FRAGMENTATION_NEEDED)
			return RESPONSE_TOO_BIG;
		if (type == ICMP4_UNREACHABLE && code == ICMP4_PORT &&
			is_target && packet->quoted.protocol == PROTOCOL_UDP)
			return RESPONSE_ARRIVED;
		return RESPONSE_UNREACHABLE;
	}
	if (type == ICMP6_TIME_EXCEEDED && code == 0)
		return RESPONSE_EXPIRED;
	if (type == ICMP6_TOO_BIG)
		return RESPONSE_TOO_BIG;
	if (type == ICMP6_UNREACHABLE && code == ICMP6_PORT && is_target &&
		packet->quoted.protocol == PROTOCOL_UDP)
		return RESPONSE_ARRIVED;
	return RESPONSE_UNREACHABLE;
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

	if (is_same(source, &table->own))
		return true;
	if (table->family == 6)
		return bytes[0] == 0xff ||
		       memcmp(bytes, low, sizeof(low)) == 0 ||
		       memcmp(bytes, mapped, sizeof(mapped)) == 0;
	return bytes[0] == 0 || bytes[0] == 127 || (bytes[0] & 0xf0) == 224 ||
	       memcmp(bytes, all, sizeof(all)) == 0;
}

static int find_arrived(
	const struct probe_table *table, const struct packet *packet)
{
	for (int row = (int)table->count - 1; row >= 0; row--) {
		const struct sent_probe *sent_probe = &table->sent_probe[row];

		if (packet->kind == PACKET_TCP &&
			tcp_answers(sent_probe, packet))
			return row;
		if (packet->kind == PACKET_ICMP &&
			echo_answers(sent_probe, packet))
			return row;
		if (packet->kind == PACKET_UDP &&
			sent_probe->protocol == PROTOCOL_UDP &&
			sent_probe->source_port == packet->target_port &&
			sent_probe->target_port == packet->source_port)
			return row;
	}
	return -1;
}

int response_match(const struct probe_table *table, const struct packet *packet,
	enum response_kind *kind)
{
	int row = -1;

	*kind = RESPONSE_NONE;
	if (packet->family != table->family ||
		!is_same(&packet->target, &table->own))
		return -1;
	if (packet->kind == PACKET_ICMP && !is_echo_reply(packet)) {
		if (!is_quote_of_ours(table, &packet->quoted) ||
			is_martian(table, &packet->source))
			return -1;
		row = find_quoted(table, packet);
		if (row >= 0)
			*kind = kind_of_error(
				table, &table->sent_probe[row], packet);
		return row;
	}
	if (!is_same(&packet->source, &table->target))
		return -1;
	row = find_arrived(table, packet);
	if (row >= 0)
		*kind = RESPONSE_ARRIVED;
	return row;
}
