/* Of a hole: whether "too big" is never sent there, or gets lost on its way.
 * What the router before the hole says otherwise can tell: where it reports
 * packets of the same flow as expired, its errors do get here; where a "too
 * big" of its own came, or of a nearer router, so do errors of that type. Way
 * back and rations are the same for both, but that Linux does not ration "too
 * big" at all. */
#include "analysis/path/path_state.h"

#include <stdio.h>
#include <string.h>

struct notice {
	uint64_t expired_frame; /* the router reports the flow as expired */
	uint64_t too_big_frame; /* "too big", from the farthest that sent it */
	int too_big_hop;
};

static struct notice find_notice(
	const struct path *path, unsigned hop, enum probe_method method)
{
	struct notice notice = {.too_big_hop = HOP_NOT_KNOWN};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		int from;

		if (sent_probe->ttl == hop && reply->expired &&
			path_method_of(sent_probe) == method &&
			!notice.expired_frame)
			notice.expired_frame = reply->expired;
		if (!reply->refused)
			continue;
		from = path_hop_of(path, &reply->refused_from);
		if (from <= notice.too_big_hop || from > (int)hop)
			continue;
		notice.too_big_frame = reply->refused;
		notice.too_big_hop = from;
	}
	return notice;
}

static void append(struct finding *finding, const char *sentence)
{
	size_t used = strlen(finding->advice);

	if (used + strlen(sentence) + 2 > sizeof(finding->advice))
		return;
	(void)snprintf(finding->advice + used, sizeof(finding->advice) - used,
		"%s%s", used ? " " : "", sentence);
}

void path_ptb_weigh(const struct path *path, struct finding *finding,
	enum probe_method method)
{
	char found[FOUND_BYTES], sentence[192];
	struct notice notice;

	if (finding->after_hop == HOP_NOT_KNOWN || finding->before_hop == 1)
		return; /* no router would have to say it */
	if (finding->before_hop != finding->after_hop + 1) {
		(void)snprintf(sentence, sizeof(sentence),
			"No error of a hop between %d and %d gets here: "
			"whether "
			"\"too big\" is never sent or lost on its way is not "
			"known.",
			finding->after_hop, finding->before_hop);
		append(finding, sentence);
		return;
	}
	notice = find_notice(path, (unsigned)finding->after_hop, method);
	if (notice.expired_frame) {
		(void)snprintf(
			found, sizeof(found), "hop %d", finding->after_hop);
		path_evidence(finding, "hop-before-reports-expiry", TRUTH_YES,
			notice.expired_frame, 0, found, found);
	}
	if (notice.too_big_frame) {
		(void)snprintf(
			found, sizeof(found), "hop %d", notice.too_big_hop);
		path_evidence(finding, "too-big-gets-here", TRUTH_YES,
			notice.too_big_frame, 0, found, found);
	}
	if (!notice.expired_frame)
		return;
	if (notice.too_big_hop == finding->after_hop)
		(void)snprintf(sentence, sizeof(sentence),
			"Hop %d says \"too big\" of other sizes, and it gets "
			"here: of this one it is never sent.",
			finding->after_hop);
	else
		(void)snprintf(sentence, sizeof(sentence),
			"Errors of hop %d get here, it reports expired packets "
			"of the same flow: \"too big\" is never sent, or "
			"filtered by its type.",
			finding->after_hop);
	append(finding, sentence);
}
