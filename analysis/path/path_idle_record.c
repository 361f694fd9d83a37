#include "analysis/path/path_idle_record.h"

#include <string.h>

#include "analysis/path/path_record.h"
#include "capture/icmp_kind.h"
#include "probe/protocol/hop_distance.h"
#include "probe/protocol/idle_rules.h"

/* The latest of that port: a port may be used again. */
static struct idle_flow *flow_of(struct path_idle *idle, uint16_t port)
{
	for (unsigned i = idle->flow_count; i-- > 0;)
		if (idle->flows[i].port == port)
			return &idle->flows[i];
	return NULL;
}

static void open_flow(struct path_idle *idle, const struct packet *packet)
{
	struct idle_flow *flow = flow_of(idle, packet->source_port);

	if (flow && flow->next == packet->sequence + 1)
		return; /* the SYN was retransmitted */
	if (idle->flow_count == IDLE_FLOWS) {
		idle->is_cut = true;
		return;
	}
	idle->flows[idle->flow_count++] = (struct idle_flow){
		.port = packet->source_port,
		.next = packet->sequence + 1,
		.test = -1,
		.opened_ns = INT64_MIN,
		.last_ns = INT64_MIN,
	};
}

static struct idle_test *add_test(struct path_idle *idle,
	struct idle_flow *flow, const struct packet *packet)
{
	if (idle->test_count == IDLE_TESTS) {
		idle->is_cut = true;
		return NULL;
	}
	flow->test = (int)idle->test_count++;
	struct idle_test *test = &idle->tests[flow->test];

	*test = (struct idle_test){
		.flow = (uint8_t)(flow - idle->flows),
		.is_confirmed = flow->is_confirmed,
		.hop_limit = flow->hop_limit,
		.idle_ns =
			path_record_elapsed_ns(flow->last_ns, packet->time_ns),
		.age_ns = path_record_elapsed_ns(
			flow->opened_ns, packet->time_ns),
		.asked_ns = packet->time_ns,
		.asked_frame = packet->frame,
	};
	return test;
}

static void take_question(struct path_idle *idle, struct idle_flow *flow,
	const struct packet *packet)
{
	if (packet->ttl < HOP_LIMIT_WHOLE_WAY) {
		if (packet->ttl > flow->hop_limit)
			flow->hop_limit = packet->ttl;
		return;
	}
	if (idle_is_first_question(packet)) {
		/* An earlier one without an answer may have got far. */
		if (flow->test >= 0)
			flow->last_ns = idle->tests[flow->test].last_asked_ns;
		flow->test = -1;
		(void)add_test(idle, flow, packet); /* is_cut tells */
	}
	if (flow->test < 0) {
		flow->last_ns = packet->time_ns; /* answered already */
		return;
	}
	struct idle_test *test = &idle->tests[flow->test];

	test->tries++;
	if (test->tries == 2)
		test->again_ns = packet->time_ns;
	test->last_asked_ns = packet->time_ns;
}

void path_idle_sent(struct path_idle *idle, const struct packet *packet)
{
	struct idle_flow *flow;

	if (packet->tcp_flags & TCP_SYN) {
		open_flow(idle, packet);
		return;
	}
	flow = flow_of(idle, packet->source_port);
	if (!flow || flow->is_over || flow->has_closed)
		return;
	if (packet->tcp_flags & TCP_FIN)
		flow->has_closed = true;
	else if (idle_is_question(packet, flow->next))
		take_question(idle, flow, packet);
	else if (packet->payload_bytes)
		flow->has_spoken = true;
	else if (flow->test < 0)
		flow->last_ns = packet->time_ns;
}

static void close_flow(struct idle_flow *flow, const struct packet *packet)
{
	flow->is_over = true;
	flow->closed_frame = packet->frame;
	flow->closed_age_ns =
		path_record_elapsed_ns(flow->opened_ns, packet->time_ns);
}

static void take_reset(struct path_idle *idle, struct idle_flow *flow,
	const struct packet *packet)
{
	struct idle_test *test;

	/* Only the exact number counts (RFC 5961, 3.2). */
	if (!flow->is_open || packet->sequence != flow->server_next)
		return;
	bool is_unasked = flow->test < 0;

	flow->is_over = true;
	if (flow->has_closed)
		return; /* it answers our FIN */
	test = is_unasked ? add_test(idle, flow, packet)
			  : &idle->tests[flow->test];
	if (!test)
		return;
	test->outcome = IDLE_RESET;
	test->is_unasked = is_unasked;
	test->answer_ttl = packet->ttl;
	test->answer_frame = packet->frame;
	test->answered_ns = packet->time_ns;
	/* The server's own reset is its way to close. */
	if (is_unasked && path_idle_is_servers(idle, test))
		close_flow(flow, packet);
}

