/* Plain packets: what is read of them is what packet_decode reads, whatever is
 * cut or turned over in them, and their short way leaves the flows as the whole
 * way leaves them: on random conversations (SEED) of both families, with
 * losses, copies and resets, and on the committed captures. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/analysis_state.h"
#include "analysis/observe/observe_plain.h"
#include "capture/decode/packet_decode.h"
#include "tests/support/open_recording.h"
#include "tests/support/packet_encode.h"
#include "tests/support/sim_talk.h"

enum {
	TALKS = 40,
	ROUNDS = 60,
	START_SPREAD_S = 100,
	FRAME_BYTES = 1 << 17,
	GROUP = 150, /* frames that are handed over together at most */
	VLAN_BYTES = 4,
	STATIONS_BYTES = 12,
};

struct stored {
	uint8_t bytes[FRAME_BYTES];
};

static struct stored stored[GROUP];
static struct frame frames[GROUP];
static struct packet packets[GROUP];
static uint64_t plain, plain_6, tcp;
static unsigned files;

static void set_frame(struct frame *frame, const struct packet *packet,
	uint8_t *bytes, bool has_vlan)
{
	static const uint8_t tag[VLAN_BYTES] = {0x81, 0, 0, 100};
	size_t length = packet_encode(
		packet, LINKTYPE_ETHERNET, bytes, FRAME_BYTES - VLAN_BYTES);

	assert_true(length > 0);
	if (has_vlan) {
		memmove(bytes + STATIONS_BYTES + VLAN_BYTES,
			bytes + STATIONS_BYTES, length - STATIONS_BYTES);
		memcpy(bytes + STATIONS_BYTES, tag, sizeof(tag));
		length += VLAN_BYTES;
	}
	*frame = (struct frame){
		.time_ns = packet->time_ns,
		.number = packet->frame,
		.bytes = bytes,
		.captured_bytes = (uint32_t)length,
		.original_bytes = (uint32_t)length,
		.linktype = LINKTYPE_ETHERNET,
	};
}

static void same_name(
	const struct plain_name *name, const struct packet *packet)
{
	size_t bytes = name->family == 4 ? 4 : 16;
	struct flow_key one, other;

	assert_int_equal(packet->kind, PACKET_TCP);
	assert_int_equal(name->family, packet->family);
	assert_memory_equal(name->addresses, packet->source.bytes, bytes);
	assert_memory_equal(
		name->addresses + bytes, packet->target.bytes, bytes);
	assert_int_equal(name->source_port, packet->source_port);
	assert_int_equal(name->target_port, packet->target_port);
	flow_key_of(packet, 7, &one);
	flow_key_of_plain(name, 7, &other);
	assert_int_equal(one.hash, other.hash);
	assert_int_equal(one.side, other.side);
	assert_memory_equal(one.identity, other.identity, sizeof(one.identity));
}

static void same_fields(
	const struct plain_packet *one, const struct packet *packet)
{
	assert_int_equal(packet->quirks, 0);
	assert_int_equal(packet->context, 0);
	assert_int_equal(packet->device, 0);
	assert_int_equal(packet->sack_count, 0);
	assert_int_equal(one->time_ns, packet->time_ns);
	assert_int_equal(one->frame, packet->frame);
	assert_int_equal(one->family, packet->family);
	assert_int_equal(one->sequence, packet->sequence);
	assert_int_equal(one->acknowledged, packet->acknowledged);
	assert_int_equal(one->payload_bytes, packet->payload_bytes);
	assert_int_equal(one->payload_captured, packet->payload_captured);
	assert_ptr_equal(one->payload, packet->payload);
	assert_int_equal(one->ip_bytes, packet->ip_bytes);
	assert_int_equal(one->window, packet->window);
	assert_int_equal(one->ip_id, packet->ip_id);
	assert_int_equal(one->ttl, packet->ttl);
	assert_int_equal(one->tos, packet->tos);
	assert_int_equal(one->tcp_flags, packet->tcp_flags);
	assert_int_equal(one->is_df, packet->is_df);
	assert_int_equal(
		one->has_timestamp ? OPTION_TIMESTAMP : 0, packet->options);
}

static unsigned offset_of(
	const struct frame *frame, const struct plain_name *name)
{
	return (unsigned)(name->network.at - frame->bytes);
}

/* Reads it both ways; true when it is plain. */
static bool compare(const struct frame *frame)
{
	struct plain_packet short_way;
	struct plain_name name;
	struct packet packet;

	if (!plain_name_of(frame, &name))
		return false;
	packet_decode(frame, &packet);
	same_name(&name, &packet);
	if (!plain_packet_of(frame, offset_of(frame, &name), name.family,
		    &short_way))
		return false;
	same_fields(&short_way, &packet);
	return true;
}

