/* Fragments that do not arrive: the same echo request is answered whole and
 * not in pieces, repeatedly. Where that happens path_pieces.c says. */
#include "analysis/path/path_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/path/mtu_bound.h"

enum { FEW = 30 };

struct count {
	uint64_t asked_frame, arrived_frame; /* the first of each */
	unsigned sent_probe, arrived, refused;
	bool is_arrived_in_pieces;
};

/* Of packets that a question, or its answer, takes at most on one way. */
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

static void count_kinds(const struct path *path, struct count *counts)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		enum echo_kind kind = probe_echo_kind_of(sent_probe);

		if (kind == ECHO_KIND_COUNT ||
			sent_probe->is_fragment !=
				(kind != ECHO_WHOLE && kind != ECHO_FULL))
			continue;
		struct count *count = &counts[kind];

		if (count->sent_probe++ == 0)
			count->asked_frame = sent_probe->frame;
		count->refused += reply->refused != 0;
		if (!reply->arrived)
			continue;
		if (count->arrived++ == 0)
			count->arrived_frame = reply->arrived;
		count->is_arrived_in_pieces = reply->is_arrived_in_pieces;
	}
}

/* How many round trips were lost, of packets that are no larger than the whole
 * echo, and of kinds that are answered at all. */
struct loss {
	unsigned sent_probe, lost;
};

static struct loss find_loss(
	const struct path *path, const struct count *counts)
{
	enum { LARGEST = 1280 };
	struct loss loss = {0};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *one = &path->table.sent_probe[row];
		enum probe_method method = path_method_of(one);

		if ((method != METHOD_TCP && method != METHOD_ECHO) ||
			one->ip_bytes > LARGEST ||
			!path_is_whole_way(path, one))
			continue;
		loss.sent_probe++;
		loss.lost += path->replies[row].arrived == 0;
	}
	for (int kind = 0; kind < ECHO_LONG; kind++) {
		const struct count *count = &counts[kind];

		if (count->arrived == 0)
			continue;
		loss.sent_probe += count->sent_probe;
		loss.lost += count->sent_probe - count->arrived;
	}
	return loss;
}

/* By the rule of succession: none seen is not none. */
static double share_of(const struct loss *loss)
{
	return loss_chance_share(loss->sent_probe, loss->lost);
}

static void advise(struct finding *finding, bool is_later)
{
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"Keep UDP services, IPsec and DNS answers below the path MTU, "
		"or let fragments pass at the firewall %s.%s",
		finding->before_hop == HOP_NOT_KNOWN ? "on the way" : "there",
		is_later ? " Later ones have no ports: who filters by ports "
			   "has to keep state for them."
			 : "");
}

/* What failed, its twin that did not, and how sure that is. */
struct verdict {
	enum path_direction direction;
	const struct count *failed, *control;
	enum grade grade;
};

/* Of a kind, or ECHO_WHOLE: of any. */
static void add(struct path *path, enum echo_kind kind,
	const struct verdict *verdict, const struct loss *loss)
{
	const struct count *failed = verdict->failed;
	const char *pieces = NULL;
	struct finding *finding = path_add(path, FINDING_FRAGMENTS_DROPPED);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	finding->direction = verdict->direction;
	finding->what = kind == ECHO_WHOLE ? "any" : echo_kind_word(kind);
	finding->grade =
		failed->sent_probe >= path->rules->fragment_tries
			? verdict->grade
			: mtu_bound_lesser(verdict->grade, GRADE_LIKELY);
	(void)snprintf(
		found, sizeof(found), "0 of %u answered", failed->sent_probe);
	(void)snprintf(expected, sizeof(expected), "%u of %u answered",
		verdict->control->arrived, verdict->control->sent_probe);
	path_evidence(finding, "fragments-answered", TRUTH_NO,
		failed->asked_frame, verdict->control->arrived_frame, found,
		expected);
	if (verdict->direction == PATH_REVERSE)
		(void)snprintf(finding->other, sizeof(finding->other),
			"the target does not answer echo of that size");
	else if (kind == ECHO_WHOLE || kind == ECHO_TINY)
		pieces = path_fragment_place(path, finding, share_of(loss));
	else
		(void)snprintf(finding->other, sizeof(finding->other),
			"the target drops them itself");
	if (finding->other[0])
		finding->grade = mtu_bound_lesser(finding->grade, GRADE_LIKELY);
	if (kind == ECHO_WHOLE && pieces)
		finding->what = pieces;
	advise(finding, pieces && strcmp(pieces, "later") == 0);
}

/* Whole packets of the interface's MTU have no answer and smaller ones do: a
 * matter of size, which this experiment can't take apart. */
