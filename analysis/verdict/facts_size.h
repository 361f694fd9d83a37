#ifndef ANALYSIS_VERDICT_FACTS_SIZE_H
#define ANALYSIS_VERDICT_FACTS_SIZE_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/fact.h"
#include "analysis/verdict/verdict_context.h"

/* Evidence that large packets of a side are lost; the last is the strongest. */
enum size_trouble {
	SIZE_NO_TROUBLE,
	SIZE_MISSING,
	SIZE_FILLED,
	SIZE_REPAIRED,
	SIZE_IGNORED,
};

/* Payload in bytes, the least of a segment as long as both SYNs allow: options
 * are counted in. */
int32_t facts_size_least_full(const struct flow *flow, unsigned side);

/* Of a connection with evidence. */
enum size_trouble facts_size_trouble(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side);

/* Large packets that were missing when a reset came at `time_ns`, and had been
 * for a while. */
void facts_size_before(const struct verdict_context *context,
	const struct closed_conn *conn, int64_t time_ns, struct facts *facts);

/* Large packets that are lost, of the side with the stronger evidence. */
void facts_size(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);

#endif
