/* Random conversations whose truth is known: what the analysis derives of each
 * has to be what happened, nobody healthy is accused, and who is accused
 * surely did it. PROPERTIES says how many; SEED which. A failure prints the
 * two numbers that repeat it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/analysis_state.h"
#include "tests/support/sim_talk.h"

enum { TALKS = 40, START_SPREAD_S = 100, UNLESS_SAID = 20000, MOST_SHOWN = 20 };
enum { FORWARDING_NS = 8000, LIKELY_IS_WRONG_ONCE_IN = 5000 };

static const int64_t SECOND = 1000000000;

struct recording {
	struct sim_place place;
	struct sim_talk talks[TALKS];
	struct packet next[TALKS];
	bool has_next[TALKS];
	/* what is recorded of each so far, without what stands in `next` */
	struct sim_seen seen[TALKS][2];
	uint64_t first_frame[TALKS]; /* 0: not recorded yet */
	struct analysis *analysis;
	uint64_t frames;
	/* a router's, of both interfaces: every packet is recorded twice */
	bool is_doubled;
};

static unsigned wrong;
static uint64_t wrong_likely;
static uint64_t met[FATE_COUNT], judged[FATE_COUNT][GRADE_COUNT];

static void complain(const struct recording *recording, unsigned number,
	const char *what, const char *found, const char *expected)
{
	const struct sim_talk *talk = &recording->talks[number];

	if (wrong++ < MOST_SHOWN)
		print_error(
			"SEED=%llu, conversation %u (client port %u; %s%s): "
			"%s: %s, expected %s\n",
			(unsigned long long)recording->place.seed, number,
			talk->port[0], sim_fate_word(talk->fate),
			recording->seen[number][0].has_syn ? "" : ", no SYN",
			what, found, expected);
}

static void equal(const struct recording *recording, unsigned number,
	const char *what, uint64_t found, uint64_t expected)
{
	char texts[2][24];

	if (found == expected)
		return;
	(void)snprintf(
		texts[0], sizeof(texts[0]), "%llu", (unsigned long long)found);
	(void)snprintf(texts[1], sizeof(texts[1]), "%llu",
		(unsigned long long)expected);
	complain(recording, number, what, texts[0], texts[1]);
}

static void begin(struct recording *recording, uint64_t seed)
{
	const struct analysis_options options = {.is_listing_flows = true};
	struct failure failure;
	struct sim_random random = {seed};

	recording->place.seed = seed;
	recording->frames = 0;
	recording->is_doubled = sim_random_is(&random, 100);
	recording->analysis = analysis_new(&options, &failure);
	assert_non_null(recording->analysis);
	for (unsigned i = 0; i < TALKS; i++) {
		sim_talk_begin(&recording->talks[i], &recording->place, i,
			1700000000 * SECOND + sim_random_in(&random, 0,
						      START_SPREAD_S * SECOND));
		met[recording->talks[i].fate]++;
		memset(recording->seen[i], 0, sizeof(recording->seen[i]));
		recording->first_frame[i] = 0;
		recording->has_next[i] = sim_talk_next(
			&recording->talks[i], &recording->next[i]);
	}
}

/* The conversation that has the next packet; TALKS: none has. */
static unsigned first_of(const struct recording *recording)
{
	unsigned first = TALKS;

	for (unsigned i = 0; i < TALKS; i++)
		if (recording->has_next[i] &&
			(first == TALKS ||
				recording->next[i].time_ns <
					recording->next[first].time_ns))
			first = i;
	return first;
}

/* One packet; false: there is none. */
static bool feed(struct recording *recording)
{
	unsigned first = first_of(recording);

	if (first == TALKS)
		return false;
	struct packet *packet = &recording->next[first];
	struct sim_talk *talk = &recording->talks[first];

	packet->frame = ++recording->frames;
	if (!recording->first_frame[first])
		recording->first_frame[first] = packet->frame;
	analysis_packets(recording->analysis, packet, 1);
	if (recording->is_doubled) {
		packet->frame = ++recording->frames;
		packet->interface = 1;
		packet->time_ns += FORWARDING_NS;
		packet->ttl--;
		analysis_packets(recording->analysis, packet, 1);
	}
	memcpy(recording->seen[first], talk->seen, sizeof(talk->seen));
	recording->has_next[first] = sim_talk_next(talk, packet);
	return true;
}

