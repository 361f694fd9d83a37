/* SYNs with one feature each, and one without any behind them, are sent to one
 * hop. That without any is answered: so the hop had errors to send, and one
 * with a feature that is not answered each time did not reach it. */
#include "analysis/path/path_features.h"

#include "analysis/path/mtu_bound.h"
#include "probe/protocol/quote_probe.h"

enum { ALL = (1 << SYN_FEATURE_COUNT) - 1 };

static const enum header_field fields[] = {
	[SYN_FEATURE_TIMESTAMPS] = FIELD_TIMESTAMP,
	[SYN_FEATURE_ECN] = FIELD_ECN_FLAGS,
	[SYN_FEATURE_OPTIONS] = FIELD_SACK,
	[SYN_FEATURE_DSCP] = FIELD_DSCP,
};
static_assert(sizeof(fields) / sizeof(fields[0]) == SYN_FEATURE_COUNT,
	"a field for every feature");

static const struct sent_probe *sent(
	const struct path *path, const struct path_syn *syn)
{
	assert(syn);
	return &path->table.sent_probe[syn->row];
}

static bool has_expired(const struct path *path, const struct path_syn *syn)
{
	return path_record_expired(path, syn->row) != 0;
}

/* The SYN without any that was sent to the same hop right after it, and
 * expired; NULL: none. */
static const struct path_syn *answered_after(
	const struct path *path, const struct path_syn *syn)
{
	int64_t most_ns = (int64_t)path->thresholds[PATH_PAIR_APART_MS] *
			  INT64_C(1000000);

	for (unsigned i = 0; i < path->syn_tests; i++) {
		const struct path_syn *other = &path->syns[i];
		int64_t apart_ns = path_record_elapsed_ns(
			sent(path, syn)->time_ns, sent(path, other)->time_ns);

		if (other->features == 0 && other->row > syn->row &&
			sent(path, other)->ttl == sent(path, syn)->ttl &&
			apart_ns >= 0 && apart_ns <= most_ns &&
			has_expired(path, other))
			return other;
	}
	return NULL;
}

/* The last hop that a SYN with all of them reached; 0: none. */
static int last_reached(const struct path *path, unsigned before)
{
	unsigned last = 0;

	for (unsigned i = 0; i < path->syn_tests; i++)
		if (path->syns[i].features == ALL &&
			has_expired(path, &path->syns[i]) &&
			sent(path, &path->syns[i])->ttl < before &&
			sent(path, &path->syns[i])->ttl > last)
			last = sent(path, &path->syns[i])->ttl;
	return (int)last;
}

struct feature_refusal {
	const struct path_syn *with, *without; /* the last */
	unsigned silent;
	bool has_passed;
};

static struct feature_refusal find(
	const struct path *path, enum syn_feature feature)
{
	struct feature_refusal refusal = {0};

	for (unsigned i = 0; i < path->syn_tests; i++) {
		const struct path_syn *syn = &path->syns[i];

		if (syn->features != 1u << feature)
			continue;
		const struct path_syn *without = answered_after(path, syn);

		refusal.has_passed =
			refusal.has_passed || has_expired(path, syn);
		if (!without)
			continue;
		refusal.silent++;
		refusal.with = syn;
		refusal.without = without;
	}
	return refusal;
}

static void take(const struct path *path, const struct path_case_sink *sink,
	enum syn_feature feature, const struct feature_refusal *refusal)
{
	const enum path_fact with = PATH_FACT_SYN_WITH_IT_ARRIVES,
			     without = PATH_FACT_SYN_WITHOUT_ARRIVES;
	unsigned hop = sent(path, refusal->with)->ttl;
	struct mtu_bound bound = mtu_bound_of(path, METHOD_TCP);
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_FEATURES, path->comment.family);
	one.figures.field = fields[feature];
	one.figures.link.before = (int)hop;
	one.figures.link.after = last_reached(path, hop);
	path_fact_set(&one.facts, with, false);
	path_fact_frames(&one.facts, with, sent(path, refusal->with)->frame,
		sent(path, refusal->without)->frame);
	path_fact_found(&one.facts, with, "0 of %u", refusal->silent);
	path_fact_expected(&one.facts, with, "hop %u", hop);
	path_fact_set(&one.facts, without, true);
	path_fact_frames(&one.facts, without,
		path_record_expired(path, refusal->without->row),
		sent(path, refusal->without)->frame);
	path_fact_as_expected(&one.facts, without, "hop %u", hop);
	mtu_bound_set_chance(path, &one.facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		mtu_bound_chance(&bound, refusal->silent));
	sink->take(sink->context, &one);
}

void path_features_cases(
	const struct path *path, const struct path_case_sink *sink)
{
	for (int i = 0; i < SYN_FEATURE_COUNT; i++) {
		struct feature_refusal refusal =
			find(path, (enum syn_feature)i);

		if (!refusal.has_passed &&
			refusal.silent >= path->thresholds[PATH_FEATURE_TRIES])
			take(path, sink, (enum syn_feature)i, &refusal);
	}
}
