#include "report/page/page_flows.h"

#include <stdlib.h>

#include "report/page/page_flow.h"

enum { PORT_BITS = 4096 };

struct page_flows {
	struct page_examples examples;
	const struct report_source *source;
	/* Whether any of them has this pair of ports: most packets of a large
	 * capture need no more than that. */
	uint8_t ports[PORT_BITS];
	struct flow_packets packets[];
};

static uint8_t *port_mark(struct page_flows *flows, uint16_t a, uint16_t b)
{
	return &flows->ports[(uint16_t)(a ^ b) % PORT_BITS];
}

struct page_flows *page_flows_new(const struct page_examples *examples,
	const struct report_source *source)
{
	struct page_flows *flows = calloc(1,
		sizeof(*flows) + examples->count * sizeof(flows->packets[0]));

	if (!flows)
		return NULL;
	flows->examples = *examples;
	flows->source = source;
	for (unsigned i = 0; i < examples->count; i++) {
		const struct page_example *one = &examples->entries[i];

		flow_follower_begin(&flows->packets[i].follower, &one->flow,
			one->began_ns, one->frame);
		*port_mark(flows, one->flow.client.port,
			one->flow.server.port) = 1;
	}
	return flows;
}

void page_flows_free(struct page_flows *flows)
{
	free(flows);
}

static bool may_be_one(struct page_flows *flows, const struct packet *packet)
{
	switch (packet->kind) {
	case PACKET_TCP:
		return *port_mark(
			flows, packet->source_port, packet->target_port);
	case PACKET_ICMP:
		return packet->quoted.has_ports &&
		       *port_mark(flows, packet->quoted.source_port,
			       packet->quoted.target_port);
	default:
		return false;
	}
}

/* Of several capture points one is drawn: the incident's. */
static bool is_of_place(const struct page_flows *flows,
	const struct page_example *example, const struct packet *packet)
{
	const struct report_source *source = flows->source;

	return source->place_count == 0 ||
	       source->place(source->context, packet->frame) ==
		       source->place(source->context, example->frame);
}

void page_flows_take(struct page_flows *flows, const struct packet *packet)
{
	if (!may_be_one(flows, packet))
		return;
	for (unsigned i = 0; i < flows->examples.count; i++) {
		struct flow_packets *packets = &flows->packets[i];
		enum speaker speaker = SPEAKER_NOBODY;

		if (is_of_place(flows, &flows->examples.entries[i], packet))
			speaker =
				flow_follower_take(&packets->follower, packet);
		if (speaker != SPEAKER_NOBODY)
			flow_packets_keep(packets, packet, speaker);
	}
}

static void write_one(const struct flow_packets *packets,
	const struct page_example *example, struct report_page *page,
	const struct report_source *source)
{
	const struct flow_packet *list[FLOW_PACKETS_MAX];
	unsigned count = flow_packets_list(packets, list);
	struct incident incident;
	struct page_flow flow;
	uint64_t next = 0;

	source->incident(source->context, example->index, &incident);
	page_flow_begin(
		&flow, page, source, &incident, &example->flow, example->index);
	for (unsigned i = 0; i < count; i++) {
		page_flow_packet(&flow, &list[i]->packet, list[i]->speaker,
			list[i]->ordinal - next);
		next = list[i]->ordinal + 1;
	}
	page_flow_end(&flow, packets->total);
}

void page_flows_write(const struct page_flows *flows, struct report_page *page)
{
	for (unsigned i = 0; i < flows->examples.count; i++)
		if (flows->packets[i].total > 0)
			write_one(&flows->packets[i],
				&flows->examples.entries[i], page,
				flows->source);
}
