/* Keepalive requests of SSH, which are encrypted: only sizes and times are
 * known. */
#include "analysis/observe/observe.h"

#include "capture/sequence.h"

static void begin_anew(struct ssh_alive *alive)
{
	alive->count = 0;
	alive->interval_ns = 0;
}

/* Does it come one interval after the one before, as large as that? */
static bool is_next(const struct thresholds *limits,
	const struct ssh_alive *alive, const struct ssh_data *data)
{
	int64_t least_ns = limits->ssh_alive_least_ms * MILLISECOND_NS;
	int64_t since_ns = data->time_ns - alive->time_ns;
	int64_t slack_ns = alive->interval_ns / limits->ssh_alive_slack_share;

	return alive->count && (uint16_t)data->bytes == alive->bytes &&
	       since_ns > least_ns &&
	       (alive->interval_ns == 0 ||
		       (since_ns > alive->interval_ns - slack_ns &&
			       since_ns < alive->interval_ns + slack_ns));
}

static void note_mark(struct ssh_mark *mark, const struct ssh_data *data)
{
	if (!data->is_new)
		return;
	if (mark->is_known && !mark->has_changed && mark->dscp != data->dscp) {
		mark->has_changed = true;
		mark->before = mark->dscp;
		mark->from = data->sequence;
		mark->frame = (uint32_t)data->frame;
	}
	mark->is_known = true;
	mark->dscp = data->dscp;
}

/* Counts the server's packets of equal size and interval since the client's
 * last data. Fooled by: a program that prints a line every so often to a client
 * that is stopped. */
void observe_ssh_alive(const struct thresholds *limits, struct ssh_alive *alive,
	unsigned who, const struct ssh_data *data)
{
	note_mark(&alive->mark[who], data);
	if (who == SSH_CLIENT || !alive->has_keys) {
		begin_anew(alive);
		return;
	}
	if (alive->count && sequence_before(data->sequence, alive->end))
		return; /* sent again */
	if (alive->count == 0 && alive->answers < UINT8_MAX)
		alive->answers++;
	if (alive->count && data->time_ns - alive->time_ns >
				    limits->ssh_alive_least_ms * MILLISECOND_NS)
		alive->has_spoken_unasked = true;
	if (is_next(limits, alive, data)) {
		alive->count++;
		alive->interval_ns = data->time_ns - alive->time_ns;
	} else { /* perhaps the first of them */
		alive->count = 1;
		alive->interval_ns = 0;
	}
	alive->bytes = (uint16_t)data->bytes;
	alive->end = data->sequence + data->bytes;
	alive->time_ns = data->time_ns;
	alive->frame = (uint32_t)data->frame;
}
