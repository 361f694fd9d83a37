#include "analysis/path/path_fragments.h"

#include <math.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_fragment_place.h"
#include "analysis/path/path_loss_place.h"
#include "capture/numbers.h"
#include "probe/protocol/loss_chance.h"

/* The responses to the echo requests of one kind. */
struct kind_count {
	uint64_t sent_frame, arrived_frame; /* the first of each */
	unsigned sent, arrived, refused;
	bool is_arrived_in_fragments;
	/* in one packet that needed no fragments: no longer than the interface
	 * takes, or shortened by the target */
	bool is_arrived_unfragmented;
};

/* Upper bound of packets per direction that a request of a kind, or its answer,
 * takes. */
static const unsigned char packets[ECHO_KIND_COUNT] = {
	[ECHO_WHOLE] = 1,
	[ECHO_FULL] = 1,
	[ECHO_TWO] = 2,
	[ECHO_MANY] = 8,
	[ECHO_TINY] = 2,
	[ECHO_REVERSED] = 2,
	[ECHO_LONG] = 2,
	[ECHO_PAIR] = 2,
};

static enum dropped_fragments fragments_of(enum echo_kind kind)
{
	switch (kind) {
	case ECHO_TWO:
		return FRAGMENTS_TWO;
	case ECHO_MANY:
		return FRAGMENTS_MANY;
	case ECHO_TINY:
		return FRAGMENTS_TINY_FIRST;
	case ECHO_REVERSED:
		return FRAGMENTS_REVERSED;
	case ECHO_LONG:
		return FRAGMENTS_ANSWER;
	case ECHO_WHOLE:
	case ECHO_FULL:
	case ECHO_PAIR:
	case ECHO_CONTROL:
	case ECHO_ODD:
	case ECHO_KIND_COUNT:
		break;
	}
	return FRAGMENTS_ANY;
}

/* All that is known of fragments. */
struct fragments {
	const struct path *path;
	/* the first of a first fragment that left longer than it was made;
	 * 0: none did */
	uint64_t joined_frame;
	struct kind_count kinds[ECHO_KIND_COUNT];
	unsigned loss_sent, loss_lost;	 /* round trips */
	unsigned large_sent, large_lost; /* of larger packets */
};

/* The first fragment of ECHO_TINY has eight bytes of payload. */
static bool is_joined(const struct path *path, enum echo_kind kind,
	const struct sent_probe *sent_probe)
{
	enum { TINY_BYTES = 8, FRAGMENT_HEADER = 8 };
	uint32_t header = ip_header_bytes(path->comment.family) +
			  (path->comment.family == 6 ? FRAGMENT_HEADER : 0);

	return kind == ECHO_TINY && sent_probe->ip_bytes > header + TINY_BYTES;
}

static void count_kinds(struct fragments *fragments)
{
	const struct path *path = fragments->path;

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		enum echo_kind kind = probe_echo_kind_of(sent_probe);

		if (kind == ECHO_KIND_COUNT ||
			sent_probe->is_fragment !=
				(kind != ECHO_WHOLE && kind != ECHO_FULL))
			continue;
		if (is_joined(path, kind, sent_probe)) {
			if (fragments->joined_frame == 0)
				fragments->joined_frame = sent_probe->frame;
			if (reply->arrived)
				continue;
		}
		struct kind_count *count = &fragments->kinds[kind];

		if (count->sent++ == 0)
			count->sent_frame = sent_probe->frame;
		count->refused += path_record_refused(path, row) != 0;
		if (!reply->arrived)
			continue;
		if (count->arrived++ == 0)
			count->arrived_frame = reply->arrived;
		count->is_arrived_in_fragments = reply->is_arrived_in_fragments;
		count->is_arrived_unfragmented =
			!reply->is_arrived_in_fragments &&
			reply->arrived_bytes <= path->comment.interface_mtu;
	}
}

static bool is_large(const struct path *path, uint32_t row)
{
	return path->table.sent_probe[row].ip_bytes >
	       path->thresholds[PATH_FRAGMENT_LOSS_MOST_BYTES];
}

