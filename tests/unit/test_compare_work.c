/* What compare does grows with the number of packets and no faster, whatever
 * they are. Work is counted, not time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/compare/culprit_side.h"

enum { NEAR, FAR, FILES, LEAST = 250, MOST = 4000, MICROSECOND = 1000 };

/* Two files of which the second is further from the client by one hop. */
struct scene {
	struct compare *compare;
	uint64_t frame;
};

static struct scene begin(void)
{
	struct scene scene = {compare_new(64 << 20, 1), 0};

	assert_non_null(scene.compare);
	return scene;
}

/* Both clocks agree. */
static void finish(struct scene *scene)
{
	struct clock_offset clocks[FILES_MOST];

	memset(clocks, 0, sizeof(clocks));
	for (unsigned i = 0; i < FILES; i++)
		clocks[i].is_known = true;
	assert_true(compare_finish(scene->compare, clocks));
}

/* From 192.0.2.1:40000 to 198.51.100.1:80, each at its own microsecond. */
static struct packet packet_of(struct scene *scene, uint32_t sequence,
	uint16_t flags, uint32_t payload_bytes)
{
	uint64_t frame = ++scene->frame;

	return (struct packet){
		.kind = PACKET_TCP,
		.family = 4,
		.frame = frame,
		.time_ns = (int64_t)frame * MICROSECOND,
		.source.bytes = {192, 0, 2, 1},
		.target.bytes = {198, 51, 100, 1},
		.source_port = 40000,
		.target_port = 80,
		.sequence = sequence,
		.acknowledged = flags & TCP_ACK ? 1 : 0,
		.tcp_flags = flags,
		.payload_bytes = payload_bytes,
		.ip_id = 7,
		.window = 1000,
		.ttl = 64,
	};
}

static void record(
	struct scene *scene, unsigned file, const struct packet *packet)
{
	struct packet seen = *packet;

	seen.ttl = file == FAR ? 63 : 64;
	compare_packet(scene->compare, file, &seen);
}

static void pass(struct scene *scene, struct packet packet)
{
	record(scene, NEAR, &packet);
	packet.frame = ++scene->frame;
	packet.time_ns += MICROSECOND;
	record(scene, FAR, &packet);
}

/* Rows that were looked at for the only connection's packets. */
static uint64_t rows_looked_at(const struct scene *scene)
{
	struct compare_ladder ladder;
	uint64_t looked;

	assert_int_equal(scene->compare->connections, 1);
	assert_int_equal(scene->compare->shared, 1);
	assert_true(compare_ladder_make(&ladder, scene->compare, 0));
	looked = ladder.rows[0].looked + ladder.rows[1].looked;
	compare_ladder_release(&ladder);
	return looked;
}

static void equal_packets_are_paired_in_steps_by_their_number(void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();

		for (uint32_t i = 0; i < count; i++)
			pass(&scene, packet_of(&scene, 101, TCP_ACK, 0));
		finish(&scene);
		assert_in_range(rows_looked_at(&scene), count, 8 * count);
		compare_free(scene.compare);
	}
}

/* Numbers, of packets with so many bytes, whose hash ends with 15 zeros if it
 * has no seed: two products, and the upper bits folded into the lower ones. */
static uint32_t sequence_in_one_bucket(uint32_t number, uint32_t payload_bytes)
{
	uint32_t key = number << 16;

	key ^= key >> 15; /* undoes key ^ key >> 15 */
	key ^= key >> 30;
	key = key * 0xa5cb9243u ^ payload_bytes; /* 0x85ebca6b */
	return key * 0xe8b2f51u;		 /* 0x9e3779b1 */
}

static void chosen_numbers_are_paired_in_steps_by_their_number(void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();

		for (uint32_t i = 0; i < count; i++)
			pass(&scene, packet_of(&scene,
					     sequence_in_one_bucket(i, 100),
					     TCP_ACK, 100));
		finish(&scene);
		assert_in_range(rows_looked_at(&scene), count, 12 * count);
		compare_free(scene.compare);
	}
}

/* Rows that were gone through to tell whether the next lane recorded when it
 * lacks a packet on its way to the server. */
static uint64_t rows_gone_through(const struct scene *scene)
{
	struct compare_ladder ladder;
	struct judging judging = {
		.set = &scene->compare->set,
		.group = &scene->compare->set.groups[0],
		.rows = &ladder.rows[1],
		.back = &ladder.rows[0],
	};

	assert_int_equal(scene->compare->connections, 1);
	assert_true(compare_ladder_make(&ladder, scene->compare, 0));
	judging_begin(&judging);
	for (uint32_t i = 0; i < ladder.rows[1].count; i++) {
		const struct packet_row *row = &ladder.rows[1].rows[i];
		struct outcome outcome;

		memset(&outcome, 0, sizeof(outcome));
		if (!row->at[FAR])
			outcome_of_lost(&judging, row, NEAR, &outcome);
		else if (!row->at[NEAR])
			outcome_of_entered(&judging, row, FAR, &outcome);
	}
	judging_end(&judging);
	compare_ladder_release(&ladder);
	return judging.steps;
}

static void a_recorder_that_stopped_is_judged_in_steps_by_the_packets(
	void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();

		pass(&scene, packet_of(&scene, 100, TCP_SYN, 0));
		for (uint32_t i = 0; i < count; i++) {
			struct packet packet =
				packet_of(&scene, 101 + 100 * i, TCP_ACK, 100);

			record(&scene, NEAR, &packet);
		}
		finish(&scene);
		assert_int_equal(
			scene.compare->spans[0].count[OUTCOME_NOT_JUDGED],
			count);
		assert_in_range(rows_gone_through(&scene), count, 2 * count);
		compare_free(scene.compare);
	}
}

