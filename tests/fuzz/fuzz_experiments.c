/* Experiments, the connection and the judgement of a path, with answers drawn
 * at random: nothing may crash, run for ever, send more than it said, or find
 * a path MTU that no packet has proved. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/path/path.h"
#include "capture/linktype.h"
#include "probe/engine/own_traffic.h"
#include "probe/experiments/registry.h"
#include "probe/protocol/probe_rules.h"
#include "report/report_path.h"

enum { ROUNDS = 400, OWN = 40, SHARED = 7, OWN_PORT = 100 };

struct draw {
	const uint8_t *bytes;
	size_t left;
};

static uint32_t draw(struct draw *draw, unsigned bytes)
{
	uint32_t value = 0;

	for (; bytes > 0 && draw->left > 0; bytes--, draw->left--)
		value = value << 8 | *draw->bytes++;
	return value;
}

static struct packet random_packet(
	struct draw *from, const struct section_comment *comment)
{
	uint32_t kind = draw(from, 1);
	struct packet packet = {
		.time_ns = (int64_t)draw(from, 2) * 1000000,
		.family = comment->family,
		.kind = (uint8_t)(1 + kind % 4),
		.protocol = (uint8_t)(kind & 1 ? PROTOCOL_TCP : PROTOCOL_ICMP),
		.tos = (uint8_t)(kind >> 1),
		.ttl = (uint8_t)draw(from, 1),
		.source = kind & 64 ? comment->own : comment->target,
		.target = kind & 64 ? comment->target : comment->own,
		.ip_bytes = draw(from, 2),
		.payload_bytes = draw(from, 2),
		.tcp_flags = (uint16_t)draw(from, 2),
		.sequence = draw(from, 1),
		.acknowledged = draw(from, 1),
		.source_port = (uint16_t)draw(from, 1),
		.target_port = (uint16_t)draw(from, 1),
		.options = (uint16_t)draw(from, 1),
		.mss = (uint16_t)draw(from, 2),
		.icmp_type = (uint8_t)(kind & 128 ? 11 : draw(from, 1)),
		.icmp_code = (uint8_t)(draw(from, 1) % 6),
		.icmp_mtu = draw(from, 4),
		.icmp_id = (uint16_t)draw(from, 1),
		.icmp_sequence = (uint16_t)draw(from, 1),
		.sack_count = kind & 32 ? 1 : 0,
		.sack = {{draw(from, 1), draw(from, 1)}},
	};

	packet.quoted = (struct quotation){
		.family = comment->family,
		.protocol = (uint8_t)(kind & 2 ? PROTOCOL_TCP : PROTOCOL_ICMP),
		.source = comment->own,
		.target = comment->target,
		.sequence = draw(from, 1),
		.has_sequence = kind & 4,
		.total_bytes = (uint16_t)draw(from, 2),
		.ttl = (uint8_t)draw(from, 1),
	};
	if (packet.kind == PACKET_ICMP && from->left > 0) {
		packet.payload = from->bytes;
		packet.payload_captured = (uint32_t)from->left;
	}
	return packet;
}

static void judge(struct draw *from, uint8_t family)
{
	struct section_comment comment = {.family = family,
		.port = 22,
		.own = {{10, 0, 0, 1}},
		.target = {{10, 0, 0, 2}},
		.interface_mtu = 68 + draw(from, 2),
		.version = 1 + draw(from, 1) % PROBE_RULES_VERSION,
		.experiments = draw(from, 1) |
			       probe_experiment_bit(EXPERIMENT_TOO_BIG)};
	struct failure failure;
	struct path *path = path_new(&comment, &failure);
	static const struct style style = {.columns = 80};
	FILE *nowhere = fopen("/dev/null", "w");

	if (!path || !nowhere)
		abort();
	for (uint64_t frame = 1; from->left > 0; frame++) {
		struct packet packet = random_packet(from, &comment);

		packet.frame = frame;
		path_packet(path, &packet);
		if (frame % 16 == 0)
			path_look(path);
	}
	path_finish(path);
	report_path_json(path, nowhere);
	report_path_text(path, &style, nowhere);
	(void)fclose(nowhere);
	path_free(path);
}

static const struct tls_options tls = {.name = "example.org"};
static const struct ssh_options ssh = {
	.at_once = SSH_USUAL_AT_ONCE,
	.is_grace_awaited = true,
	.profile = {.list = {"curve25519-sha256", "ssh-ed25519", "aes128-ctr",
			    "hmac-sha2-256"}},
};

struct run {
	struct connection connection;
	struct connection connections[OWN]; /* of the experiment's own */
	struct probe_context context;
	/* what experiments have found out */
	struct route_result route;
	struct forward_result forward;
	struct reverse_result reverse;
	struct tx_queue tx_queue, own;
	void *state;
	unsigned sent;
	uint32_t arrived; /* largest whose arrival was told */
};