/* Of packets that are larger, and pass. */
static void count_large_loss(
	struct fragments *fragments, enum probe_method method)
{
	const struct path *path = fragments->path;
	uint32_t passed = mtu_bound_of(path, method).passed;

	for (uint32_t row = 0; row < path->table.count; row++) {
		if (path_record_method(path, row) != method ||
			!path_record_is_whole_way(path, row) ||
			!is_large(path, row) ||
			path->table.sent_probe[row].ip_bytes > passed)
			continue;
		fragments->large_sent++;
		fragments->large_lost += path->replies[row].arrived == 0;
	}
}

/* How many round trips were lost, of packets that are no larger than the whole
 * echo, which is one of them, and of kinds that are answered at all. */
static void count_loss(struct fragments *fragments)
{
	const struct path *path = fragments->path;

	for (uint32_t row = 0; row < path->table.count; row++) {
		enum probe_method method = path_record_method(path, row);

		if ((method != METHOD_TCP && method != METHOD_ECHO) ||
			is_large(path, row) ||
			!path_record_is_whole_way(path, row))
			continue;
		fragments->loss_sent++;
		fragments->loss_lost += path->replies[row].arrived == 0;
	}
	for (int kind = ECHO_WHOLE + 1; kind < ECHO_LONG; kind++) {
		const struct kind_count *count = &fragments->kinds[kind];

		if (count->arrived == 0)
			continue;
		fragments->loss_sent += count->sent;
		fragments->loss_lost += count->sent - count->arrived;
	}
}

static double loss_share(const struct fragments *fragments)
{
	return loss_chance_share(fragments->loss_sent, fragments->loss_lost);
}

/* Of packets as large as the pieces of ECHO_LONG, which may be lost more often
 * (a rate limit in bytes). */
static double large_loss_share(const struct fragments *fragments)
{
	if (fragments->large_lost == 0)
		return loss_share(fragments);
	return fmax(
		loss_share(fragments), loss_chance_share(fragments->large_sent,
					       fragments->large_lost));
}

/* Whether they are lost more often, and not by chance. */
static bool is_large_lost_more(const struct fragments *fragments)
{
	struct loss_share large = {
		.sent = fragments->large_sent, .lost = fragments->large_lost};
	double low, high;

	path_loss_place_interval(fragments->path, &large, &low, &high);
	return low > loss_share(fragments);
}

/* Of the pieces of a kind: behind the tiny first one of ECHO_TINY comes one
 * that is as large as the whole. */
static double kind_loss_share(
	const struct fragments *fragments, enum echo_kind kind)
{
	return kind == ECHO_TINY && is_large_lost_more(fragments)
		       ? large_loss_share(fragments)
		       : loss_share(fragments);
}

/* The probability that loss alone left a kind unanswered. */
static double chance_of_silence(
	const struct fragments *fragments, enum echo_kind kind, double share)
{
	double every = pow(1 - share, packets[kind]);

	return pow(1 - every, path_record_missing(fragments->path,
				      fragments->kinds[kind].sent));
}

static bool is_silent(const struct fragments *fragments, enum echo_kind kind)
{
	const struct kind_count *count = &fragments->kinds[kind];

	return count->sent >= fragments->path->rules->fragment_least_tries &&
	       count->arrived == 0;
}

/* Whether loss alone may explain missing responses. Where some packets are
 * lost, the loss rate is not known well: the limit is then a tenth. */
static bool is_explained(const struct fragments *fragments, double chance)
{
	const double *thresholds = fragments->path->thresholds;

	if (fragments->loss_lost)
		chance *= thresholds[PATH_FRAGMENT_LOSS_DOUBT];
	return chance >= thresholds[PATH_LIKELY_CHANCE];
}

static void set_answered(struct path_facts *facts, enum path_fact fact,
	const struct kind_count *failed, const struct kind_count *control)
{
	path_fact_set(facts, fact, false);
	path_fact_frames(
		facts, fact, failed->sent_frame, control->arrived_frame);
	path_fact_found(facts, fact, "0 of %u answered", failed->sent);
	path_fact_expected(facts, fact, "%u of %u answered", control->arrived,
		control->sent);
}

