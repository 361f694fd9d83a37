/* Who sent a reset: the target, or a device at another distance. The measure is
 * the one that judges captures (analysis/verdict/facts_distance.h): the hops
 * that a packet has passed, by its TTL, beside those of the target's other
 * packets. */
#ifndef ANALYSIS_PATH_PATH_RESETS_H
#define ANALYSIS_PATH_PATH_RESETS_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

/* Takes a packet that was sent, or one that was received, in the order of the
 * recording. */
void path_resets_sent(struct path *path, const struct packet *packet);
void path_resets_heard(struct path *path, const struct packet *packet);

/* Whether any packet of the target's came. */
bool path_resets_has_target(const struct path *path);

/* Whether a reset with this TTL has passed another number of routers than each
 * of the target's packets: TCP's, or where there were none the others. */
bool path_resets_is_foreign(const struct path *path, uint8_t ttl);
/* Whether it has passed as many routers as the server's data and DSACKs, or
 * more; as many as any packet of the target's, where none of these came. */
bool path_resets_is_from_server(const struct path *path, uint8_t ttl);

/* Of one reset: facts about its distance, and the hop of its sender. */
void path_resets_weigh(const struct path *path, const struct path_reset *reset,
	struct path_case *one);

void path_resets_cases(
	const struct path *path, const struct path_case_sink *sink);

/* Whether the connection ended before we ended it, and by a reset from another
 * distance than the server's: it tells nothing of the server. */
static inline bool path_resets_is_cut(
	const struct path *path, const struct path_dialog *flow)
{
	return path_dialog_is_closed(flow) && !flow->closed_frame &&
	       path_resets_is_foreign(path, flow->reset_ttl);
}

#endif
