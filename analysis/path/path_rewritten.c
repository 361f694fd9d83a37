/* A field that is unchanged at one hop and changed at the next, and at all
 * hops after that, was changed between the two: by the nearer one at output,
 * by a device between, or by the farther one at input. The nearer hop is
 * named. */
#include "analysis/path/path_rewritten.h"

#include "analysis/path/header_value.h"
#include "analysis/path/path_headers_seen.h"
#include "capture/numbers.h"

/* A hop's quote that contains the field, or NULL. Nothing expires at the
 * target or behind it, whatever is quoted. */
static const struct quote *quote_at(
	const struct path *path, unsigned ttl, enum header_field field)
{
	bool is_behind = path->distance && ttl >= path->distance;

	for (unsigned i = 0; i < path->quote_count; i++) {
		const struct quote *quote = &path->quotes[i];

		if ((quote->is_target ? path->distance : quote->ttl) == ttl &&
			(quote->is_target || !is_behind) &&
			header_value_is_quoted(quote, field))
			return quote;
	}
	return NULL;
}

/* Where a field was changed. */
struct change {
	const struct quote *first; /* the nearest hop that saw it changed */
	enum header_field field;
	unsigned ttl;		/* that hop */
	unsigned unchanged_ttl; /* the last that saw it as sent; 0 */
	bool is_confirmed;	/* by a hop behind */
};

/* A quote of the whole packet, where a fragment of it was sent. The device
 * that reassembled it may fragment it again as before: no hop behind has to
 * confirm it. */
static bool is_proof(const struct change *change)
{
	return change->field == FIELD_FRAGMENTS && change->first &&
	       !change->first->packet.is_first_fragment;
}

static struct change find_change(
	const struct path *path, enum header_field field)
{
	struct change change = {.field = field};

	for (unsigned ttl = 1; ttl <= HOP_LIMIT_WHOLE_WAY; ttl++) {
		const struct quote *quote = quote_at(path, ttl, field);

		if (!quote || is_proof(&change))
			continue;
		if (!header_value_is_changed(quote, field))
			/* A field that a later hop quotes as sent was never
			 * changed: the one hop quoted wrongly. */
			change = (struct change){
				.field = field, .unchanged_ttl = ttl};
		else if (change.first)
			change.is_confirmed = true;
		else {
			change.first = quote;
			change.ttl = ttl;
		}
	}
	return change;
}

/* The fact that a change denies. */
static enum path_fact fact_of(const struct change *change)
{
	if (change->field == FIELD_CHECKSUM)
		return PATH_FACT_QUOTED_CHECKSUM_MATCHES;
	return change->field == FIELD_FRAGMENTS
		       ? PATH_FACT_FIRST_FRAGMENT_AS_SENT
		       : PATH_FACT_QUOTED_AS_SENT;
}

static void set_values(struct path_facts *facts, enum path_fact fact,
	const struct change *change)
{
	const struct quote *quote = change->first;
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (change->field == FIELD_CHECKSUM) {
		path_fact_found(facts, fact, "of another address or port");
		path_fact_expected(facts, fact, "of what is quoted");
		return;
	}
	if (change->field == FIELD_FRAGMENTS) {
		path_fact_found(facts, fact, "%u bytes%s",
			quote->packet.ip_bytes,
			quote->packet.is_first_fragment ? "" : ", whole");
		path_fact_expected(facts, fact, "%u bytes and more to come",
			quote->sent.ip_bytes);
		return;
	}
	if (header_value_is_address_changed(quote, change->field)) {
		path_fact_found(facts, fact, "another address");
		path_fact_expected(facts, fact, "ours");
		return;
	}
	header_value_text(found, &quote->packet, change->field);
	header_value_text(expected, &quote->sent, change->field);
	path_fact_found(facts, fact, "%s", found);
	path_fact_expected(facts, fact, "%s", expected);
}

/* A wrong checksum indicates an unseen change only where no visible change may
 * have caused it; and one translation is one finding. */
static bool is_explained(
	const struct change changes[FIELD_COUNT], enum header_field field)
{
	const struct change *checksum = &changes[FIELD_CHECKSUM];

	if (field == FIELD_SOURCE)
		return checksum->first && checksum->ttl < changes[field].ttl;
	if (field != FIELD_CHECKSUM)
		return false;
	for (int i = 0; i < FIELD_COUNT; i++)
		if (i != FIELD_CHECKSUM && i != FIELD_FRAGMENTS &&
			changes[i].first && changes[i].ttl <= checksum->ttl)
			return true;
	return false;
}