/* Whole packets of the interface's MTU have no answer and smaller ones do: a
 * matter of size, which this experiment can't take apart. */
static void take_full_size(
	const struct fragments *fragments, const struct path_case_sink *sink)
{
	const struct path *path = fragments->path;
	const struct kind_count *full = &fragments->kinds[ECHO_FULL];
	struct path_case one;

	if (!is_silent(fragments, ECHO_FULL) || full->refused ||
		section_comment_has(&path->comment, EXPERIMENT_MTU))
		return;
	path_case_begin(&one, PATH_SUBJECT_FULL_SIZE, path->comment.family);
	set_answered(&one.facts, PATH_FACT_FULL_SIZE_ANSWERED, full,
		&fragments->kinds[ECHO_WHOLE]);
	path_fact_set(&one.facts, PATH_FACT_SILENCE_MAY_BE_LOSS,
		is_explained(fragments, chance_of_silence(fragments, ECHO_FULL,
						loss_share(fragments))));
	sink->take(sink->context, &one);
}

/* A kind, or ECHO_TWO for all of them; `chance` is that of all missing
 * responses together. */
static void take_kind(const struct fragments *fragments,
	const struct path_case_sink *sink, enum echo_kind kind, bool is_any,
	double chance)
{
	const struct path *path = fragments->path;
	const struct kind_count *failed = &fragments->kinds[kind];
	bool is_placed = is_any || kind == ECHO_TINY;
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_FRAGMENTS, path->comment.family);
	one.figures.fragments = is_any ? FRAGMENTS_ANY : fragments_of(kind);
	set_answered(&one.facts, PATH_FACT_FRAGMENTS_ANSWERED, failed,
		&fragments->kinds[ECHO_WHOLE]);
	mtu_bound_set_chance(path, &one.facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED, chance);
	path_fact_set(&one.facts, PATH_FACT_TRIED_OFTEN,
		failed->sent >= path->rules->fragment_tries);
	path_fact_set(&one.facts, PATH_FACT_LOSS_WELL_KNOWN,
		is_any || fragments->loss_sent >=
				  path->thresholds[PATH_FRAGMENT_LOSS_FEW]);
	path_fact_set(&one.facts, PATH_FACT_SENT_TO_HOPS, is_placed);
	if (is_placed)
		path_fragment_place_set(
			path, &one, kind_loss_share(fragments, kind));
	sink->take(sink->context, &one);
}

/* The kinds without responses on the forward path: all, or some. */
static void take_way_there(
	const struct fragments *fragments, const struct path_case_sink *sink)
{
	double chance = 1; /* of all that are silent together */
	bool is_any = true;

	for (int kind = ECHO_TWO; kind <= ECHO_REVERSED; kind++) {
		if (is_silent(fragments, (enum echo_kind)kind))
			chance *= chance_of_silence(fragments,
				(enum echo_kind)kind,
				kind_loss_share(
					fragments, (enum echo_kind)kind));
		else
			is_any = false;
	}
	if (is_explained(fragments, chance))
		return;
	if (is_any) {
		take_kind(fragments, sink, ECHO_TWO, true, chance);
		return;
	}
	/* what was joined was not sent so */
	for (int kind = ECHO_TWO; kind <= ECHO_REVERSED; kind++)
		if (is_silent(fragments, (enum echo_kind)kind) &&
			!(kind == ECHO_TINY && fragments->joined_frame))
			take_kind(fragments, sink, (enum echo_kind)kind, false,
				chance);
}

/* The reply's fragments are as large as the MTU of the target's link: where
 * whole packets of that size are lost as well, fragmentation is not the
 * reason. */
