/* What devices changed, from what routers quote of a handshake packet, and the
 * target of a UDP packet. A field that is as sent at one hop and otherwise at
 * the next, and at all after that, was changed between the two: by the nearer
 * of them on its way out, by a device between, or by the farther before it
 * looked. Named is the nearer. */
#include "analysis/path/path_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum field {
	FIELD_MSS,
	FIELD_DF,
	FIELD_DSCP,
	FIELD_ECN,
	FIELD_ECN_FLAGS,
	FIELD_TIMESTAMP,
	FIELD_SACK,
	FIELD_SCALE,
	FIELD_SEQUENCE,
	FIELD_WINDOW,
	FIELD_IP_ID,
	FIELD_TARGET,
	FIELD_SOURCE,
	FIELD_CHECKSUM,
	FIELD_FRAGMENTS,
	FIELD_COUNT,
};

/* How much of the packet has to be quoted. */
enum extent {
	EXTENT_PIECES,
	EXTENT_IP,
	EXTENT_PORTS,
	EXTENT_SEQUENCE,
	EXTENT_OPTIONS,
};

static const struct {
	const char *word;
	enum extent extent;
	bool is_ip4; /* there is no such field in IPv6 */
} fields[FIELD_COUNT] = {
	[FIELD_MSS] = {"mss", EXTENT_OPTIONS, false},
	[FIELD_DF] = {"df", EXTENT_IP, true},
	[FIELD_DSCP] = {"dscp", EXTENT_IP, false},
	[FIELD_ECN] = {"ecn", EXTENT_IP, false},
	[FIELD_ECN_FLAGS] = {"ecn-flags", EXTENT_OPTIONS, false},
	[FIELD_TIMESTAMP] = {"timestamps", EXTENT_OPTIONS, false},
	[FIELD_SACK] = {"sack-permitted", EXTENT_OPTIONS, false},
	[FIELD_SCALE] = {"window-scale", EXTENT_OPTIONS, false},
	[FIELD_SEQUENCE] = {"sequence", EXTENT_SEQUENCE, false},
	[FIELD_WINDOW] = {"window", EXTENT_OPTIONS, false},
	[FIELD_IP_ID] = {"ip-id", EXTENT_IP, true},
	[FIELD_TARGET] = {"target", EXTENT_PORTS, false},
	[FIELD_SOURCE] = {"source", EXTENT_PORTS, false},
	/* A NAT that puts the quoted address back but not the checksum. */
	[FIELD_CHECKSUM] = {"source", EXTENT_OPTIONS, false},
	/* Bytes of the piece that came first. */
	[FIELD_FRAGMENTS] = {"fragmentation", EXTENT_PIECES, false},
};
static_assert(sizeof(fields) / sizeof(fields[0]) == FIELD_COUNT,
	"a word for every field");

enum { ECN_BITS = 3, ECN_MARKED = 3, ECN_FLAGS = TCP_ECE | TCP_CWR };

static uint32_t option_value(
	const struct packet *packet, uint16_t option, uint32_t value)
{
	return (packet->options & option) ? value : UINT32_MAX;
}

/* UINT32_MAX stands for an option that is not there. */
static uint32_t value_of(const struct packet *packet, enum field field)
{
	switch (field) {
	case FIELD_MSS:
		return option_value(packet, OPTION_MSS, packet->mss);
	case FIELD_DF:
		return packet->is_df;
	case FIELD_DSCP:
		return packet->tos >> 2;
	case FIELD_ECN:
		return packet->tos & ECN_BITS;
	case FIELD_ECN_FLAGS:
		return (packet->tcp_flags & ECN_FLAGS) / TCP_ECE;
	case FIELD_TIMESTAMP:
		return option_value(
			packet, OPTION_TIMESTAMP, packet->timestamp_value);
	case FIELD_SACK:
		return option_value(packet, OPTION_SACK_PERMITTED, 1);
	case FIELD_SCALE:
		return option_value(
			packet, OPTION_WINDOW_SCALE, packet->window_scale);
	case FIELD_SEQUENCE:
		return packet->sequence;
	case FIELD_WINDOW:
		return packet->window;
	case FIELD_IP_ID:
		return packet->ip_id;
	case FIELD_TARGET:
		return packet->target_port;
	case FIELD_SOURCE:
		return packet->source_port;
	case FIELD_FRAGMENTS:
		return packet->ip_bytes;
	case FIELD_CHECKSUM:
	case FIELD_COUNT:
		break;
	}
	return 0;
}

static bool is_other(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof(*a)) != 0;
}

static bool is_changed(const struct quote *quote, enum field field)
{
	const struct packet *now = &quote->packet, *sent = &quote->sent;

	if (field == FIELD_CHECKSUM)
		return quote->is_checksum_right == TRUTH_NO;
	if (field == FIELD_SOURCE && is_other(&now->source, &sent->source))
		return true;
	if (field == FIELD_TARGET && is_other(&now->target, &sent->target))
		return true;
	/* A router that is congested marks what may be marked (RFC 3168). */
	if (field == FIELD_ECN && value_of(now, field) == ECN_MARKED)
		return false;
	return value_of(now, field) != value_of(sent, field);
}

