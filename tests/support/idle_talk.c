#include "tests/support/idle_talk.h"

#include <stdlib.h>
#include <string.h>

#include "probe/experiments/registry.h"

enum { RUN_PORT = 50000, FIRST_PORT = 50001, SERVER_PORT = 80 };

/* What path and server know of one connection. */
struct known {
	bool is_open; /* at the server */
	int64_t opened_ns;
	int64_t seen_ns[IDLE_TALK_DEVICES];
	bool is_forgotten[IDLE_TALK_DEVICES];
};

struct stage {
	struct idle_talk *talk;
	struct probe_context context;
	struct connection run;
	struct connection own[IDLE_LINES];
	struct known known[IDLE_LINES];
	struct route_result route;
	struct tx_queue *tx_queue;
	void *memory;
	int64_t timer_ns;
};

static const int64_t trip_ns = 1000000;

static void set_up(struct stage *stage)
{
	const struct idle_talk *talk = stage->talk;

	stage->run = (struct connection){.state = CONNECTION_OPEN,
		.own_port = RUN_PORT,
		.target_port = SERVER_PORT,
		.send_next = 1000,
		.receive_next = 5000,
		.has_sack = true,
		.has_greeting = talk->is_ssh,
		.greeting = {'S', 'S', 'H', '-'}};
	for (unsigned i = 0; i < IDLE_LINES; i++)
		stage->own[i] = (struct connection){
			.own_port = (uint16_t)(FIRST_PORT + i),
			.target_port = SERVER_PORT,
			.first_sequence = 7000,
		};
	stage->route.distance = talk->distance;
	stage->context = (struct probe_context){.connection = &stage->run,
		.family = 4,
		.port = SERVER_PORT,
		.round_trip_ms = 1,
		.idle = talk->idle,
		.own = stage->own,
		.own_count = IDLE_LINES,
		.results = {.route = &stage->route}};
}

static void tell(struct stage *stage, const struct event *event)
{
	struct idle_talk *talk = stage->talk;

	if (talk->is_over)
		return;
	stage->context.now_ns = talk->now_ns;
	talk->is_over = !experiment_idle.step(
		stage->memory, &stage->context, event, stage->tx_queue);
}

/* A packet of the server's, or in its name, about a number so far beyond. */
static void hear_about(
	struct stage *stage, unsigned line, uint16_t flags, uint32_t beyond)
{
	struct connection *connection = &stage->own[line];
	struct packet packet = {.kind = PACKET_TCP,
		.family = 4,
		.source_port = SERVER_PORT,
		.target_port = connection->own_port,
		.tcp_flags = flags,
		.ttl = 60,
		.sequence = flags & TCP_SYN ? 8999 : 9000,
		.acknowledged = connection->send_next + beyond,
		.options = flags & TCP_SYN ? OPTION_SACK_PERMITTED : 0};
	struct event event = {.kind = EVENT_PACKET,
		.packet = &packet,
		.connection = connection};

	stage->talk->now_ns += trip_ns;
	connection_receive(connection, &packet, stage->tx_queue);
	tell(stage, &event);
}

static void hear(struct stage *stage, unsigned line, uint16_t flags)
{
	hear_about(stage, line, flags, 0);
}

static bool is_spared(const struct stage *stage,
	const struct idle_device *device, const struct known *known)
{
	return device->spared && known == &stage->known[device->spared - 1];
}

/* Whether the devices let it pass, up to its hop limit; what they forgot stays
 * forgotten. Sets which of them has. */
static bool passes(struct stage *stage, struct known *known, unsigned ttl,
	bool is_syn, const struct idle_device **forgot)
{
	struct idle_talk *talk = stage->talk;

	for (unsigned i = 0; i < IDLE_TALK_DEVICES; i++) {
		const struct idle_device *device = &talk->devices[i];

		if (device->hop == 0 || device->hop > ttl)
			continue;
		if (!is_syn && !is_spared(stage, device, known) &&
			talk->now_ns - known->seen_ns[i] > device->lasts_ns)
			known->is_forgotten[i] = true;
		if (is_syn)
			known->is_forgotten[i] = false;
		if (known->is_forgotten[i]) {
			*forgot = device;
			return false;
		}
		known->seen_ns[i] = talk->now_ns;
	}
	return ttl >= talk->distance;
}