/* What the runner hands to an experiment: the results that it declares. */
static void grant(struct run *run, const struct experiment *experiment)
{
	unsigned declared = experiment->needs | experiment->reads;

	run->context.results = (struct probe_results){
		.route = declared & 1u << RESULT_ROUTE ? &run->route : NULL,
		.forward =
			declared & 1u << RESULT_FORWARD ? &run->forward : NULL,
		.reverse =
			declared & 1u << RESULT_REVERSE ? &run->reverse : NULL,
		.final = declared,
	};
}

static void keep(struct run *run, const struct experiment *experiment)
{
	const void *result = (const char *)run->state + experiment->result_at;

	if (experiment->provides == RESULT_ROUTE)
		memcpy(&run->route, result, sizeof(run->route));
	else if (experiment->provides == RESULT_FORWARD)
		memcpy(&run->forward, result, sizeof(run->forward));
	else if (experiment->provides == RESULT_REVERSE)
		memcpy(&run->reverse, result, sizeof(run->reverse));
}

static bool answer(struct run *run, struct draw *from,
	const struct experiment *experiment, const struct probe_packet *probe)
{
	struct packet packet = {.icmp_mtu = draw(from, 2)};
	struct sent_probe sent_probe =
		own_traffic_sent_probe(run->context.family, probe);
	uint32_t choice = draw(from, 1);
	struct event event = {EVENT_RESPONSE, (enum response_kind)(choice % 5),
		choice < 128, true, &sent_probe, &packet};

	run->sent++;
	if (event.answer == RESPONSE_NONE)
		return true;
	if (event.answer == RESPONSE_ARRIVED &&
		sent_probe.ip_bytes > run->arrived)
		run->arrived = sent_probe.ip_bytes;
	return experiment->step(
		run->state, &run->context, &event, &run->tx_queue);
}

/* What a server may say to a packet on one of the experiment's own
 * connections: mostly as it should, in numbers. */
static bool hear_own(struct run *run, struct draw *from,
	const struct experiment *experiment, const struct probe_packet *probe)
{
	unsigned index = probe->source_port - (unsigned)OWN_PORT;

	if (probe->kind != PROBE_PACKET_TCP || index >= OWN)
		return true;
	struct connection *connection = &run->connections[index];
	uint32_t choice = draw(from, 1);
	bool is_opening = connection->state == CONNECTION_OPENING;
	struct packet packet = {
		.kind = PACKET_TCP,
		.protocol = PROTOCOL_TCP,
		.tcp_flags =
			(uint16_t)(choice & 1	? draw(from, 1)
				   : is_opening ? TCP_SYN | TCP_ACK
						: TCP_ACK | (choice & TCP_PSH)),
		.acknowledged = connection->send_next,
		.sequence = connection->receive_next +
			    (choice & 2 ? draw(from, 2) : 0),
		.options = OPTION_MSS | OPTION_SACK_PERMITTED,
		.mss = (uint16_t)(choice & 4 ? draw(from, 2) : 1460),
	};

	if (!is_opening && choice & 16) {
		packet.payload = from->bytes;
		packet.payload_bytes = packet.payload_captured =
			(uint32_t)(from->left < 1460 ? from->left : 1460);
		packet.ip_bytes =
			choice & 32 ? draw(from, 2) : packet.payload_bytes + 40;
	}
	struct event event = {.kind = EVENT_PACKET,
		.packet = &packet,
		.is_one_segment = choice & 64,
		.connection = connection};

	connection_receive(connection, &packet, &run->own);
	while (tx_queue_take(&run->own))
		;
	return experiment->step(
		run->state, &run->context, &event, &run->tx_queue);
}

