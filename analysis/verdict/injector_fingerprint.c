#include "analysis/verdict/injector_fingerprint.h"

#include <stddef.h>

/* Fingerprints of known injectors, from captures of them. A fingerprint hints
 * at a product, so it is only reported and decides nothing. */

/* Three alike resets within a millisecond whose window exceeds the TTL by a
 * constant [capture of 222.138.4.221; six bursts, window - ttl = 1375]. */
static bool is_window_by_ttl(const struct reset *reset)
{
	return (reset->note.tcp_flags & TCP_ACK) && reset->repeats >= 2 &&
	       reset->note.window == reset->note.ttl + 1375;
}

/* Header built from the client's packet: its window, its identification plus
 * one, an acknowledgment number without the flag [capture of
 * 195.64.201.42]. */
static bool is_client_mirror(const struct reset *reset)
{
	const struct side_snapshot *peer = &reset->before[!reset->note.side];

	return !(reset->note.tcp_flags & TCP_ACK) &&
	       reset->note.acknowledged != 0 && reset->note.window != 0 &&
	       reset->note.window == peer->window &&
	       reset->note.ip_id == (uint16_t)(peer->ip_id + 1);
}

/* Pairs of resets whose identification is a little-endian counter, told by
 * steps of 256 [capture of 116.223.148.197]. */
static bool is_swapped_counter(
	const struct evidence *evidence, const struct reset *reset)
{
	for (unsigned i = 0; i < evidence->reset_count; i++) {
		const struct packet_note *other = &evidence->resets[i].note;
		uint16_t step = (uint16_t)(other->ip_id - reset->note.ip_id);

		if (other != &reset->note && other->side == reset->note.side &&
			other->ttl == reset->note.ttl && step == 256)
			return true;
	}
	return false;
}

/* SEQ +0, +1460, +4380 in one train (Clayton, Murdoch, Watson 2006; rule code
 * of INTANG). */
static bool is_stepping_train(
	const struct evidence *evidence, const struct reset *reset)
{
	bool has_1460 = false, has_4380 = false;

	for (unsigned i = 0; i < evidence->reset_count; i++) {
		const struct packet_note *other = &evidence->resets[i].note;
		uint32_t ahead = other->sequence - reset->note.sequence;

		if (other->side != reset->note.side)
			continue;
		has_1460 |= ahead == 1460;
		has_4380 |= ahead == 4380;
	}
	return has_1460 && has_4380;
}

const char *injector_fingerprint_of(
	const struct closed_conn *conn, unsigned index)
{
	const struct reset *reset = &conn->evidence->resets[index];

	if (is_stepping_train(conn->evidence, reset))
		return "train-1460-4380";
	if (is_window_by_ttl(reset))
		return "window-follows-ttl";
	if (is_client_mirror(reset))
		return "mirrors-client-header";
	if (is_swapped_counter(conn->evidence, reset))
		return "little-endian-ip-id";
	return NULL;
}

/* The last part of the name: how the resets of one side look together. */
static unsigned count_resets(const struct evidence *evidence, unsigned side,
	bool has_ack, uint32_t *first_ack, bool *is_one_ack, bool *has_zero)
{
	unsigned count = 0;

	*is_one_ack = true;
	*has_zero = false;
	for (unsigned i = 0; i < evidence->reset_count; i++) {
		const struct reset *reset = &evidence->resets[i];

		if (reset->note.side != side ||
			!!(reset->note.tcp_flags & TCP_ACK) != has_ack)
			continue;
		if (count == 0)
			*first_ack = reset->note.acknowledged;
		else if (reset->note.acknowledged != *first_ack)
			*is_one_ack = false;
		*has_zero |= reset->note.acknowledged == 0;
		count += 1u + reset->repeats;
	}
	return count;
}

const char *injector_fingerprint_tampering(const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;
	unsigned side = evidence->resets[0].note.side;
	const struct side_snapshot *client = &evidence->resets[0].before[side];
	const struct side_snapshot *peer = &evidence->resets[0].before[!side];
	bool is_one_ack, has_zero, ack_one, ack_zero;
	uint32_t first_ack = 0, other_ack = 0;
	unsigned plain = count_resets(
		evidence, side, false, &first_ack, &is_one_ack, &has_zero);
	unsigned acked = count_resets(
		evidence, side, true, &other_ack, &ack_one, &ack_zero);
	bool is_both = plain && acked;

	if (!(conn->flow.flags & FLOW_ORIENTED) ||
		!((client->flags | peer->flags) & SIDE_SYN))
		return NULL;
	if (!(conn->flow.flags & FLOW_ESTABLISHED) &&
		!((client->flags | peer->flags) & SIDE_DATA))
		return is_both ? "SYN -> RST;RST+ACK"
		       : plain ? "SYN -> RST"
			       : "SYN -> RST+ACK";
	if (!((client->flags | peer->flags) & SIDE_DATA)) {
		if (is_both)
			return NULL;
		if (plain)
			return plain > 1 ? "SYN;ACK -> RST;RST"
					 : "SYN;ACK -> RST";
		return acked > 1 ? "SYN;ACK -> RST+ACK;RST+ACK"
				 : "SYN;ACK -> RST+ACK";
	}
	/* the first request or later? */
	if (client->packets + peer->packets > 8)
		return plain ? "PSH+ACK;Data -> RST"
			     : "PSH+ACK;Data -> RST+ACK";
	if (is_both)
		return "PSH+ACK -> RST;RST+ACK";
	if (acked)
		return acked > 1 ? "PSH+ACK -> RST+ACK;RST+ACK"
				 : "PSH+ACK -> RST+ACK";
	if (plain == 1)
		return "PSH+ACK -> RST";
	if (is_one_ack)
		return "PSH+ACK -> RST=RST";
	return has_zero ? "PSH+ACK -> RST;RST0" : "PSH+ACK -> RST!=RST";
}