/* A name that is used again and again, each time with other numbers. */
static struct packet syn_of(struct scene *scene, uint32_t number)
{
	return packet_of(scene, number * 100000, TCP_SYN, 0);
}

static void a_name_used_again_is_looked_up_in_steps_by_its_uses(void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();

		for (uint32_t i = 0; i < 2 * count; i++) {
			struct packet syn = syn_of(&scene, i + 1);

			record(&scene, i % 2 ? FAR : NEAR, &syn);
		}
		finish(&scene);
		assert_int_equal(scene.compare->connections, 2 * count);
		assert_in_range(scene.compare->set.looked, 0, 2 * count);
		compare_free(scene.compare);
	}
}

static void a_name_is_followed_in_steps_by_the_packets_of_its_lane(void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();

		for (uint32_t i = 0; i < count; i++) {
			struct packet data =
				packet_of(&scene, 100 * i, TCP_ACK, 100);
			struct packet syn = syn_of(&scene, i + 1);

			record(&scene, FAR, &data);
			record(&scene, NEAR, &syn);
		}
		assert_int_equal(scene.compare->table.track_count, count + 1);
		assert_in_range(scene.compare->table.looked, count, 4 * count);
		compare_free(scene.compare);
	}
}

/* Packets with data, each with numbers of its own. */
static struct packet data_of(
	struct scene *scene, uint32_t number, uint16_t source_port)
{
	struct packet packet =
		packet_of(scene, 101 + 100 * number, TCP_ACK, 100);

	packet.source_port = source_port;
	return packet;
}

static void a_name_for_every_packet_is_joined_in_steps_by_the_names(
	void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();

		for (uint32_t i = 0; i < count; i++) {
			struct packet packet =
				data_of(&scene, i, (uint16_t)(10000 + i));

			record(&scene, NEAR, &packet);
			packet.frame = ++scene.frame;
			packet.source_port = 40000;
			record(&scene, FAR, &packet);
		}
		finish(&scene);
		assert_int_equal(scene.compare->connections, 1);
		assert_in_range(scene.compare->set.looked, count, 8 * count);
		compare_free(scene.compare);
	}
}

/* Each has a packet of the one before it, in the other file. */
static void connections_in_a_chain_are_joined_in_steps_by_their_number(
	void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();

		for (uint32_t i = 0; i < count; i++)
			for (uint32_t j = 0; j < 2; j++) {
				struct packet packet = data_of(
					&scene, i + j, (uint16_t)(10000 + i));

				record(&scene, i % 2 ? FAR : NEAR, &packet);
			}
		finish(&scene);
		assert_int_equal(scene.compare->connections, 1);
		assert_in_range(scene.compare->set.looked, count, 8 * count);
		compare_free(scene.compare);
	}
}

/* The server resets each name of a connection that has one for every packet. */
static void reset_name(struct scene *scene, uint32_t number)
{
	struct packet data = data_of(scene, number, (uint16_t)(10000 + number));
	struct packet reset = data_of(scene, number, 80);

	record(scene, NEAR, &data);
	data.source_port = 40000;
	data.frame = ++scene->frame;
	record(scene, FAR, &data);
	reset.source = data.target;
	reset.target = data.source;
	reset.target_port = 40000;
	reset.tcp_flags = TCP_RST | TCP_ACK;
	reset.payload_bytes = 0;
	record(scene, FAR, &reset);
	reset.target_port = (uint16_t)(10000 + number);
	reset.frame = ++scene->frame;
	record(scene, NEAR, &reset);
}

static void the_side_of_each_reset_is_found_in_a_few_steps(void **state)
{
	(void)state;
	for (uint32_t count = LEAST; count <= MOST; count *= 2) {
		struct scene scene = begin();
		uint32_t found = 0;
		uint64_t looked = 0;

		for (uint32_t i = 0; i < count; i++)
			reset_name(&scene, i);
		finish(&scene);
		assert_int_equal(scene.compare->outcome_count, count);
		for (uint64_t frame = 1; frame <= scene.frame; frame++) {
			struct culprit_side side;

			if (!culprit_side_of(scene.compare, frame, &side))
				continue;
			looked += side.looked;
			found++;
		}
		assert_int_equal(found, 2 * count); /* a frame in each file */
		assert_in_range(looked, found, 8 * found);
		compare_free(scene.compare);
	}
}

static void a_connection_has_the_name_of_the_lane_nearest_to_the_client(
	void **state)
{
	struct scene scene = begin();
	const struct path_conn *group;

	(void)state;
	for (uint32_t i = 0; i < LEAST; i++)
		reset_name(&scene, i);
	finish(&scene);
	group = &scene.compare->set.groups[0];
	while (group->track == UINT32_MAX)
		group++;
	assert_int_equal(
		conn_set_track(&scene.compare->set, group->named)->lane,
		group->lanes[0]);
	compare_free(scene.compare);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			equal_packets_are_paired_in_steps_by_their_number),
		cmocka_unit_test(
			chosen_numbers_are_paired_in_steps_by_their_number),
		cmocka_unit_test(
			a_recorder_that_stopped_is_judged_in_steps_by_the_packets),
		cmocka_unit_test(
			a_name_used_again_is_looked_up_in_steps_by_its_uses),
		cmocka_unit_test(
			a_name_is_followed_in_steps_by_the_packets_of_its_lane),
		cmocka_unit_test(
			a_name_for_every_packet_is_joined_in_steps_by_the_names),
		cmocka_unit_test(
			connections_in_a_chain_are_joined_in_steps_by_their_number),
		cmocka_unit_test(
			the_side_of_each_reset_is_found_in_a_few_steps),
		cmocka_unit_test(
			a_connection_has_the_name_of_the_lane_nearest_to_the_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