static void take_way_back(
	const struct fragments *fragments, const struct path_case_sink *sink)
{
	const struct path *path = fragments->path;
	const struct kind_count *back = &fragments->kinds[ECHO_LONG];
	const struct kind_count *there = &fragments->kinds[ECHO_TWO];
	bool is_cut_off =
		back->is_arrived_in_fragments && path->later_fragments == 0;
	double share = large_loss_share(fragments);
	double chance =
		is_cut_off ? pow(share, back->arrived)
			   : chance_of_silence(fragments, ECHO_LONG, share);
	bool may_be_loss = is_explained(fragments, chance);
	struct path_case one;

	if (there->arrived == 0 || fragments->kinds[ECHO_FULL].arrived == 0 ||
		(!is_silent(fragments, ECHO_LONG) && !is_cut_off))
		return;
	path_case_begin(
		&one, PATH_SUBJECT_FRAGMENTS_BACK, path->comment.family);
	one.figures.fragments = fragments_of(ECHO_LONG);
	set_answered(&one.facts, PATH_FACT_FRAGMENTS_ANSWERED, back, there);
	path_fact_set(&one.facts, PATH_FACT_SILENCE_MAY_BE_LOSS, may_be_loss);
	sink->take(sink->context, &one);
}

static void set_count(struct path_facts *facts, enum path_fact fact,
	const struct kind_count *count)
{
	path_fact_frames(facts, fact, count->arrived_frame, count->sent_frame);
	path_fact_found(
		facts, fact, "%u of %u answered", count->arrived, count->sent);
	path_fact_expected(facts, fact, "answered");
}

/* The reply to the long request: whether its fragments came, if it had any. */
static void set_long_reply(
	const struct fragments *fragments, struct path_facts *facts)
{
	const struct kind_count *reply = &fragments->kinds[ECHO_LONG];
	bool is_whole = reply->arrived && reply->is_arrived_unfragmented;
	const enum path_fact fact = is_whole ? PATH_FACT_LONG_REPLY_FRAGMENTED
					     : PATH_FACT_FRAGMENTS_RETURN;

	path_fact_set(facts, fact,
		!is_whole && reply->arrived &&
			(!reply->is_arrived_in_fragments ||
				fragments->path->later_fragments > 0));
	set_count(facts, fact, reply);
}

/* What has to come back for nothing to be dropped. */
static void take_all(
	const struct fragments *fragments, const struct path_case_sink *sink)
{
	const struct kind_count *kinds = fragments->kinds;
	enum echo_kind least = ECHO_TWO;
	struct path_case one;
	struct path_facts *facts = &one.facts;

	for (int kind = ECHO_TWO; kind <= ECHO_REVERSED; kind++)
		if (kinds[kind].arrived < kinds[least].arrived)
			least = (enum echo_kind)kind;
	path_case_begin(&one, PATH_SUBJECT_FRAGMENTS_ALL,
		fragments->path->comment.family);
	path_fact_set(
		facts, PATH_FACT_WHOLE_ANSWERED, kinds[ECHO_WHOLE].arrived > 0);
	set_count(facts, PATH_FACT_WHOLE_ANSWERED, &kinds[ECHO_WHOLE]);
	path_fact_set(facts, PATH_FACT_ALL_FRAGMENTS_ANSWERED,
		kinds[least].arrived > 0);
	set_count(facts, PATH_FACT_ALL_FRAGMENTS_ANSWERED, &kinds[least]);
	if (fragments->joined_frame) {
		path_fact_set(facts, PATH_FACT_LEFT_AS_MADE, false);
		path_fact_frames(facts, PATH_FACT_LEFT_AS_MADE,
			fragments->joined_frame, 0);
		path_fact_found(facts, PATH_FACT_LEFT_AS_MADE, "longer");
		path_fact_expected(
			facts, PATH_FACT_LEFT_AS_MADE, "a tiny first fragment");
	}
	set_long_reply(fragments, facts);
	sink->take(sink->context, &one);
}

void path_fragments_cases(
	const struct path *path, const struct path_case_sink *sink)
{
	struct fragments fragments = {.path = path};

	count_kinds(&fragments);
	take_all(&fragments, sink);
	if (fragments.kinds[ECHO_WHOLE].arrived == 0)
		return;
	count_loss(&fragments);
	count_large_loss(&fragments, METHOD_TCP);
	count_large_loss(&fragments, METHOD_ECHO);
	take_full_size(&fragments, sink);
	take_way_there(&fragments, sink);
	take_way_back(&fragments, sink);
}