static struct packet sample(uint8_t family, bool has_timestamp, uint32_t bytes)
{
	struct packet packet = {
		.time_ns = 1700000000000000000,
		.frame = 9,
		.kind = PACKET_TCP,
		.family = family,
		.protocol = PROTOCOL_TCP,
		.ttl = 57,
		.tos = 8,
		.ip_id = family == 4 ? 4711 : 0,
		.is_df = family == 4,
		.source_port = 40000,
		.target_port = 443,
		.tcp_flags = TCP_ACK | (bytes ? TCP_PSH : 0),
		.sequence = 0x12345678,
		.acknowledged = 0x9abcdef0,
		.window = 501,
		.payload_bytes = bytes,
		.source = {{10, 0, 0, 1}},
		.target = {{192, 0, 2, 7}},
	};

	if (has_timestamp) {
		packet.options = OPTION_TIMESTAMP;
		packet.timestamp_value = 77;
		packet.timestamp_echo = 88;
	}
	return packet;
}

static void try_cuts(struct frame frame, uint8_t *bytes, uint32_t length)
{
	struct frame whole = frame;
	uint8_t *copy;

	for (uint32_t cut = 0; cut <= length; cut++) {
		/* exact in size: a sanitizer sees what is read beyond */
		copy = malloc(cut ? cut : 1);
		assert_non_null(copy);
		memcpy(copy, bytes, cut);
		frame.bytes = copy;
		frame.captured_bytes = cut;
		frame.original_bytes = whole.original_bytes;
		(void)compare(&frame);
		frame.original_bytes = cut; /* the wire had no more */
		(void)compare(&frame);
		free(copy);
	}
}

static void plain_packets_are_read_as_they_are_decoded(void **state)
{
	static const uint32_t sizes[] = {0, 1, 15, 16, 100};
	uint8_t bytes[FRAME_BYTES];
	struct frame frame;

	(void)state;
	for (unsigned i = 0; i < 2 * 2 * 2 * 5; i++) {
		struct packet packet =
			sample(i & 1 ? 6 : 4, i & 2, sizes[i / 8]);

		set_frame(&frame, &packet, bytes, i & 4);
		assert_true(compare(&frame));
		try_cuts(frame, bytes, frame.captured_bytes);
		for (uint32_t bit = 0; bit < frame.captured_bytes * 8; bit++) {
			bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
			(void)compare(&frame);
			bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
		}
	}
}

static void what_is_not_plain_is_decoded(void **state)
{
	static const uint16_t flags[] = {TCP_SYN, TCP_SYN | TCP_ACK, TCP_RST,
		TCP_RST | TCP_ACK, TCP_FIN | TCP_ACK, TCP_ACK | TCP_URG,
		TCP_ACK | TCP_ECE, TCP_ACK | TCP_CWR, TCP_ACK | TCP_NS, TCP_PSH,
		0};
	uint8_t bytes[FRAME_BYTES];
	struct packet packet;
	struct frame frame;

	(void)state;
	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		packet = sample(4, true, 0);
		packet.tcp_flags = flags[i];
		set_frame(&frame, &packet, bytes, false);
		assert_false(compare(&frame));
	}
	packet = sample(4, true, 0);
	packet.source_port = 0;
	set_frame(&frame, &packet, bytes, false);
	assert_false(compare(&frame));
	packet = sample(4, false, 0);
	packet.options = OPTION_SACK;
	packet.sack_count = 1;
	packet.sack[0] = (struct sack_block){1, 2};
	set_frame(&frame, &packet, bytes, false);
	assert_false(compare(&frame));
}

/* Both analyses have the same flows, each field of them, and the same
 * evidence. */
static void same_flows(struct analysis *one, struct analysis *other)
{
	const struct flow_table *table = &one->observer.flows;

	assert_int_equal(table->slots_used, other->observer.flows.slots_used);
	for (uint32_t i = 0; i < table->slots_used; i++) {
		const struct flow *flow = flow_table_slot(table, i);
		const struct flow *twin =
			flow_table_slot(&other->observer.flows, i);

		assert_memory_equal(flow, twin, sizeof(*flow));
	}
	assert_memory_equal(&one->totals, &other->totals, sizeof(one->totals));
	assert_int_equal(one->now_ns, other->now_ns);
	assert_int_equal(one->frame, other->frame);
	assert_int_equal(one->observer.duplicates, other->observer.duplicates);
	assert_int_equal(one->case_count, other->case_count);
}

/* Whether the short way would take it, for the count. */
static void count_plain(struct analysis *analysis, const struct frame *frame)
{
	struct plain_packet packet;
	struct plain_name name;
	struct flow_key key;
	const struct flow *flow;

	if (!plain_name_of(frame, &name))
		return;
	tcp++;
	flow_key_of_plain(&name, analysis->observer.flows.seed, &key);
	flow = flow_table_find(&analysis->observer.flows, &key);
	if (flow &&
		plain_packet_of(frame, offset_of(frame, &name), name.family,
			&packet) &&
		observe_is_plain(
			&analysis->observer, flow, key.side, &packet)) {
		plain++;
		plain_6 += packet.family == 6;
	}
}

