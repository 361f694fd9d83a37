/* A path made of rules, for experiments to talk to: no packets, no clock. */
#ifndef TESTS_SUPPORT_PROBE_TALK_H
#define TESTS_SUPPORT_PROBE_TALK_H

#include <stdlib.h>
#include <string.h>

#include "probe/engine/own_traffic.h"
#include "probe/experiments/registry.h"

enum { TALK_ROUNDS = 200, TALK_QUESTIONS = 512 };

struct talk_path {
	unsigned distance;	/* of the target */
	unsigned hole_link;	/* link k leads to hop k; 0: none */
	uint32_t hole_bytes;	/* larger packets do not pass it */
	bool is_telling;	/* the router before it says "too big" */
	uint32_t claim;		/* what it says; 0: the truth */
	uint32_t back_bytes;	/* answers above it do not come back; 0: all */
	unsigned silent_hop;	/* never answers */
	unsigned lost_one_in;	/* every n-th question is lost; 0: none */
	uint32_t lost_at_first; /* larger ones are, once each size */
	bool has_no_echo, has_no_udp;
	bool has_no_dsack; /* the target does not name old data */
	/* so many times answers come when silence has been told of them */
	unsigned late_rounds;
	unsigned deaf_rounds; /* of a server that lacks our ACK */
};

struct talk {
	struct talk_path path;
	struct connection connection;
	struct probe_context context;
	/* what experiments have found out */
	struct route_result route;
	struct forward_result forward;
	struct reverse_result reverse;
	unsigned final;
	unsigned sent_probe, rounds;
	bool is_first_over;  /* the first round that asked large ones */
	unsigned to_hop[65]; /* questions by hop limit */
	/* of TCP, that the hole drops: to the target, since the last to a
	 * router */
	unsigned dropped_since;
	uint32_t largest;
	struct probe_packet probes[TALK_QUESTIONS]; /* of the last round */
};

static inline void talk_begin(
	struct talk *talk, uint8_t family, uint32_t interface_mtu)
{
	talk->connection = (struct connection){.state = CONNECTION_OPEN,
		.own_port = 50000,
		.target_port = 22,
		.first_sequence = 999,
		.send_next = 1000,
		.receive_next = 5000,
		.has_sack = true,
		.peer_ttl = (uint8_t)(64 - talk->path.distance + 1)};
	talk->context = (struct probe_context){.connection = &talk->connection,
		.family = family,
		.port = 22,
		.own_port = 50000,
		.spare_port = 50001,
		.interface_mtu = interface_mtu,
		.max_ttl = 30,
		.echo_sequence = 1};
}

/* What the path does with it. */
static inline enum response_kind talk_answer(const struct talk *talk,
	const struct sent_probe *sent_probe, struct packet *packet)
{
	const struct talk_path *path = &talk->path;
	bool is_large =
		path->hole_link && sent_probe->ip_bytes > path->hole_bytes;

	memset(packet, 0, sizeof(*packet));
	if (path->lost_at_first && sent_probe->ip_bytes > path->lost_at_first &&
		!talk->is_first_over)
		return RESPONSE_NONE;
	if (path->lost_one_in && talk->sent_probe % path->lost_one_in == 0)
		return RESPONSE_NONE;
	if (is_large && sent_probe->ttl >= path->hole_link) {
		packet->icmp_mtu = path->claim ? path->claim : path->hole_bytes;
		return path->is_telling ? RESPONSE_TOO_BIG : RESPONSE_NONE;
	}
	if (sent_probe->ttl < path->distance)
		return sent_probe->ttl == path->silent_hop ? RESPONSE_NONE
							   : RESPONSE_EXPIRED;
	if ((sent_probe->protocol == PROTOCOL_TCP &&
		    (path->has_no_dsack ||
			    talk->rounds <= path->deaf_rounds)) ||
		(sent_probe->protocol == PROTOCOL_ICMP && path->has_no_echo) ||
		(sent_probe->protocol == PROTOCOL_UDP && path->has_no_udp))
		return RESPONSE_NONE;
	if (sent_probe->protocol == PROTOCOL_ICMP && path->back_bytes &&
		sent_probe->ip_bytes > path->back_bytes)
		return RESPONSE_NONE;
	return RESPONSE_ARRIVED;
}

