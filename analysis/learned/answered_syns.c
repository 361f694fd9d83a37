#include "analysis/learned/answered_syns.h"

#include <stdlib.h>
#include <string.h>

bool answered_syns_init(struct answered_syns *answered)
{
	/* small recordings touch little of it */
	answered->syn = calloc(ANSWERED_SYNS, sizeof(*answered->syn));
	return answered->syn != NULL;
}

void answered_syns_release(struct answered_syns *answered)
{
	free(answered->syn);
	answered->syn = NULL;
}

/* Initial sequence numbers are as good as random (RFC 6528). */
static unsigned slot_of(uint32_t sequence)
{
	return (sequence ^ sequence >> 16) % ANSWERED_SYNS;
}

void answered_syns_learn(
	struct answered_syns *answered, const struct packet *packet)
{
	uint32_t sequence = packet->acknowledged - 1;

	answered->syn[slot_of(sequence)] = (struct answered_syn){
		.time_ns = packet->time_ns ? packet->time_ns : 1,
		.order = packet->frame,
		.sequence = sequence,
		.frame = (uint32_t)packet->frame,
		.client_port = packet->target_port,
		.server_port = packet->source_port,
		.ttl = packet->ttl,
		.server = packet->source,
		.client = packet->target,
	};
}

void answered_syns_merge(
	struct answered_syns *answered, const struct answered_syns *from)
{
	for (unsigned i = 0; i < ANSWERED_SYNS; i++)
		if (from->syn[i].order &&
			from->syn[i].order > answered->syn[i].order)
			answered->syn[i] = from->syn[i];
}

const struct answered_syn *answered_syns_elsewhere(
	const struct answered_syns *answered, uint32_t sequence,
	uint16_t client_port, const struct address *server)
{
	const struct answered_syn *syn;

	if (!answered->syn)
		return NULL;
	syn = &answered->syn[slot_of(sequence)];
	if (syn->time_ns == 0 || syn->sequence != sequence ||
		syn->client_port != client_port ||
		memcmp(&syn->server, server, sizeof(*server)) == 0)
		return NULL;
	return syn;
}

const struct answered_syn *answered_syns_between(
	const struct answered_syns *answered, const struct address *client,
	const struct address *server, uint16_t server_port, int64_t from_ns,
	int64_t to_ns)
{
	const struct answered_syn *first = NULL;

	for (unsigned i = 0; answered->syn && i < ANSWERED_SYNS; i++) {
		const struct answered_syn *syn = &answered->syn[i];

		if (syn->server_port != server_port ||
			syn->time_ns <= from_ns || syn->time_ns >= to_ns ||
			memcmp(&syn->server, server, sizeof(*server)) != 0 ||
			memcmp(&syn->client, client, sizeof(*client)) != 0)
			continue;
		if (!first || syn->order < first->order)
			first = syn;
	}
	return first;
}