struct scene {
	struct sim_place place;
	struct sim_talk talks[TALKS];
	struct packet next[TALKS];
	bool has_next[TALKS];
	struct analysis *analysis[2]; /* with the short way, and without */
	uint64_t number;
};

static void begin(struct scene *scene, uint64_t seed)
{
	struct sim_random random = {seed};
	struct failure failure;

	memset(scene, 0, sizeof(*scene));
	scene->place.seed = seed;
	for (unsigned i = 0; i < 2; i++) {
		const struct analysis_options options = {
			.seed = 1, .is_without_plain = i};

		scene->analysis[i] = analysis_new(&options, &failure);
		assert_non_null(scene->analysis[i]);
	}
	for (unsigned i = 0; i < TALKS; i++) {
		sim_talk_begin(&scene->talks[i], &scene->place, i,
			1700000000 * SECOND_NS +
				sim_random_in(&random, 0,
					START_SPREAD_S * SECOND_NS));
		scene->has_next[i] =
			sim_talk_next(&scene->talks[i], &scene->next[i]);
	}
}

static bool next_frame(struct scene *scene, unsigned at)
{
	unsigned first = TALKS;

	for (unsigned i = 0; i < TALKS; i++)
		if (scene->has_next[i] &&
			(first == TALKS || scene->next[i].time_ns <
						   scene->next[first].time_ns))
			first = i;
	if (first == TALKS)
		return false;
	scene->next[first].frame = ++scene->number;
	set_frame(&frames[at], &scene->next[first], stored[at].bytes,
		scene->number % 7 == 0);
	/* seen on two interfaces, now and then */
	frames[at].interface = scene->number % 11 == 0;
	scene->has_next[first] =
		sim_talk_next(&scene->talks[first], &scene->next[first]);
	return true;
}

static void play(struct scene *scene, struct sim_random *random)
{
	bool has_more = true;

	while (has_more) {
		bool is_alone = sim_random_is(random, 900);
		unsigned group =
			is_alone ? 1
				 : (unsigned)sim_random_in(random, 1, GROUP);
		unsigned count = 0;

		while (count < group && (has_more = next_frame(scene, count)))
			count++;
		if (count && is_alone)
			count_plain(scene->analysis[1], &frames[0]);
		for (unsigned i = 0; i < 2; i++)
			analysis_frames(
				scene->analysis[i], frames, packets, count);
		same_flows(scene->analysis[0], scene->analysis[1]);
	}
}

static void the_short_way_changes_what_the_whole_way_changes(void **state)
{
	static struct scene scene;
	const char *seed = getenv("SEED");
	uint64_t first = seed ? strtoull(seed, NULL, 10) : 1;
	struct sim_random random = {first};

	(void)state;
	for (uint64_t i = 0; i < ROUNDS; i++) {
		begin(&scene, first + i);
		play(&scene, &random);
		for (unsigned j = 0; j < 2; j++)
			analysis_free(scene.analysis[j]);
	}
	print_message("# %llu of %llu are plain, %llu of them IPv6\n",
		(unsigned long long)plain, (unsigned long long)tcp,
		(unsigned long long)plain_6);
	/* or there was nothing to compare */
	assert_true(plain > tcp / 4);
	assert_true(plain_6 > plain / 20);
}

/* One file, in batches as they are read. */
static void compare_file(const char *path)
{
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	struct analysis *analysis[2];
	struct failure failure;
	struct recording *recording = open_and_begin(&path, 1, &failure);
	enum reading reading = READING_MORE;

	assert_non_null(batch);
	for (unsigned i = 0; i < 2; i++) {
		const struct analysis_options options = {
			.seed = 1, .is_without_plain = i};

		analysis[i] = analysis_new(&options, &failure);
		assert_non_null(analysis[i]);
	}
	while (recording && reading != READING_END) {
		reading = recording_read(recording, batch, &failure);
		for (uint32_t i = 0; i < batch->count; i++)
			(void)compare(&batch->frames[i]);
		for (unsigned i = 0; i < 2; i++)
			analysis_frames(
				analysis[i], batch->frames, batch->packets,
				batch->count);
		same_flows(analysis[0], analysis[1]);
	}
	files += recording != NULL;
	recording_close(recording);
	for (unsigned i = 0; i < 2; i++)
		analysis_free(analysis[i]);
	batch_free(batch);
}

static int note_path(
	const char *path, const struct stat *state, int type, struct FTW *place)
{
	(void)state;
	(void)place;
	if (type == FTW_F && strstr(path, "pcap"))
		compare_file(path);
	return 0;
}

static void both_ways_agree_on_every_committed_capture(void **state)
{
	enum { FOLDERS_OPEN = 16 };

	(void)state;
	assert_int_equal(
		nftw("tests/captures", note_path, FOLDERS_OPEN, FTW_PHYS), 0);
	assert_true(files > 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_packets_are_read_as_they_are_decoded),
		cmocka_unit_test(what_is_not_plain_is_decoded),
		cmocka_unit_test(
			the_short_way_changes_what_the_whole_way_changes),
		cmocka_unit_test(both_ways_agree_on_every_committed_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
