/* A path made of rules, for experiments to talk to: no packets, no clock. */
#ifndef TESTS_PROBE_TALK_H
#define TESTS_PROBE_TALK_H

#include <stdlib.h>
#include <string.h>

#include "probe/craft.h"
#include "probe/experiment.h"

enum { TALK_ROUNDS = 200, TALK_QUESTIONS = 512 };

struct talk_path {
	unsigned distance;   /* of the target */
	unsigned hole_link;  /* link k leads to hop k; 0: none */
	uint32_t hole_bytes; /* larger packets do not pass it */
	bool is_telling;     /* the router before it says "too big" */
	uint32_t claim;	     /* what it says; 0: the truth */
	uint32_t back_bytes; /* answers above it do not come back; 0: all */
	unsigned silent_hop; /* never answers */
	unsigned lost_one_in; /* every n-th question is lost; 0: none */
	uint32_t lost_at_first; /* larger ones are, once each size */
	bool has_no_echo, has_no_udp;
	bool has_no_dsack; /* the target does not name old data */
};

struct talk {
	struct talk_path path;
	struct connection connection;
	struct situation situation;
	unsigned asked, rounds;
	bool is_first_over; /* the first round that asked large ones */
	unsigned to_hop[65]; /* questions by hop limit */
	uint32_t largest;
	struct question questions[TALK_QUESTIONS]; /* of the last round */
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
	talk->situation = (struct situation){.connection = &talk->connection,
		.family = family,
		.port = 22,
		.own_port = 50000,
		.spare_port = 50001,
		.interface_mtu = interface_mtu,
		.max_ttl = 30,
		.echo_sequence = 1};
}

static inline struct asked talk_row(
	const struct talk *talk, const struct question *question)
{
	static const uint8_t protocols[] = {
		[QUESTION_TCP] = PROTOCOL_TCP,
		[QUESTION_ECHO] = PROTOCOL_ICMP,
		[QUESTION_UDP] = PROTOCOL_UDP,
		[QUESTION_FRAGMENT] = PROTOCOL_ICMP,
	};

	return (struct asked){
		.ip_bytes = question_bytes(talk->situation.family, question),
		.protocol = protocols[question->kind],
		.ttl = question->ttl,
		.tcp_flags = question->tcp_flags,
		.source_port = question->source_port,
		.target_port = question->target_port,
	};
}

/* What the path does with it. */
static inline enum answer_kind talk_answer(const struct talk *talk,
	const struct asked *asked, struct packet *packet)
{
	const struct talk_path *path = &talk->path;
	bool is_large = path->hole_link && asked->ip_bytes > path->hole_bytes;

	memset(packet, 0, sizeof(*packet));
	if (path->lost_at_first && asked->ip_bytes > path->lost_at_first &&
		!talk->is_first_over)
		return ANSWER_NONE;
	if (path->lost_one_in && talk->asked % path->lost_one_in == 0)
		return ANSWER_NONE;
	if (is_large && asked->ttl >= path->hole_link) {
		packet->icmp_mtu =
			path->claim ? path->claim : path->hole_bytes;
		return path->is_telling ? ANSWER_TOO_BIG : ANSWER_NONE;
	}
	if (asked->ttl < path->distance)
		return asked->ttl == path->silent_hop ? ANSWER_NONE
						      : ANSWER_EXPIRED;
	if ((asked->protocol == PROTOCOL_TCP && path->has_no_dsack) ||
		(asked->protocol == PROTOCOL_ICMP && path->has_no_echo) ||
		(asked->protocol == PROTOCOL_UDP && path->has_no_udp))
		return ANSWER_NONE;
	if (asked->protocol == PROTOCOL_ICMP && path->back_bytes &&
		asked->ip_bytes > path->back_bytes)
		return ANSWER_NONE;
	return ANSWER_ARRIVED;
}

/* Runs an experiment to its end; false when it goes on for ever. */
static inline bool talk_run(
	struct talk *talk, const struct experiment *experiment)
{
	struct outbox *outbox = calloc(1, sizeof(*outbox));
	void *memory = calloc(1, experiment->state_bytes);
	bool goes_on = experiment->start(memory, &talk->situation, outbox);
	static const struct event silence = {.kind = EVENT_SILENCE};
	unsigned rounds = 0;

	while (goes_on && rounds++ < TALK_ROUNDS) {
		unsigned count = 0;
		const struct question *question;

		while (count < TALK_QUESTIONS &&
			(question = outbox_take(outbox)) != NULL)
			talk->questions[count++] = *question;
		for (unsigned i = 0; i < count && goes_on; i++) {
			struct asked asked =
				talk_row(talk, &talk->questions[i]);
			struct packet packet;

			talk->asked++;
			talk->to_hop[asked.ttl]++;
			if (asked.ip_bytes > talk->largest)
				talk->largest = asked.ip_bytes;
			enum answer_kind answer =
				talk_answer(talk, &asked, &packet);
			struct event event = {EVENT_ANSWER, answer, true,
				&asked, &packet};

			if (answer != ANSWER_NONE)
				goes_on = experiment->step(memory,
					&talk->situation, &event, outbox);
		}
		talk->is_first_over = talk->is_first_over ||
			talk->largest > talk->path.lost_at_first;
		if (goes_on && outbox->count == 0)
			goes_on = experiment->step(memory, &talk->situation,
				&silence, outbox);
	}
	talk->rounds = rounds;
	free(memory);
	free(outbox);
	return !goes_on;
}

#endif
