#include "analysis/places_state.h"

#include <stdlib.h>

#include "analysis/analysis_state.h"

struct clock_offset places_clock(const struct places *places, unsigned place)
{
	if (places->is_single)
		return (struct clock_offset){.is_known = place == 0};
	return shared_packets_offset(&places->shared, place);
}

int64_t places_added_ns(int64_t time_ns, int64_t add_ns)
{
	int64_t sum;

	if (__builtin_add_overflow(time_ns, add_ns, &sum))
		return add_ns < 0 ? INT64_MIN : INT64_MAX;
	return sum;
}

int64_t places_shift_ns(
	const struct places *places, unsigned there, unsigned here)
{
	return places_clock(places, here).offset_ns -
	       places_clock(places, there).offset_ns;
}

/* Where the hosts are, as the other place's other connections show. */
static void learn_host_ttls(
	const struct analysis *there, struct conn_link *link)
{
	uint8_t family = link->view->flags & FLOW_V6 ? 6 : 4;

	for (unsigned i = 0; i < 2; i++) {
		const struct host_ttl *host = host_ttls_find(
			&there->learned.host_ttls,
			&link->view->address[conn_link_side(link, i)], family);

		/* one TTL only, or it does not say where the host is */
		if (host && host->connections[0] && !host->connections[1])
			link->host_ttl[i] = host->ttl[0];
	}
}

/* What was recorded there, by the clock here: nothing that is known of, where
 * it is not known how far the clocks are apart. */
static void set_covered(
	const struct places *places, unsigned here, struct conn_link *link)
{
	unsigned there = link->view->place;
	const struct sighter *sighter =
		&places->points[there].analysis->sighter;
	int64_t add_ns = places_shift_ns(places, there, here);

	link->covered_from_ns = INT64_MAX;
	link->covered_until_ns = INT64_MIN;
	if (!places_clock(places, there).is_known ||
		!places_clock(places, here).is_known)
		return;
	link->covered_from_ns = places_added_ns(sighter->first_ns, add_ns);
	link->covered_until_ns = places_added_ns(sighter->last_ns, add_ns);
}

static void make_room(struct point *point)
{
	size_t count = (size_t)point->analysis->store.count + 1;

	point->links = calloc(count, sizeof(*point->links));
	point->opinions = calloc(count, sizeof(*point->opinions));
}

/* Does this packet of the client begin something there under another name? */
static bool has_moved(const struct places *places, uint32_t sequence,
	uint32_t acknowledged, struct conn_link *link, struct opinion *whole)
{
	const struct point *there = &places->points[link->view->place];

	link->moved = pairing_find_moved(
		&places->pairing, link->view, sequence, acknowledged);
	if (!link->moved)
		return false;
	if (there->opinions && link->moved->record != UINT32_MAX)
		whole->rest = &there->opinions[link->moved->record];
	return true;
}

/* Does what a reset answers, or what nobody answers, go on there under another
 * name? */
static void find_moved(const struct places *places,
	const struct closed_conn *conn, struct conn_link *link,
	struct opinion *whole)
{
	const struct evidence *evidence = conn->evidence;
	unsigned client = flow_client(&conn->flow);
	const struct unacked_run *unacked;

	for (unsigned i = 0; evidence && i < evidence->reset_count; i++) {
		const struct reset *reset = &evidence->resets[i];
		const struct side_snapshot *peer = &reset->before[client];

		if (reset->note.side == client || peer->last_payload == 0)
			continue;
		if (has_moved(places, peer->next - peer->last_payload,
			    peer->acked, link, whole))
			return;
	}
	if (!evidence)
		return;
	unacked = &evidence->unacked[client];
	if (unacked->is_active && !unacked->is_keepalive)
		(void)has_moved(places, unacked->start,
			conn->flow.side[client].acked, link, whole);
}

/* Looks up how others saw each connection that is to be judged. */
static void link_records(struct places *places, unsigned place)
{
	struct point *point = &places->points[place];
	struct analysis *analysis = point->analysis;

	if (!point->links || !point->opinions)
		return; /* each is judged for itself */
	for (uint32_t i = 0; i < analysis->store.count; i++) {
		struct stored_conn stored;
		const struct closed_conn *conn = &stored.conn;
		struct conn_link *link = &point->links[i];
		const struct analysis *there;
		struct conn_view view;

		if (!conn_store_load(&analysis->store, i, &stored))
			continue;
		conn_view_of(conn, place, &view);
		if (!pairing_find(&places->pairing, &view, link))
			continue;
		there = places->points[link->view->place].analysis;
		set_covered(places, place, link);
		link->is_lossless = there->observer.lost_packets == 0;
		link->frame = there->frame;
		learn_host_ttls(there, link);
		find_moved(places, conn, link, &point->opinions[i]);
		conn_store_set_link(&analysis->store, i, link);
	}
}

void places_link(struct places *places)
{
	for (unsigned i = 0; i < places->count; i++) {
		places->pairing.offset_ns[i] =
			places_clock(places, i).offset_ns;
		if (places->points[i].analysis)
			make_room(&places->points[i]);
	}
	for (unsigned i = 0; i < places->count; i++)
		if (places->points[i].analysis)
			link_records(places, i);
}
