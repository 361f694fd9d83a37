#include "probe/protocol/response_quote.h"

#include "capture/cursor.h"

/* Quotes in ICMP errors are compared by the strictest keys first. A NAT may
 * have changed the IP ID, some systems garble the quoted length. The IP ID
 * alone is not a key for TCP: this host's other connections to the target
 * could have the same one. A SYN acknowledges nothing: its acknowledgment
 * field identifies it where a device changed its sequence number.
 *
 * Whoever has not seen the packets can guess sizes, the sequence numbers of
 * echo requests, which count from 1, and a few of the IP IDs. So a quote also
 * has to name a number of the probe's that was drawn at random: port or
 * sequence number of TCP, port of UDP, identifier of an echo request. A NAT
 * that changes it and does not restore it in quotes leaves IP ID and length,
 * and then both have to be the probe's. Of TCP that is not enough: a NAT leaves
 * the sequence number, and a device that changes it as well has to be known by
 * the quote of a SYN. */
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

/* The numbers of a quoted echo request; the identifier may be a NAT's. */
struct quoted_echo {
	uint16_t identifier, sequence;
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
		echo.is_later = fragment > 0 && fragment & IP4_OFFSET_MASK;
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
	cursor_skip(&cursor, 4); /* type, code, checksum */
	echo.identifier = cursor_u16(&cursor);
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

/* What is looked for: a quote, and how it is compared. */
struct search {
	const struct packet *packet;
	const struct probe_table *table;
	struct quoted_echo echo;
	enum match_key key;
};

static bool is_quoted_syn(
	const struct sent_probe *sent_probe, const struct quotation *quoted)
{
	return sent_probe->tcp_flags & TCP_SYN && sent_probe->acknowledged &&
	       quoted->has_acknowledged &&
	       quoted->acknowledged == sent_probe->acknowledged;
}

static bool is_sequence_quoted(
	const struct sent_probe *sent_probe, const struct quotation *quoted)
{
	return sent_probe->protocol == PROTOCOL_TCP && quoted->has_sequence &&
	       sent_probe->sequence == quoted->sequence;
}

/* The probe's port, or what a NAT is known to make of it. */
static bool is_port_quoted(
	const struct search *search, const struct sent_probe *sent_probe)
{
	const struct quotation *quoted = &search->packet->quoted;

	return quoted->has_ports &&
	       (sent_probe->source_port == quoted->source_port ||
		       (sent_probe->protocol == PROTOCOL_TCP &&
			       probe_table_is_changed_port(search->table,
				       sent_probe->source_port,
				       quoted->source_port)));
}

/* Whether the quote has none of the probe's random numbers. Bytes that were
 * not captured, and later fragments, have none to compare. */
static bool is_foreign(
	const struct search *search, const struct sent_probe *sent_probe)
{
	const struct quotation *quoted = &search->packet->quoted;

	if (sent_probe->protocol == PROTOCOL_TCP)
		return !is_port_quoted(search, sent_probe) &&
		       !is_sequence_quoted(sent_probe, quoted) &&
		       !is_quoted_syn(sent_probe, quoted);
	if (!search->packet->payload || search->echo.is_later)
		return false;
	if (sent_probe->protocol == PROTOCOL_UDP)
		return !is_port_quoted(search, sent_probe);
	return !search->echo.is_known ||
	       search->echo.identifier != sent_probe->source_port;
}

static bool is_quoted(
	const struct search *search, const struct sent_probe *sent_probe)
{
	const struct quotation *quoted = &search->packet->quoted;
	const struct quoted_echo *echo = &search->echo;
	enum match_key key = search->key;
	bool has_id = quoted->family == 4 || quoted->ip_id;
	bool is_id = has_id && sent_probe->ip_id == quoted->ip_id;
	bool is_sequence = is_sequence_quoted(sent_probe, quoted);
	bool is_length = sent_probe->ip_bytes == quoted->total_bytes;

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
	if (is_foreign(search, sent_probe))
		return sent_probe->protocol != PROTOCOL_TCP &&
		       key == MATCH_WHOLE && is_id && is_length;
	switch (key) {
	case MATCH_WHOLE:
		return is_length && (is_id || !has_id) &&
		       (sent_probe->protocol != PROTOCOL_TCP || is_sequence);
	case MATCH_IDENTIFICATION:
		return is_id;
	case MATCH_SEQUENCE:
		return is_sequence && is_length;
	case MATCH_ACKNOWLEDGED:
		return is_quoted_syn(sent_probe, quoted);
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

static bool fits(const struct sent_probe *sent_probe, const void *context)
{
	return is_quoted(context, sent_probe);
}

/* By which field is_quoted compares; false: no row can fit. */
static bool field_of_key(
	const struct search *search, enum probe_field *field, uint32_t *value)
{
	const struct quotation *quoted = &search->packet->quoted;
	bool is_tcp = quoted->protocol == PROTOCOL_TCP;
	bool has_id = quoted->family == 4 || quoted->ip_id;

	switch (search->key) {
	case MATCH_WHOLE:
	case MATCH_SEQUENCE:
		if (!is_tcp && search->key == MATCH_SEQUENCE)
			return false;
		*field = is_tcp ? PROBE_SEQUENCE : PROBE_IP_BYTES;
		*value = is_tcp ? quoted->sequence : quoted->total_bytes;
		return !is_tcp || quoted->has_sequence;
	case MATCH_IDENTIFICATION:
		*field = PROBE_IP_ID;
		*value = quoted->ip_id;
		return has_id;
	case MATCH_ACKNOWLEDGED:
		*field = PROBE_ACKNOWLEDGED;
		*value = quoted->acknowledged;
		return quoted->has_acknowledged;
	case MATCH_LENGTH:
		*field = PROBE_IP_BYTES;
		*value = quoted->total_bytes;
		return !is_tcp;
	case MATCH_ECHO:
		*field = PROBE_TARGET_PORT;
		*value = search->echo.sequence;
		return search->echo.is_known;
	case MATCH_COUNT:
		break;
	}
	return false;
}

/* A NAT's port, from a quote that a number of 32 bits identifies. */
static void note_port(struct probe_table *table,
	const struct sent_probe *sent_probe, const struct quotation *quoted)
{
	if (quoted->has_ports &&
		sent_probe->source_port != quoted->source_port &&
		(is_sequence_quoted(sent_probe, quoted) ||
			is_quoted_syn(sent_probe, quoted)))
		probe_table_note_port(
			table, sent_probe->source_port, quoted->source_port);
}

int response_quoted(struct probe_table *table, const struct packet *packet)
{
	struct search search = {
		.packet = packet, .table = table, .echo = quoted_echo(packet)};

	if (!is_quote_whole(packet))
		return -1;
	for (int key = MATCH_WHOLE; key < MATCH_COUNT; key++) {
		enum probe_field field;
		uint32_t value;
		int row = -1;

		search.key = (enum match_key)key;
		if (field_of_key(&search, &field, &value))
			row = probe_table_find(
				table, field, value, fits, &search);
		if (row < 0)
			continue;
		note_port(table, &table->sent_probe[row], &packet->quoted);
		return row;
	}
	return -1;
}