static void note_ttl(struct path_idle *idle, uint8_t ttl)
{
	if (idle->least_ttl == 0 || ttl < idle->least_ttl)
		idle->least_ttl = ttl;
	if (ttl > idle->most_ttl)
		idle->most_ttl = ttl;
}

static void take_answer(struct path_idle *idle, struct idle_flow *flow,
	const struct packet *packet)
{
	if (flow->test >= 0) {
		struct idle_test *test = &idle->tests[flow->test];

		test->outcome = IDLE_ANSWERED;
		test->answer_frame = packet->frame;
		test->answered_ns = packet->time_ns;
		flow->is_confirmed = true;
		flow->test = -1;
	}
	flow->hop_limit = 0;
	flow->last_ns = packet->time_ns;
}

/* A NAT that has forgotten a connection may give it a port under which the
 * server knows another: the answer has that one's numbers, and shows only what
 * became of the question. */
static bool is_of_another(
	const struct idle_flow *flow, const struct packet *packet)
{
	uint32_t beyond = packet->acknowledged - flow->next;

	return !flow->has_spoken && beyond > (uint32_t)flow->has_closed;
}

static void take_other_answer(struct path_idle *idle,
	const struct idle_flow *flow, const struct packet *packet)
{
	if (flow->test >= 0 && !idle->tests[flow->test].other_frame)
		idle->tests[flow->test].other_frame = packet->frame;
}

static void take_segment(struct path_idle *idle, struct idle_flow *flow,
	const struct packet *packet)
{
	uint32_t bytes = packet_sequence_length(packet);

	if (packet->tcp_flags & TCP_RST) {
		take_reset(idle, flow, packet);
		return;
	}
	note_ttl(idle, packet->ttl);
	if (packet->tcp_flags & TCP_SYN) {
		if (!flow->is_open)
			flow->opened_ns = packet->time_ns;
		flow->is_open = true;
		flow->server_next = packet->sequence + 1;
		flow->last_ns = packet->time_ns;
		return;
	}
	if (!flow->is_open)
		return;
	if (is_of_another(flow, packet)) {
		take_other_answer(idle, flow, packet);
		return;
	}
	if (bytes && packet->sequence == flow->server_next)
		flow->server_next += bytes;
	take_answer(idle, flow, packet);
	if (packet->tcp_flags & TCP_FIN && !flow->has_closed)
		close_flow(flow, packet);
}

static void take_error(struct path_idle *idle, const struct packet *packet)
{
	bool is_rejected =
		!icmp_kind_is_time_exceeded(
			packet->family, packet->icmp_type) &&
		!icmp_kind_is_advice(packet->family, packet->icmp_type);
	struct idle_flow *flow =
		packet->quoted.protocol == PROTOCOL_TCP &&
				packet->quoted.has_ports && is_rejected
			? flow_of(idle, packet->quoted.source_port)
			: NULL;

	if (!flow || flow->test < 0)
		return;
	struct idle_test *test = &idle->tests[flow->test];

	test->error_frame = packet->frame;
	test->error_from = packet->source;
	test->error_type = packet->icmp_type;
	test->error_code = packet->icmp_code;
}

void path_idle_heard(struct path_idle *idle, const struct address *target,
	const struct packet *packet)
{
	struct idle_flow *flow;

	if (packet->kind == PACKET_ICMP && packet->quoted.family) {
		take_error(idle, packet);
		return;
	}
	if (packet->kind != PACKET_TCP ||
		memcmp(&packet->source, target, sizeof(*target)) != 0)
		return;
	flow = flow_of(idle, packet->target_port);
	if (flow && !flow->is_over)
		take_segment(idle, flow, packet);
}

bool path_idle_is_tested(const struct path_idle *idle, uint16_t port)
{
	for (unsigned i = 0; i < idle->flow_count; i++)
		if (idle->flows[i].port == port && idle->flows[i].is_confirmed)
			return true;
	return false;
}

bool path_idle_is_servers(
	const struct path_idle *idle, const struct idle_test *test)
{
	return test->outcome == IDLE_RESET && idle->least_ttl > 0 &&
	       test->answer_ttl >= idle->least_ttl &&
	       test->answer_ttl <= idle->most_ttl;
}