/* What the runner hands to an experiment: the results that it declares. */
static inline void talk_grant(
	struct talk *talk, const struct experiment *experiment)
{
	unsigned declared = experiment->needs | experiment->reads;

	talk->context.results = (struct probe_results){
		.route = declared & 1u << RESULT_ROUTE ? &talk->route : NULL,
		.forward =
			declared & 1u << RESULT_FORWARD ? &talk->forward : NULL,
		.reverse =
			declared & 1u << RESULT_REVERSE ? &talk->reverse : NULL,
		.final = talk->final & declared,
	};
}

/* Keeps the result of an experiment that is over. */
static inline void talk_keep(struct talk *talk,
	const struct experiment *experiment, const void *memory)
{
	const void *result = (const char *)memory + experiment->result_at;

	if (experiment->provides == RESULT_ROUTE)
		memcpy(&talk->route, result, sizeof(talk->route));
	else if (experiment->provides == RESULT_FORWARD)
		memcpy(&talk->forward, result, sizeof(talk->forward));
	else if (experiment->provides == RESULT_REVERSE)
		memcpy(&talk->reverse, result, sizeof(talk->reverse));
	talk->final |= 1u << experiment->provides;
}

/* Takes the questions of a round; returns how many. */
static inline unsigned talk_take(struct talk *talk, struct tx_queue *tx_queue)
{
	unsigned count = 0;
	const struct probe_packet *probe;

	while (count < TALK_QUESTIONS &&
		(probe = tx_queue_take(tx_queue)) != NULL)
		talk->probes[count++] = *probe;
	return count;
}

/* Runs an experiment to its end; false when it goes on for ever. */
static inline bool talk_run(
	struct talk *talk, const struct experiment *experiment)
{
	struct tx_queue *tx_queue = calloc(1, sizeof(*tx_queue));
	void *memory = calloc(1, experiment->state_bytes);

	talk_grant(talk, experiment);
	bool goes_on = experiment->start(memory, &talk->context, tx_queue);
	static const struct event silence = {.kind = EVENT_TIMEOUT};
	unsigned rounds = 0;

	while (goes_on && rounds++ < TALK_ROUNDS) {
		talk->rounds = rounds;
		unsigned count = talk_take(talk, tx_queue);
		bool is_late = rounds <= talk->path.late_rounds;

		if (is_late)
			goes_on = experiment->step(
				memory, &talk->context, &silence, tx_queue);
		for (unsigned i = 0; i < count && goes_on; i++) {
			struct sent_probe sent_probe = own_traffic_sent_probe(
				talk->context.family, &talk->probes[i]);
			struct packet packet;

			talk->sent_probe++;
			talk->to_hop[sent_probe.ttl]++;
			if (sent_probe.ip_bytes > talk->largest)
				talk->largest = sent_probe.ip_bytes;
			if (sent_probe.protocol == PROTOCOL_TCP &&
				sent_probe.ip_bytes > talk->path.hole_bytes)
				talk->dropped_since =
					sent_probe.ttl == HOP_LIMIT_WHOLE_WAY
						? talk->dropped_since + 1
						: 0;
			enum response_kind answer =
				talk_answer(talk, &sent_probe, &packet);
			struct event event = {.kind = EVENT_RESPONSE,
				.answer = answer,
				.is_first = true,
				.is_awaited = !is_late,
				.sent_probe = &sent_probe,
				.packet = &packet};

			talk->connection.is_confirmed =
				talk->connection.is_confirmed ||
				(answer == RESPONSE_ARRIVED &&
					sent_probe.protocol == PROTOCOL_TCP);
			if (answer != RESPONSE_NONE)
				goes_on = experiment->step(memory,
					&talk->context, &event, tx_queue);
		}
		talk->is_first_over = talk->is_first_over ||
				      talk->largest > talk->path.lost_at_first;
		if (goes_on && tx_queue->count == 0)
			goes_on = experiment->step(
				memory, &talk->context, &silence, tx_queue);
	}
	talk_keep(talk, experiment, memory);
	free(memory);
	free(tx_queue);
	return !goes_on;
}

#endif