static void take_change(const struct path *path,
	const struct path_case_sink *sink, const struct change *change,
	bool is_explained)
{
	enum path_fact fact = fact_of(change);
	const struct packet *now = &change->first->packet;
	struct path_case one;
	struct path_facts *facts = &one.facts;

	path_case_begin(&one, PATH_SUBJECT_FIELD, path->comment.family);
	path_fact_set(facts, fact, false);
	path_fact_frames(
		facts, fact, change->first->frame, change->first->against);
	set_values(facts, fact, change);
	if (change->field == FIELD_DF)
		path_fact_set(facts, PATH_FACT_DONT_FRAGMENT_KEPT, false);
	if (change->field == FIELD_MSS)
		path_fact_set(facts, PATH_FACT_MSS_OPTION_KEPT,
			now->options & OPTION_MSS);
	path_fact_set(facts, PATH_FACT_HOP_BEHIND_CONFIRMS,
		change->is_confirmed || is_proof(change));
	path_fact_set(
		facts, PATH_FACT_ROUTERS_SEE_IT, !change->first->is_target);
	path_fact_set(facts, PATH_FACT_HOPS_ARE_NEIGHBOURS,
		change->unchanged_ttl + 1 == change->ttl);
	path_fact_set(
		facts, PATH_FACT_ANOTHER_CHANGE_EXPLAINS_IT, is_explained);
	/* Fragments are reassembled at input, before the hop limit is checked:
	 * the hop that quotes the whole packet is the one. */
	one.figures.hop =
		(int)change->ttl - (change->field == FIELD_FRAGMENTS ? 0 : 1);
	one.figures.field = change->field;
	one.figures.mss_sent = change->first->sent.mss;
	one.figures.mss_arrived = now->mss;
	path_case_word(&one.words, PATH_WORD_HOP, "%u", change->ttl);
	path_case_word(
		&one.words, PATH_WORD_NEXT_HOP, "%u", change->unchanged_ttl);
	path_case_word(&one.words, PATH_WORD_SIZE, "%u",
		now->mss + tcp_headers_bytes(path->comment.family));
	sink->take(sink->context, &one);
}

/* The first two packets that the target quotes and that were sent with
 * different hop limits; UINT32_MAX where there are none. */
static void find_quoted_apart(
	const struct path *path, uint32_t *first, uint32_t *other)
{
	*first = *other = UINT32_MAX;
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct reply *reply = &path->replies[row];

		if (!reply->arrived || reply->arrived_quoted_ttl == 0)
			continue;
		if (*first == UINT32_MAX)
			*first = row;
		else if (path->table.sent_probe[row].ttl !=
			 path->table.sent_probe[*first].ttl)
			*other = row;
	}
}

/* Whether all quotes of the target name one hop limit. */
static bool is_one_limit_quoted(const struct path *path, uint32_t first)
{
	for (uint32_t row = first; row < path->table.count; row++) {
		const struct reply *reply = &path->replies[row];

		if (reply->arrived && reply->arrived_quoted_ttl &&
			reply->arrived_quoted_ttl !=
				path->replies[first].arrived_quoted_ttl)
			return false;
	}
	return true;
}

/* A device that sets the same hop limit in every packet: the target quotes one
 * value for packets that were sent with different ones. The device is before
 * the first hop that appears as the last. */
static void take_hop_limit(
	const struct path *path, const struct path_case_sink *sink)
{
	const enum path_fact fact = PATH_FACT_QUOTED_TTL_FOLLOWS_SENT;
	uint32_t first, other;
	struct path_case one;
	bool is_one;

	find_quoted_apart(path, &first, &other);
	if (other == UINT32_MAX || path->distance == 0)
		return;
	is_one = is_one_limit_quoted(path, first);
	path_case_begin(&one, PATH_SUBJECT_HOP_LIMIT, path->comment.family);
	one.figures.hop = (int)path->distance - 1;
	one.figures.field = FIELD_TTL;
	path_fact_set(&one.facts, fact, !is_one);
	path_fact_frames(&one.facts, fact, path->replies[other].arrived,
		path->replies[first].arrived);
	path_fact_found(&one.facts, fact, is_one ? "both %u" : "others than %u",
		path->replies[first].arrived_quoted_ttl);
	path_fact_expected(&one.facts, fact, "apart by %d",
		path->table.sent_probe[other].ttl -
			path->table.sent_probe[first].ttl);
	sink->take(sink->context, &one);
}

void path_rewritten_cases(
	const struct path *path, const struct path_case_sink *sink)
{
	struct change changes[FIELD_COUNT] = {0};

	for (int i = FIELD_MSS; i <= FIELD_FRAGMENTS; i++)
		if (header_value_exists(
			    (enum header_field)i, path->comment.family))
			changes[i] = find_change(path, (enum header_field)i);
	for (int i = FIELD_MSS; i <= FIELD_FRAGMENTS; i++)
		if (changes[i].first)
			take_change(path, sink, &changes[i],
				is_explained(changes, (enum header_field)i));
	path_headers_seen_case(path, sink);
	if (section_comment_has(&path->comment, EXPERIMENT_REWRITTEN))
		take_hop_limit(path, sink);
}
