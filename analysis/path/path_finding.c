/* What was found on a path: words, and the list of findings. */
#include "analysis/path/path_state.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const finding_words[] = {
	[FINDING_PATH_MTU] = "path-mtu",
	[FINDING_BLACK_HOLE] = "pmtu-black-hole",
	[FINDING_TOO_BIG_IGNORED] = "too-big-ignored",
	[FINDING_MSS_CLAMPED] = "mss-clamped",
	[FINDING_DF_CLEARED] = "df-cleared",
	[FINDING_FRAGMENTS_DROPPED] = "fragments-dropped",
	[FINDING_PORT_STATE] = "port-state",
	[FINDING_LOSS] = "loss",
	[FINDING_REWRITTEN] = "rewritten",
};
static_assert(sizeof(finding_words) / sizeof(finding_words[0]) == FINDING_COUNT,
	"a word for every finding");

const char *finding_word(enum finding_kind kind)
{
	assert(kind < FINDING_COUNT);
	return finding_words[kind];
}

struct finding *path_add(struct path *path, enum finding_kind kind)
{
	if (path->finding_count == PATH_FINDINGS)
		return NULL;
	struct finding *finding = &path->findings[path->finding_count++];
	*finding = (struct finding){
		.kind = kind,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_NO_DIRECTION,
		.after_hop = HOP_NOT_KNOWN,
		.before_hop = HOP_NOT_KNOWN,
		.hop = HOP_NOT_KNOWN,
		.limited_after_hop = HOP_NOT_KNOWN,
	};
	return finding;
}

void path_evidence(struct finding *finding, const char *fact, enum truth holds,
	uint64_t frame, uint64_t against, const char *found,
	const char *expected)
{
	if (!finding || finding->evidence_count == FINDING_EVIDENCE)
		return;
	struct evidence_row *row =
		&finding->evidence[finding->evidence_count++];
	*row = (struct evidence_row){.fact = fact,
		.holds = holds,
		.frame = frame,
		.against = against};
	(void)snprintf(row->found, sizeof(row->found), "%s", found);
	(void)snprintf(row->expected, sizeof(row->expected), "%s", expected);
}

unsigned path_finding_count(const struct path *path)
{
	return path->finding_count;
}

const struct finding *path_finding(const struct path *path, unsigned index)
{
	assert(index < path->finding_count);
	return &path->findings[index];
}

static bool has_finding(const struct path *path, enum finding_kind kind)
{
	for (unsigned i = 0; i < path->finding_count; i++)
		if (path->findings[i].kind == kind)
			return true;
	return false;
}

bool path_is_settled(const struct path *path, enum probe_experiment experiment)
{
	switch (experiment) {
	case EXPERIMENT_FRAGMENTS:
		return path->is_fragments_settled;
	case EXPERIMENT_REWRITTEN:
		return path->is_rewritten_settled;
	case EXPERIMENT_LOSS:
		return path->is_loss_settled;
	case EXPERIMENT_TOO_BIG:
		return path->is_too_big_settled;
	case EXPERIMENT_MTU:
	case EXPERIMENT_REVERSE:
		return has_finding(path, FINDING_PATH_MTU) ||
		       has_finding(path, FINDING_BLACK_HOLE);
	case EXPERIMENT_ROUTE:
	case EXPERIMENT_COUNT:
		break;
	}
	return true;
}