static const struct flow *flow_of(
	const struct recording *recording, unsigned number, unsigned *client)
{
	const struct sim_talk *talk = &recording->talks[number];
	const struct observer *observer = &recording->analysis->observer;
	struct packet packet = {
		.kind = PACKET_TCP,
		.family = talk->family,
		.protocol = PROTOCOL_TCP,
		.source = talk->address[0],
		.target = talk->address[1],
		.source_port = talk->port[0],
		.target_port = talk->port[1],
	};
	struct flow_key key;

	flow_key_of(&packet, observer->flows.seed, &key);
	*client = key.side;
	return flow_table_find(&observer->flows, &key);
}

/* What is kept of a living connection against what was sent. */
static void check_state(const struct recording *recording, unsigned number)
{
	const struct sim_talk *talk = &recording->talks[number];
	unsigned client;
	const struct flow *flow = flow_of(recording, number, &client);
	const struct sim_seen *seen = recording->seen[number];

	/* After minutes of silence the rest is a flow of its own. */
	if (!flow || seen[0].has_reset || seen[1].has_reset ||
		flow->first_frame != recording->first_frame[number] ||
		talk->unrecorded)
		return;
	if (seen[0].has_syn)
		equal(recording, number, "side that is the client",
			flow_client(flow), client);
	for (unsigned end = 0; end < 2; end++) {
		unsigned side = end == 0 ? client : !client;

		if (!seen[end].packets)
			continue;
		equal(recording, number, "packets", flow->side[side].packets,
			seen[end].packets);
		/* of what was sent before the recording, the other tells */
		uint64_t next = seen[end].next > seen[!end].acknowledged
					? seen[end].next
					: seen[!end].acknowledged;
		equal(recording, number, "next sequence number",
			flow->side[side].next,
			(uint32_t)(talk->isn[end] + next));
		if (seen[end].acknowledged)
			equal(recording, number, "newest acknowledgment",
				flow->side[side].acked,
				(uint32_t)(talk->isn[!end] +
					   seen[end].acknowledged));
		equal(recording, number, "TTL", flow->side[side].ttl,
			seen[end].ttl);
		equal(recording, number, "FIN seen",
			!!(flow->side[side].flags & SIDE_FIN),
			seen[end].has_fin);
		if (flow->side[side].passed_bytes > seen[end].largest_arrived &&
			talk->hops[end])
			equal(recording, number, "largest packet that arrived",
				flow->side[side].passed_bytes,
				seen[end].largest_arrived);
	}
}

static unsigned number_of(
	const struct recording *recording, const struct flow_name *name)
{
	unsigned number = 0;

	for (unsigned i = 0; i < TALKS; i++) {
		uint16_t port = recording->talks[i].port[0];

		if ((port == name->client.port || port == name->server.port) &&
			(memcmp(&recording->talks[i].address[0],
				 &name->client.address,
				 sizeof(struct address)) == 0 ||
				memcmp(&recording->talks[i].address[0],
					&name->server.address,
					sizeof(struct address)) == 0))
			number = i;
	}
	return number;
}

static bool is_healthy(const struct sim_talk *talk)
{
	return talk->fate < FATE_FIRST_GUILTY && !talk->end[0].has_given_up &&
	       !talk->end[1].has_given_up;
}

/* Who may be accused, as bits by enum party. */
static unsigned guilty(const struct sim_talk *talk)
{
	const unsigned between = 1u << PARTY_MIDDLEBOX |
				 1u << PARTY_NAT_TIMEOUT |
				 1u << PARTY_PATH_LOSS | 1u << PARTY_UNKNOWN;

	switch (talk->fate) {
	case FATE_CLIENT_ABORTS:
		return 1u << PARTY_CLIENT;
	case FATE_SERVER_ABORTS:
	case FATE_PORT_CLOSED:
		return 1u << PARTY_SERVER;
	case FATE_LARGE_VANISH:
		return between | 1u << PARTY_PATH_MTU;
	case FATE_NO_ANSWER:
		return 1u << PARTY_SERVER | 1u << PARTY_UNKNOWN;
	case FATE_WINDOW_SHUT:
		return 1u << PARTY_SERVER | 1u << PARTY_CLIENT |
		       1u << PARTY_UNKNOWN;
	case FATE_SERVER_GONE:
		return between | 1u << PARTY_SERVER;
	case FATE_CLIENT_CLOSES:
	case FATE_SERVER_CLOSES:
	case FATE_BOTH_CLOSE:
	case FATE_STAYS_OPEN: /* and somebody has given up */
	case FATE_SYN_DROPPED:
	case FATE_INJECTED:
	case FATE_PATH_DIES:
	case FATE_FORGOTTEN:
	case FATE_COUNT:
		break;
	}
	return between;
}