static bool says_something(const struct quote *quote, enum field field)
{
	if (field == FIELD_CHECKSUM)
		return quote->is_checksum_right != TRUTH_UNKNOWN;
	switch (fields[field].extent) {
	case EXTENT_PIECES:
		return quote->packet.kind == PACKET_ICMP;
	case EXTENT_IP:
	case EXTENT_PORTS:
		return quote->packet.kind != PACKET_ICMP;
	case EXTENT_SEQUENCE:
		return quote->packet.kind == PACKET_TCP;
	case EXTENT_OPTIONS:
		return quote->is_whole;
	}
	return false;
}

/* The quote of a hop that says something of the field, or NULL. Nothing expires
 * at the target or behind it, whatever is quoted. */
static const struct quote *quote_at(
	const struct path *path, unsigned ttl, enum field field)
{
	bool is_behind = path->distance && ttl >= path->distance;

	for (unsigned i = 0; i < path->quote_count; i++) {
		const struct quote *quote = &path->quotes[i];

		if ((quote->is_target ? path->distance : quote->ttl) == ttl &&
			(quote->is_target || !is_behind) &&
			says_something(quote, field))
			return quote;
	}
	return NULL;
}

static void value_text(
	char text[FOUND_BYTES], const struct packet *packet, enum field field)
{
	uint32_t value = value_of(packet, field);

	if (value == UINT32_MAX && field != FIELD_SEQUENCE)
		(void)snprintf(text, FOUND_BYTES, "absent");
	else
		(void)snprintf(text, FOUND_BYTES, "%u", value);
}

/* Where a field was changed. */
struct change {
	const struct quote *first; /* the nearest hop that saw it changed */
	unsigned ttl;		   /* that hop */
	unsigned unchanged_ttl;	   /* the last that saw it as sent; 0 */
	bool is_confirmed;	   /* by a hop behind */
};

/* A quote of the whole packet, where a piece of it was sent. Who put it
 * together may cut it again as it was: no hop behind has to confirm it. */
static bool is_proof(const struct change *change, enum field field)
{
	return field == FIELD_FRAGMENTS && change->first &&
	       !change->first->packet.is_first_fragment;
}

static struct change find_change(const struct path *path, enum field field)
{
	struct change change = {0};

	for (unsigned ttl = 1; ttl <= HOP_LIMIT_WHOLE_WAY; ttl++) {
		const struct quote *quote = quote_at(path, ttl, field);

		if (!quote || is_proof(&change, field))
			continue;
		if (!is_changed(quote, field))
			/* What comes back as sent was never changed: the one
			 * hop garbled its quote. */
			change = (struct change){.unchanged_ttl = ttl};
		else if (change.first)
			change.is_confirmed = true;
		else {
			change.first = quote;
			change.ttl = ttl;
		}
	}
	return change;
}

static enum finding_kind kind_of(const struct change *change, enum field field)
{
	if (field == FIELD_DF)
		return FINDING_DF_CLEARED;
	return field == FIELD_MSS && change->first->packet.options & OPTION_MSS
		       ? FINDING_MSS_CLAMPED
		       : FINDING_REWRITTEN;
}

static void weigh(
	struct finding *finding, const struct change *change, enum field field)
{
	bool is_exact = change->unchanged_ttl + 1 == change->ttl;
	bool is_confirmed = change->is_confirmed || is_proof(change, field);

	finding->grade = is_confirmed && is_exact && field != FIELD_CHECKSUM
				 ? GRADE_CERTAIN
				 : GRADE_LIKELY;
	if (!is_confirmed)
		(void)snprintf(finding->other, sizeof(finding->other),
			"hop %u quotes wrongly: no hop behind it confirms it",
			change->ttl);
	else if (!is_exact)
		(void)snprintf(finding->other, sizeof(finding->other),
			"a hop from %u on: those between do not quote enough",
			change->unchanged_ttl);
	else if (field == FIELD_CHECKSUM)
		(void)snprintf(finding->other, sizeof(finding->other),
			"the device puts other numbers back into quotes than "
			"addresses and ports");
}

static void add_values(
	struct finding *finding, const struct change *change, enum field field)
{
	const struct quote *quote = change->first;
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (field == FIELD_CHECKSUM) {
		path_evidence(finding, "quoted-checksum-matches", TRUTH_NO,
			quote->frame, quote->against,
			"of another address or port", "of what is quoted");
		return;
	}
	if (field == FIELD_FRAGMENTS) {
		(void)snprintf(found, sizeof(found), "%u bytes%s",
			quote->packet.ip_bytes,
			quote->packet.is_first_fragment ? "" : ", whole");
		(void)snprintf(expected, sizeof(expected),
			"%u bytes and more to come", quote->sent.ip_bytes);
		path_evidence(finding, "first-fragment-as-sent", TRUTH_NO,
			quote->frame, quote->against, found, expected);
		return;
	}
	value_text(found, &quote->packet, field);
	value_text(expected, &quote->sent, field);
	if ((field == FIELD_SOURCE &&
		    is_other(&quote->packet.source, &quote->sent.source)) ||
		(field == FIELD_TARGET &&
			is_other(&quote->packet.target, &quote->sent.target))) {
		(void)snprintf(found, sizeof(found), "another address");
		(void)snprintf(expected, sizeof(expected), "ours");
	}
	path_evidence(finding, "quoted-as-sent", TRUTH_NO, quote->frame,
		quote->against, found, expected);
}

