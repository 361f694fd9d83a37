#include "probe/protocol/probe_table.h"

#include <string.h>

#include "capture/address.h"

enum {
	VAIN_MOST = 1 << 24, /* comparisons: a tenth of a second */
	VAIN_ROWS = 32,
};

bool probe_table_is_probe(
	const struct probe_table *table, const struct packet *packet)
{
	return packet->family == table->family &&
	       address_is_same(&packet->source, &table->own) &&
	       address_is_same(&packet->target, &table->target);
}

static uint16_t *head_of(
	struct probe_index *index, enum probe_field field, uint32_t value)
{
	return &index->head[field]
			   [value * 0x9e3779b1u >> (32 - PROBE_INDEX_BITS)];
}

static void add_to_index(struct probe_index *index, uint32_t row,
	const uint32_t values[PROBE_FIELD_COUNT])
{
	for (unsigned i = 0; i < PROBE_FIELD_COUNT; i++) {
		uint16_t *head = head_of(index, (enum probe_field)i, values[i]);

		index->next[i][row] = *head;
		*head = (uint16_t)(row + 1);
	}
}

static bool is_same_syn(const struct sent_probe *earlier, const void *context)
{
	const struct sent_probe *syn = context;

	return earlier->protocol == PROTOCOL_TCP &&
	       earlier->tcp_flags & TCP_SYN &&
	       earlier->sequence == syn->sequence &&
	       earlier->source_port == syn->source_port &&
	       earlier->target_port == syn->target_port;
}

static bool is_repeated_syn(
	struct probe_table *table, const struct sent_probe *sent_probe)
{
	return sent_probe->protocol == PROTOCOL_TCP &&
	       sent_probe->tcp_flags & TCP_SYN &&
	       probe_table_find(table, PROBE_SEQUENCE, sent_probe->sequence,
		       is_same_syn, sent_probe) >= 0;
}

int probe_table_add(
	struct probe_table *table, const struct sent_probe *sent_probe)
{
	if (table->count == SENT_PROBES_MAX) {
		table->is_full = true;
		return -1;
	}
	table->sent_probe[table->count] = *sent_probe;
	table->sent_probe[table->count].is_repeated_syn =
		is_repeated_syn(table, sent_probe);
	add_to_index(&table->index, table->count,
		(const uint32_t[PROBE_FIELD_COUNT]){
			[PROBE_SEQUENCE] = sent_probe->sequence,
			[PROBE_END] = sent_probe->sequence +
				      sent_probe->payload_bytes,
			[PROBE_ACKNOWLEDGED] = sent_probe->acknowledged,
			[PROBE_IP_ID] = sent_probe->ip_id,
			[PROBE_IP_BYTES] = sent_probe->ip_bytes,
			[PROBE_TARGET_PORT] = sent_probe->target_port,
		});
	return (int)table->count++;
}

struct sent_probe sent_probe_of_packet(const struct packet *packet)
{
	bool is_echo = packet->kind == PACKET_ICMP &&
		       packet->icmp_type ==
			       (packet->family == 4 ? ICMP4_ECHO : ICMP6_ECHO);

	return (struct sent_probe){
		.time_ns = packet->time_ns,
		.frame = packet->frame,
		.ip_bytes = packet->ip_bytes,
		.sequence = packet->sequence,
		.acknowledged = packet->acknowledged,
		.payload_bytes = packet->payload_bytes,
		.ip_id = packet->ip_id,
		.source_port = is_echo ? packet->icmp_id : packet->source_port,
		.target_port =
			is_echo ? packet->icmp_sequence : packet->target_port,
		.tcp_flags = packet->tcp_flags,
		.protocol = packet->protocol,
		.ttl = packet->ttl,
		.tos = packet->tos,
		.is_df = packet->is_df,
		.is_fragment = packet->kind == PACKET_FRAGMENT ||
			       packet->is_first_fragment,
		.is_later = packet->kind == PACKET_FRAGMENT,
	};
}

bool sent_probe_is_alike(const struct sent_probe *a, const struct sent_probe *b)
{
	return a->protocol == b->protocol && a->ip_bytes == b->ip_bytes &&
	       a->ttl == b->ttl;
}

int probe_table_find(struct probe_table *table, enum probe_field field,
	uint32_t value,
	bool (*fits)(const struct sent_probe *sent_probe, const void *context),
	const void *context)
{
	const uint16_t *next = table->index.next[field];
	unsigned most = table->vain < VAIN_MOST ? SENT_PROBES_MAX : VAIN_ROWS;
	unsigned compared = 0;

	for (unsigned row = *head_of(&table->index, field, value);
		row && compared < most; row = next[row - 1], compared++)
		if (fits(&table->sent_probe[row - 1], context))
			return (int)row - 1;
	table->vain += compared;
	return -1;
}

bool probe_table_is_changed_port(
	const struct probe_table *table, uint16_t ours, uint16_t quoted)
{
	for (unsigned i = 0; i < table->port_count && i < CHANGED_PORTS; i++)
		if (table->ports[i].ours == ours &&
			table->ports[i].quoted == quoted)
			return true;
	return false;
}

void probe_table_note_port(
	struct probe_table *table, uint16_t ours, uint16_t quoted)
{
	if (!probe_table_is_changed_port(table, ours, quoted))
		table->ports[table->port_count++ % CHANGED_PORTS] =
			(struct changed_port){ours, quoted};
}
