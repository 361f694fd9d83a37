/* Incidents built by hand, and a report source of them. */
#ifndef TESTS_SUPPORT_SAMPLE_INCIDENT_H
#define TESTS_SUPPORT_SAMPLE_INCIDENT_H

#include <stdio.h>
#include <string.h>

#include "report/source.h"

static const int64_t sample_origin_ns = 1700000000000000000;

struct sample {
	uint32_t count;	 /* of incidents */
	uint32_t groups; /* by the silence before it, so many up to 12 */
	uint32_t paths;	 /* and by the network of the client, up to 250 */
};

static inline struct endpoint sample_endpoint(uint8_t last, uint16_t port)
{
	return (struct endpoint){
		.address = {.bytes = {10, 0, 0, last}}, .port = port};
}

/* A NAT forgot the connection; the server's kernel sent the reset. */
static inline void sample_incident(
	const void *context, uint64_t index, struct incident *incident)
{
	const struct sample *sample = context;
	const int64_t second = 1000000000;

	*incident = (struct incident){
		.flow = {.client =
				 sample_endpoint(1, (uint16_t)(40000 + index)),
			.server = sample_endpoint(2, 22),
			.family = 4},
		.frame = 12 + index,
		.time_ns = sample_origin_ns + 352 * second,
		.began_ns = sample_origin_ns,
		.idle_ns = 351 * second,
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = PARTY_SERVER,
		.culprit = PARTY_NAT_TIMEOUT,
		.grade = GRADE_LIKELY,
		.hop = 4,
		.signature = "expired-by-timer",
		.outranked = {"unknown-after-silence", "unknown-connection"},
		.outranked_count = 2,
		.summary = "A device on the path dropped the connection's "
			   "state.",
		.advice = "ServerAliveInterval 115",
		.evidence_count = 2,
		.evidence = {{.fact = "reset-ttl-matches-sender",
				     .holds = TRUTH_YES,
				     .frame = 12 + index,
				     .against = 10,
				     .found = "54",
				     .expected = "54"},
			{.fact = "sender-had-sent-fin",
				.holds = TRUTH_UNKNOWN}},
		.also_count = 1,
		.also = {{.mechanism = MECHANISM_UNKNOWN_CONNECTION,
			.sender = PARTY_SERVER,
			.culprit = PARTY_SERVER,
			.why = "the server restarted"}},
		.undecided_count = 1,
		.undecided = {{.fact = "port at the server",
			.settled_by = "a capture at the server"}},
		.excerpt_count = 3,
		.excerpts = {{.time_ns = sample_origin_ns,
				     .frame = 10,
				     .kind = PACKET_TCP,
				     .tcp_flags = TCP_ACK,
				     .ttl = 54},
			{.time_ns = sample_origin_ns + 351 * second,
				.frame = 11,
				.kind = PACKET_TCP,
				.tcp_flags = TCP_PSH | TCP_ACK,
				.payload_bytes = 36,
				.is_from_client = true,
				.ttl = 64,
				.has_options = true},
			{.time_ns = sample_origin_ns + 352 * second,
				.frame = 12 + index,
				.kind = PACKET_TCP,
				.tcp_flags = TCP_RST,
				.ttl = 54,
				.is_df = true,
				.note = "as always from the server"}},
		.gaps_survived = 44,
		.gaps_died = 21,
		.longest_survived_ns = 348 * second,
		.shortest_died_ns = 351 * second,
	};
	if (sample->groups > 1)
		incident->idle_ns =
			second * (10 << (uint32_t)index % sample->groups);
	if (sample->paths > 1)
		incident->flow.client.address.bytes[2] =
			(uint8_t)(index /
				  (sample->groups ? sample->groups : 1) %
				  sample->paths);
}

/* Ten frames to a file. */
static inline const char *sample_locate(
	const void *context, uint64_t frame, uint64_t *number_in_file)
{
	(void)context;
	*number_in_file = frame > 10 ? frame - 10 : frame;
	return frame > 10 ? "b.pcap" : "a.pcap";
}

static const char *const sample_paths[] = {"a.pcap", "b.pcap"};

static inline struct report_source sample_source(const struct sample *sample)
{
	return (struct report_source){
		.context = sample,
		.incident_count = sample->count,
		.incident = sample_incident,
		.locate = sample_locate,
		.paths = sample_paths,
		.path_count = 2,
		.totals = {.packets = 1204331,
			.bytes = 99,
			.flows = 18220,
			.incidents = sample->count,
			.by_culprit = {[PARTY_NAT_TIMEOUT] = sample->count},
			.first_ns = sample_origin_ns,
			.last_ns = sample_origin_ns + 8040000000000},
	};
}

#endif