static void check_incident(
	const struct recording *recording, const struct incident *incident)
{
	unsigned number = number_of(recording, &incident->flow);
	const struct sim_talk *talk = &recording->talks[number];
	char text[128];

	judged[talk->fate][incident->grade]++;
	(void)snprintf(text, sizeof(text), "frame %llu, %s by %s, %s, %s",
		(unsigned long long)incident->frame,
		mechanism_word(incident->mechanism),
		party_word(incident->culprit), grade_word(incident->grade),
		incident->signature ? incident->signature : "no row");
	/* The first large packet may be blamed on its size, no more, where all
	 * before it was seen. */
	if (incident->mechanism == MECHANISM_PMTU_BLACK_HOLE &&
		talk->fate != FATE_LARGE_VANISH &&
		(incident->grade > GRADE_POSSIBLE ||
			!recording->seen[number][0].has_syn))
		complain(recording, number, "accused", text, "no size");
	/* A reset that follows bare ACKs, and nothing before it was recorded:
	 * it may answer a keepalive. Nobody can tell that it does not. */
	const struct sim_seen *seen = recording->seen[number];
	bool is_untellable = incident->grade <= GRADE_POSSIBLE &&
			     !seen[0].has_syn && !seen[1].has_syn &&
			     seen[0].payload_bytes + seen[1].payload_bytes == 0;
	if (is_healthy(talk) && !is_untellable)
		complain(recording, number, "accused", text, "nobody");
	else if (!(guilty(talk) & 1u << incident->culprit)) {
		wrong_likely += incident->grade == GRADE_LIKELY;
		if (incident->grade == GRADE_CERTAIN)
			complain(recording, number, "accused", text, "another");
	}
}

static void finish(struct recording *recording)
{
	struct incident incident;
	uint64_t count;

	analysis_finish(recording->analysis);
	count = analysis_incident_count(recording->analysis);
	for (uint64_t i = 0; i < count; i++)
		if (analysis_incident(recording->analysis, i, &incident))
			check_incident(recording, &incident);
	analysis_free(recording->analysis);
}

static unsigned long number_from(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : otherwise;
}

static void what_is_derived_is_what_happened(void **state)
{
	static struct recording recording;
	unsigned long most = number_from("PROPERTIES", UNLESS_SAID);
	unsigned long seed = number_from("SEED", 1);
	uint64_t likely = 0;

	(void)state;
	for (unsigned long i = 0; i < most; i += TALKS) {
		struct sim_random random = {seed};
		uint64_t stop = (uint64_t)sim_random_in(&random, 1, 1500);

		begin(&recording, seed++);
		while (feed(&recording)) {
			if (recording.frames % stop == 0)
				for (unsigned j = 0; j < TALKS; j++)
					check_state(&recording, j);
		}
		finish(&recording);
	}
	for (unsigned i = 0; i < FATE_COUNT; i++)
		print_message("# %s: %llu; %llu certain, %llu likely, %llu "
			      "possible, %llu undetermined\n",
			sim_fate_word((enum sim_fate)i),
			(unsigned long long)met[i],
			(unsigned long long)judged[i][GRADE_CERTAIN],
			(unsigned long long)judged[i][GRADE_LIKELY],
			(unsigned long long)judged[i][GRADE_POSSIBLE],
			(unsigned long long)judged[i][GRADE_UNDETERMINED]);
	for (unsigned i = 0; i < FATE_COUNT; i++)
		likely += judged[i][GRADE_LIKELY];
	print_message("# %llu of %llu likely ones are wrong\n",
		(unsigned long long)wrong_likely, (unsigned long long)likely);
	assert_int_equal(wrong, 0);
	/* Where the packet that tells is not recorded, two causes may look
	 * alike. */
	assert_true(wrong_likely * LIKELY_IS_WRONG_ONCE_IN <= likely);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_derived_is_what_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
