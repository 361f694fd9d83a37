/* At which TTLs a host's packets arrive in a lane. */
#ifndef ANALYSIS_COMPARE_USUAL_TTL_H
#define ANALYSIS_COMPARE_USUAL_TTL_H

#include "analysis/compare/conn_set.h"

/* Of all tracks; later hosts than there is room for are not known. False
 * without memory. */
bool usual_ttl_make(struct conn_set *set);

/* Does this packet come from another distance than every other packet of the
 * host whose address it bears? A host's kernel may begin at another TTL (64,
 * 128, 255) than its sockets: the distance counts, two hops at least. Without
 * two packets to compare with nothing does. Writes the usual TTL. */
bool usual_ttl_is_foreign(const struct conn_set *set,
	const struct seen_packet *packet, unsigned lane, uint8_t *usual);

#endif
