#include "analysis/path/path_syns.h"

#include <math.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_loss.h"
#include "probe/protocol/loss_chance.h"

/* Those that are counted; more tell no more. */
enum { MOST_SYNS = 320 };

/* A router holds or drops packets for at most so long while it resolves the
 * next hop's link address (RFC 4861, 10: MAX_MULTICAST_SOLICIT times
 * RETRANS_TIMER). */
static const int64_t RESOLUTION_NS = 3000000000;

struct syns {
	unsigned count;
	uint32_t rows[MOST_SYNS];
};

/* A plain one to the port: not one that is to expire, or that shows whether a
 * device refuses an option or a mark. Those that left within the last round
 * trips are not counted: nobody waited for their answers. */
static bool is_counted(const struct path *path, uint32_t row)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	const struct reply *reply = &path->replies[row];
	int64_t trips_ns = (int64_t)path->thresholds[PATH_END_ROUND_TRIPS] *
			   path->totals.rtt_ns;

	return sent_probe->protocol == PROTOCOL_TCP &&
	       sent_probe->tcp_flags == TCP_SYN && sent_probe->tos == 0 &&
	       sent_probe->ttl >= HOP_LIMIT_WHOLE_WAY &&
	       sent_probe->target_port == path->comment.port &&
	       (reply->arrived || reply->unreachable ||
		       path_record_elapsed_ns(sent_probe->time_ns,
			       path->totals.last_ns) > trips_ns);
}

static bool is_refused(const struct reply *reply)
{
	return reply->is_reset || (reply->unreachable && !reply->arrived);
}

static bool is_same_connection(
	const struct sent_probe *one, const struct sent_probe *other)
{
	return one->source_port == other->source_port &&
	       one->sequence == other->sequence;
}

/* The newest other SYN of the same connection that was answered; NULL: there
 * is none. An answer is taken for one to the newest. */
static const struct reply *answer_beside(const struct path *path,
	const struct syns *syns, unsigned index, int64_t *sent_ns)
{
	const struct sent_probe *sent_probe = path->table.sent_probe;
	uint32_t row = syns->rows[index];

	for (unsigned i = syns->count; i-- > 0;) {
		uint32_t other = syns->rows[i];

		if (i == index ||
			!is_same_connection(
				&sent_probe[row], &sent_probe[other]) ||
			!path->replies[other].arrived)
			continue;
		*sent_ns = sent_probe[other].time_ns;
		return &path->replies[other];
	}
	return NULL;
}

static bool is_alone(
	const struct path *path, const struct syns *syns, unsigned index)
{
	const struct sent_probe *sent_probe = path->table.sent_probe;

	for (unsigned i = 0; i < syns->count; i++)
		if (i != index &&
			is_same_connection(&sent_probe[syns->rows[index]],
				&sent_probe[syns->rows[i]]))
			return false;
	return true;
}

/* The least time that an answer takes, of SYNs that were sent once: where they
 * were sent again, the answer may be to an earlier one. 0: not known. */
static int64_t least_trip_ns(const struct path *path, const struct syns *syns)
{
	int64_t least_ns = 0;

	for (unsigned i = 0; i < syns->count; i++) {
		uint32_t row = syns->rows[i];
		int64_t trip_ns = path_record_elapsed_ns(
			path->table.sent_probe[row].time_ns,
			path->replies[row].arrived_ns);

		if (path->replies[row].arrived && trip_ns > 0 &&
			(least_ns == 0 || trip_ns < least_ns) &&
			is_alone(path, syns, i))
			least_ns = trip_ns;
	}
	return least_ns == 0 && path->totals.delays.count
		       ? path->totals.delays.least_ns
		       : least_ns;
}

/* The answer of its connection came sooner after the SYN that was sent again
 * than any does: it was to this one. */
static bool is_answered_late(const struct path *path, const struct syns *syns,
	unsigned index, int64_t least_ns)
{
	int64_t sent_ns;
	const struct reply *reply = answer_beside(path, syns, index, &sent_ns);

	return reply &&
	       path_record_elapsed_ns(sent_ns, reply->arrived_ns) < least_ns;
}

/* When the first response of the target came, if the port answered any SYN; 0:
 * it answered none. */
static int64_t first_heard_ns(const struct path *path, const struct syns *syns)
{
	int64_t first_ns = 0;
	bool is_open = false;

	for (unsigned i = 0; i < syns->count; i++)
		is_open |= path->replies[syns->rows[i]].arrived &&
			   !path->replies[syns->rows[i]].is_reset;
	for (uint32_t row = 0; is_open && row < path->table.count; row++)
		if (path->replies[row].arrived &&
			(first_ns == 0 ||
				path->replies[row].arrived_ns < first_ns))
			first_ns = path->replies[row].arrived_ns;
	return first_ns;
}

/* The way to the target may not have been resolved when it was sent: nothing
 * had come of it, and something did soon. */
static bool may_be_unresolved(int64_t sent_ns, int64_t heard_ns)
{
	int64_t waited_ns = path_record_elapsed_ns(sent_ns, heard_ns);

	return heard_ns > 0 && waited_ns > 0 && waited_ns <= RESOLUTION_NS;
}

/* The probability that so many or more of them are lost. */
static double chance_of(unsigned sent, unsigned lost, double share)
{
	double fewer = 0;

	for (unsigned i = 0; i < lost; i++)
		fewer += exp(lgamma(sent + 1.0) - lgamma(i + 1.0) -
			     lgamma(sent - i + 1.0) + i * log(share) +
			     (sent - i) * log1p(-share));
	return 1 - fewer;
}

static void take(struct path *path, const struct syns *syns, unsigned index,
	int64_t least_ns, int64_t heard_ns)
{
	struct path_syn_tally *tally = &path->totals.syns;
	uint32_t row = syns->rows[index];
	const struct reply *reply = &path->replies[row];

	if (!reply->arrived && !reply->unreachable &&
		may_be_unresolved(
			path->table.sent_probe[row].time_ns, heard_ns))
		return;
	tally->sent++;
	tally->reset += reply->is_reset;
	if (is_refused(reply)) {
		if (!tally->refused++)
			tally->refused_frame = reply->arrived
						       ? reply->arrived
						       : reply->unreachable;
	} else if (!reply->arrived &&
		   !is_answered_late(path, syns, index, least_ns)) {
		if (!tally->silent++)
			tally->silent_frame = path->table.sent_probe[row].frame;
	}
}

void path_syns_measure(struct path *path)
{
	struct path_syn_tally *tally = &path->totals.syns;
	struct mtu_bound loss = mtu_bound_of(path, path_loss_method(path));
	struct syns syns = {.count = 0};
	int64_t least_ns, heard_ns;

	for (uint32_t row = 0;
		row < path->table.count && syns.count < MOST_SYNS; row++)
		if (path->totals.rtt_ns != INT64_MAX && is_counted(path, row))
			syns.rows[syns.count++] = row;
	least_ns = least_trip_ns(path, &syns);
	heard_ns = first_heard_ns(path, &syns);
	for (unsigned i = 0; i < syns.count; i++)
		take(path, &syns, i, least_ns, heard_ns);
	tally->is_silence_loss =
		chance_of(tally->sent, tally->silent,
			loss_chance_share(loss.sent_below, loss.lost_below)) >=
		path->thresholds[PATH_LIKELY_CHANCE];
}