/* Where time passes, an end in time can be seen. */
static void pass_time(struct run *run, const struct experiment *experiment)
{
	enum { ROUND_MS = 50, SSH_ROUND_MS = 1000 };

	if (experiment->id == EXPERIMENT_RESET)
		run->context.now_ns += ROUND_MS * INT64_C(1000000);
	if (experiment->id == EXPERIMENT_SSH ||
		experiment->id == EXPERIMENT_TLS)
		run->context.now_ns += SSH_ROUND_MS * INT64_C(1000000);
}

static void experiment_run(
	struct run *run, struct draw *from, const struct experiment *experiment)
{
	static const struct event silence = {.kind = EVENT_TIMEOUT};
	static const struct event alarm = {.kind = EVENT_TIMER};
	struct section_comment comment = {.family = run->context.family};
	bool goes_on;

	run->context.now_ns = 0;

	run->state = calloc(1, experiment->state_bytes);
	if (!run->state)
		abort();
	run->sent = 0;
	for (unsigned i = 0; i < OWN; i++)
		run->connections[i] = (struct connection){
			.own_port = (uint16_t)(OWN_PORT + i),
			.target_port = 2,
			.first_sequence = 1000 * i};
	run->context.shared = run->connections;
	run->context.shared_count = experiment->is_sharing ? SHARED : 0;
	run->context.own = run->connections + SHARED;
	run->context.own_count = experiment->connections < OWN - SHARED
					 ? experiment->connections
					 : OWN - SHARED;
	run->context.is_limited = draw(from, 1) & 1;
	run->context.may_open = draw(from, 1) % (OWN / 2);
	run->context.may_hold = 1 + draw(from, 1) % OWN;
	grant(run, experiment);
	goes_on = experiment->start(run->state, &run->context, &run->tx_queue);
	for (unsigned round = 0; goes_on; round++) {
		const struct probe_packet *probe;

		if (round > ROUNDS)
			abort();
		pass_time(run, experiment);
		while (goes_on &&
			(probe = tx_queue_take(&run->tx_queue)) != NULL) {
			struct probe_packet copy = *probe;

			goes_on = answer(run, from, experiment, &copy) &&
				  hear_own(run, from, experiment, &copy);
		}
		struct packet packet = random_packet(from, &comment);

		connection_receive(&run->connection, &packet, &run->own);
		connection_confirm(&run->connection, &run->own);
		for (unsigned i = 0; i < OWN; i++)
			if (connection_is_waiting(&run->connections[i]) ||
				connection_is_confirming(&run->connections[i]))
				connection_silence(
					&run->connections[i], &run->own);
		while (tx_queue_take(&run->own))
			;
		if (goes_on && run->tx_queue.timer_ms) {
			run->tx_queue.timer_ms = 0;
			goes_on = experiment->step(run->state, &run->context,
				&alarm, &run->tx_queue);
		}
		if (goes_on)
			goes_on = experiment->step(run->state, &run->context,
				&silence, &run->tx_queue);
	}
	while (tx_queue_take(&run->tx_queue))
		;
	keep(run, experiment);
	if (run->sent > experiment->most_packets ||
		run->forward.path_mtu > run->arrived)
		abort();
	free(run->state);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
	static const struct reset_trigger trigger = {
		.name = "ssh", .is_sent = true, .count = 4, .bytes = "SSH-"};
	struct draw from = {bytes, count};
	struct run *run = calloc(1, sizeof(*run));

	if (!run)
		abort();
	run->connection = (struct connection){
		.state = (enum connection_state)(
			draw(&from, 1) % (CONNECTION_CLOSED + 1)),
		.has_sack = true,
		.own_port = 1,
		.target_port = 2,
		.greeting = "SSH-",
		.has_greeting = count % 2};
	run->context = (struct probe_context){
		.connection = &run->connection,
		.family = draw(&from, 1) & 1 ? 4 : 6,
		.port = draw(&from, 1) & 1 ? 443 : 22,
		.interface_mtu = 68 + draw(&from, 2),
		.max_ttl = 1 + draw(&from, 1) % 63,
		.is_alone = draw(&from, 1) & 1,
		.trigger = &trigger,
		.ssh = &ssh,
		.tls = &tls,
	};
	for (int i = 0; i < EXPERIMENT_COUNT; i++)
		experiment_run(run, &from, registry_rows[i].experiment);
	judge(&(struct draw){bytes, count}, run->context.family);
	free(run);
	return 0;
}