static void add(
	struct path *path, enum field field, const struct change *change)
{
	enum finding_kind kind = kind_of(change, field);
	struct finding *finding = path_add(path, kind);
	const struct quote *quote = change->first;

	if (!finding)
		return;
	/* Fragments are put together as they come in, before the hop limit is
	 * looked at: the hop that saw the whole is the one. */
	finding->hop = (int)change->ttl - (field == FIELD_FRAGMENTS ? 0 : 1);
	finding->direction = PATH_FORWARD;
	weigh(finding, change, field);
	if (kind == FINDING_REWRITTEN)
		finding->what = fields[field].word;
	if (kind == FINDING_MSS_CLAMPED) {
		finding->sent = quote->sent.mss;
		finding->arrived = quote->packet.mss;
		(void)snprintf(finding->advice, sizeof(finding->advice),
			"Nothing, usually: a device there knows of a link of "
			"%u bytes behind it.",
			quote->packet.mss +
				(path->comment.family == 4 ? 40u : 60u));
	}
	if (field == FIELD_FRAGMENTS)
		(void)snprintf(finding->advice, sizeof(finding->advice),
			"Nothing, usually: a device there keeps state, as a "
			"firewall or a NAT does. Under many fragments its "
			"memory for them is what runs out.");
	add_values(finding, change, field);
}

/* A device that gives every packet the same hop limit: the target quotes the
 * same one of packets that were sent with different ones. It stands before the
 * first hop that it makes the last. */
static void judge_hop_limit(struct path *path)
{
	uint32_t first = UINT32_MAX, other = UINT32_MAX;
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct reply *reply = &path->replies[row];
		unsigned ttl = path->table.sent_probe[row].ttl;

		if (!reply->arrived || reply->arrived_quoted_ttl == 0)
			continue;
		if (first == UINT32_MAX)
			first = row;
		else if (reply->arrived_quoted_ttl !=
			 path->replies[first].arrived_quoted_ttl)
			return;
		else if (ttl != path->table.sent_probe[first].ttl)
			other = row;
	}
	if (other == UINT32_MAX || path->distance == 0)
		return;
	struct finding *finding = path_add(path, FINDING_REWRITTEN);
	if (!finding)
		return;
	finding->direction = PATH_FORWARD;
	finding->hop = (int)path->distance - 1;
	finding->what = "ttl";
	finding->grade = GRADE_LIKELY;
	(void)snprintf(found, sizeof(found), "both %u",
		path->replies[first].arrived_quoted_ttl);
	(void)snprintf(expected, sizeof(expected), "apart by %d",
		path->table.sent_probe[other].ttl -
			path->table.sent_probe[first].ttl);
	path_evidence(finding, "quoted-ttl-follows-sent", TRUTH_NO,
		path->replies[other].arrived, path->replies[first].arrived,
		found, expected);
	(void)snprintf(finding->other, sizeof(finding->other),
		"the target quotes one hop limit whatever arrived");
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Hops behind that device can't be seen from here: what is "
		"found on its link may lie behind it.");
}

/* A wrong checksum is a trace of something unseen only as long as nothing that
 * is seen may have caused it; and one translation is one finding. */
static bool is_told_already(const struct change *changes, enum field field)
{
	const struct change *other = &changes[FIELD_CHECKSUM];

	if (field == FIELD_SOURCE)
		return other->first && other->ttl < changes[field].ttl;
	if (field != FIELD_CHECKSUM)
		return false;
	for (int i = 0; i < FIELD_CHECKSUM; i++)
		if (changes[i].first && changes[i].ttl <= other->ttl)
			return true;
	return false;
}

void path_judge_rewritten(struct path *path)
{
	struct change changes[FIELD_COUNT] = {0};

	for (unsigned i = 0; i < path->quote_count; i++)
		if (path->quotes[i].is_whole)
			path->is_rewritten_settled = true;
	for (int i = 0; i < FIELD_COUNT; i++)
		if (!fields[i].is_ip4 || path->comment.family == 4)
			changes[i] = find_change(path, (enum field)i);
	for (int i = 0; i < FIELD_COUNT; i++)
		if (changes[i].first &&
			!is_told_already(changes, (enum field)i))
			add(path, (enum field)i, &changes[i]);
	if (section_comment_has(&path->comment, EXPERIMENT_REWRITTEN))
		judge_hop_limit(path);
}