static bool is_lost(struct idle_talk *talk)
{
	talk->questions++;
	return (talk->lost_one_in &&
		       talk->questions % talk->lost_one_in == 0) ||
	       (talk->now_ns >= talk->gone_ns && talk->now_ns < talk->back_ns);
}

static void count_open(struct stage *stage)
{
	unsigned open = 1; /* the run's own */

	for (unsigned i = 0; i < IDLE_LINES; i++)
		open += stage->known[i].is_open;
	if (open > stage->talk->most_open)
		stage->talk->most_open = open;
	stage->talk->left_open = open - 1;
}

static void send_one(struct stage *stage, const struct probe_packet *probe)
{
	struct idle_talk *talk = stage->talk;
	bool is_syn = probe->tcp_flags & TCP_SYN;
	const struct idle_device *forgot = NULL;
	unsigned line = probe->source_port - FIRST_PORT;

	talk->sent++;
	/* The runner sends SYNs again. */
	if (probe->source_port == RUN_PORT || (!is_syn && is_lost(talk)))
		return;
	struct known *known = &stage->known[line];

	if (!passes(stage, known, probe->ttl, is_syn, &forgot)) {
		if (forgot && forgot->is_resetting)
			hear(stage, line, TCP_RST);
		else if (forgot && forgot->is_mixing_up)
			hear_about(stage, line, TCP_ACK, 70000);
		return;
	}
	if (is_syn) {
		known->is_open = true;
		known->opened_ns = talk->now_ns;
		count_open(stage);
		hear(stage, line, TCP_SYN | TCP_ACK);
	} else if (probe->tcp_flags & TCP_FIN && known->is_open) {
		known->is_open = false;
		hear(stage, line, TCP_FIN | TCP_ACK);
	} else if (probe->payload_bytes && known->is_open) {
		hear(stage, line, TCP_ACK);
	}
}

/* The server's own timer. */
static void close_old(struct stage *stage)
{
	struct idle_talk *talk = stage->talk;

	for (unsigned i = 0; talk->closes_ns && i < IDLE_LINES; i++) {
		struct known *known = &stage->known[i];
		const struct idle_device *forgot = NULL;

		if (!known->is_open ||
			talk->now_ns - known->opened_ns < talk->closes_ns)
			continue;
		known->is_open = false;
		talk->closed++;
		if (passes(stage, known, 64, false, &forgot))
			hear(stage, i, TCP_FIN | TCP_ACK);
	}
}

static void send_all(struct stage *stage)
{
	const struct probe_packet *next;

	while ((next = tx_queue_take(stage->tx_queue)) != NULL) {
		struct probe_packet probe = *next;

		send_one(stage, &probe);
	}
	if (!stage->tx_queue->timer_ms)
		return;
	stage->timer_ns = stage->talk->now_ns +
			  stage->tx_queue->timer_ms * INT64_C(1000000);
	stage->tx_queue->timer_ms = 0;
}

void idle_talk_run(struct idle_talk *talk)
{
	static const struct event timer = {.kind = EVENT_TIMER};
	struct stage *stage = calloc(1, sizeof(*stage));

	if (!stage)
		abort();
	stage->talk = talk;
	stage->tx_queue = calloc(1, sizeof(*stage->tx_queue));
	stage->memory = calloc(1, experiment_idle.state_bytes);
	if (!stage->tx_queue || !stage->memory)
		abort();
	talk->now_ns = talk->began_ns = INT64_C(1000000000);
	set_up(stage);
	stage->context.now_ns = talk->now_ns;
	talk->is_over = !experiment_idle.start(
		stage->memory, &stage->context, stage->tx_queue);
	for (unsigned i = 0; i < IDLE_TALK_STEPS && !talk->is_over; i++) {
		send_all(stage);
		close_old(stage);
		if (stage->tx_queue->count)
			continue;
		if (stage->timer_ns > talk->now_ns)
			talk->now_ns = stage->timer_ns;
		tell(stage, &timer);
	}
	/* What the runner does at the end. */
	for (unsigned i = 0; i < IDLE_LINES; i++)
		connection_close(&stage->own[i], stage->tx_queue);
	send_all(stage);
	count_open(stage);
	memcpy(&talk->state, stage->memory, sizeof(talk->state));
	free(stage->memory);
	free(stage->tx_queue);
	free(stage);
}