static void add_size_limit(
	struct path *path, const struct count *full, const struct count *whole)
{
	struct finding *finding = path_add(path, FINDING_BLACK_HOLE);
	char found[FOUND_BYTES], expected[FOUND_BYTES];

	if (!finding)
		return;
	(void)snprintf(
		found, sizeof(found), "0 of %u answered", full->sent_probe);
	(void)snprintf(expected, sizeof(expected), "%u of %u answered",
		whole->arrived, whole->sent_probe);
	path_evidence(finding, "full-size-answered", TRUTH_NO,
		full->asked_frame, whole->arrived_frame, found, expected);
	(void)snprintf(finding->other, sizeof(finding->other),
		"a firewall that limits the size of ICMP echo");
	(void)snprintf(finding->advice, sizeof(finding->advice),
		"To learn the size, the link and the direction: culprit probe "
		"--only mtu.");
}

/* The chance that loss alone left a kind without any answer. */
static double chance_of_silence(const struct count *counts, enum echo_kind kind,
	const struct loss *loss)
{
	double every = pow(1 - share_of(loss), packets[kind]);

	return pow(1 - every, counts[kind].sent_probe);
}

static bool is_dropped(const struct path *path, const struct count *count)
{
	return count->sent_probe >= path->rules->fragment_least_tries &&
	       count->arrived == 0;
}

/* Where some is lost, how much is not known well: a tenth of the chance then
 * has to do. */
static bool is_explained(double chance, const struct loss *loss)
{
	return mtu_bound_grade(loss->lost ? 10 * chance : chance) ==
	       GRADE_POSSIBLE;
}

/* What loss explains is no finding. Where only few packets tell how much is
 * lost, it may be more. */
static void judge_way_there(
	struct path *path, const struct count *counts, const struct loss *loss)
{
	const struct count *whole = &counts[ECHO_WHOLE];
	double chance = 1; /* of all that are silent together */
	bool is_any = true;

	for (int kind = ECHO_TWO; kind <= ECHO_REVERSED; kind++) {
		if (is_dropped(path, &counts[kind]))
			chance *= chance_of_silence(
				counts, (enum echo_kind)kind, loss);
		else
			is_any = false;
	}
	enum grade grade = mtu_bound_grade(chance);

	if (is_explained(chance, loss)) {
		path->is_fragments_settled = chance >= 1;
		return;
	}
	if (loss->sent_probe < FEW && !is_any)
		grade = mtu_bound_lesser(grade, GRADE_LIKELY);
	struct verdict verdict = {
		PATH_FORWARD, &counts[ECHO_TWO], whole, grade};

	if (is_any) {
		add(path, ECHO_WHOLE, &verdict, loss);
		return;
	}
	for (int kind = ECHO_TWO; kind <= ECHO_REVERSED; kind++) {
		verdict.failed = &counts[kind];
		if (is_dropped(path, verdict.failed))
			add(path, (enum echo_kind)kind, &verdict, loss);
	}
}

/* The answer's pieces are as large as the target's link takes: where such
 * packets vanish whole as well, it is not for being pieces. */
static void judge_way_back(
	struct path *path, const struct count *counts, const struct loss *loss)
{
	const struct count *back = &counts[ECHO_LONG];
	bool is_cut_off = back->is_arrived_in_pieces && path->later_pieces == 0;
	double chance = is_cut_off ? pow(share_of(loss), back->arrived)
				   : chance_of_silence(counts, ECHO_LONG, loss);

	if (counts[ECHO_TWO].arrived == 0 || counts[ECHO_FULL].arrived == 0 ||
		(!is_dropped(path, back) && !is_cut_off))
		return;
	if (is_explained(chance, loss))
		path->is_fragments_settled = false;
	else
		add(path, ECHO_LONG,
			&(struct verdict){PATH_REVERSE, back, &counts[ECHO_TWO],
				GRADE_LIKELY},
			loss);
}

void path_judge_fragments(struct path *path)
{
	struct count counts[ECHO_KIND_COUNT] = {0};
	const struct count *whole = &counts[ECHO_WHOLE];

	if (!section_comment_has(&path->comment, EXPERIMENT_FRAGMENTS))
		return;
	count_kinds(path, counts);
	if (whole->arrived == 0)
		return;
	path->is_fragments_settled = true;
	struct loss loss = find_loss(path, counts);

	if (is_dropped(path, &counts[ECHO_FULL]) &&
		!counts[ECHO_FULL].refused &&
		!section_comment_has(&path->comment, EXPERIMENT_MTU) &&
		!is_explained(
			chance_of_silence(counts, ECHO_FULL, &loss), &loss))
		add_size_limit(path, &counts[ECHO_FULL], whole);
	judge_way_there(path, counts, &loss);
	judge_way_back(path, counts, &loss);
}
