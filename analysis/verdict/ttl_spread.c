#include "analysis/verdict/ttl_spread.h"

static void add_ttl(struct ttl_spread *spread, uint8_t ttl)
{
	unsigned at = spread->count;

	for (unsigned i = 0; i < spread->count; i++)
		if (spread->ttl[i] == ttl)
			return;
	while (at > 0 && spread->ttl[at - 1] > ttl) {
		spread->ttl[at] = spread->ttl[at - 1];
		at--;
	}
	spread->ttl[at] = ttl;
	spread->count++;
}

/* What lies between two known TTLs is one of theirs where they are one place;
 * what lies between two places is neither's. */
static bool is_between_one_place(const struct thresholds *limits,
	const struct ttl_spread *spread, unsigned below, uint8_t ttl)
{
	uint8_t low = spread->ttl[below], high = spread->ttl[below + 1];

	return low < ttl && ttl < high &&
	       (spread->is_cut || high - low <= limits->ttl_near_hops);
}

unsigned ttl_spread_off(const struct thresholds *limits,
	const struct ttl_spread *spread, uint8_t ttl)
{
	unsigned off = UINT8_MAX + 1;

	for (unsigned i = 0; i < spread->count; i++) {
		uint8_t known = spread->ttl[i];
		unsigned apart =
			(unsigned)(known > ttl ? known - ttl : ttl - known);

		if (apart < off)
			off = apart;
		if (i + 1 < spread->count &&
			is_between_one_place(limits, spread, i, ttl))
			off = 0;
	}
	return off;
}

bool ttl_spread_has_other_initial(const struct ttl_spread *spread, uint8_t ttl,
	unsigned slack, uint8_t *known)
{
	for (unsigned i = 0; i < spread->count; i++) {
		unsigned hops = ttl_hops(ttl), its = ttl_hops(spread->ttl[i]);

		*known = spread->ttl[i];
		if (ttl_initial(ttl) != ttl_initial(*known) &&
			(hops > its ? hops - its : its - hops) <= slack)
			return true;
	}
	return false;
}

bool ttl_spread_is_split(
	const struct thresholds *limits, const struct ttl_spread *spread)
{
	for (unsigned i = 0; i < spread->count && !spread->is_host; i++) {
		int apart = spread->ttl[i] - spread->first;

		if (apart > limits->one_place_hops ||
			-apart > limits->one_place_hops)
			return true;
	}
	return false;
}

/* What the recording knows of a host's other connections is of no use for one
 * of another time: addresses are given to other hosts, files put together. */
static const struct host_ttl *host_near(const struct verdict_context *context,
	const struct closed_conn *conn, const struct packet_note *note)
{
	const struct host_ttl *host = host_ttls_find(
		&context->learned->host_ttls, &conn->address[note->side],
		conn->flow.flags & FLOW_V6 ? 6 : 4);
	int64_t apart_ns = context->thresholds->host_fresh_s * SECOND_NS;
	int64_t connections = 0;

	if (!host || host->capture_point != note->capture_point)
		return NULL; /* that was on another interface */
	if (note->time_ns < host->first_ns - apart_ns ||
		note->time_ns > host->last_ns + apart_ns)
		return NULL;
	for (unsigned i = 0; i < HOST_TTLS; i++)
		connections += host->connections[i];
	/* seldom heard: between two of them anything may have changed */
	if (host->last_ns - host->first_ns > apart_ns * connections)
		return NULL;
	return host;
}

struct ttl_spread ttl_spread_of(const struct verdict_context *context,
	const struct closed_conn *conn, const struct packet_note *note)
{
	unsigned side = note->side;
	const struct side_cold *cold = &conn->flow.cold[side];
	const struct host_ttl *host = host_near(context, conn, note);
	struct ttl_spread spread = {.first = cold->ttl[0],
		.is_cut = conn->flow.side[side].flags & SIDE_TTL_MIXED};

	for (unsigned i = 0; i < SIDE_TTLS; i++) {
		if (!cold->ttl_count[i])
			continue;
		spread.packets += cold->ttl_count[i];
		add_ttl(&spread, cold->ttl[i]);
	}
	spread.is_host = spread.count == 0 && host;
	for (unsigned i = 0; host && i < HOST_TTLS; i++) {
		if (!host->connections[i])
			continue;
		/* its other connections widen the spread where they fit the
		 * reset: routes of one host differ */
		if (spread.is_host)
			spread.packets += host->connections[i];
		if (spread.is_host || host->ttl[i] == note->ttl)
			add_ttl(&spread, host->ttl[i]);
	}
	return spread;
}
