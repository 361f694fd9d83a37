/* Groups of incidents: the same for any order of the verdicts and any cut, in
 * bounded memory; what has a group of its own, and who is named inside one. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/observe/evidence.h"
#include "analysis/verdict/group_split.h"
#include "capture/packet.h"

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u; /* Vigna's splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static struct address address_of(uint32_t number)
{
	return (struct address){
		.bytes = {(uint8_t)(number >> 24), (uint8_t)(number >> 16),
			(uint8_t)(number >> 8), (uint8_t)number}};
}

/* A server's abort, as certain as most. */
static struct group_verdict verdict_at(uint32_t server, uint32_t client)
{
	return (struct group_verdict){
		.key = {.mechanism = MECHANISM_ABORT,
			.sender = PARTY_SERVER,
			.culprit = PARTY_SERVER},
		.client = address_of(client),
		.server = address_of(server),
		.server_port = 443,
		.family = 4,
		.grade = GRADE_LIKELY,
		.ttl = 60,
		.time_ns = 1000,
		.frame = 7,
	};
}

static struct group_verdict random_verdict(uint64_t *random, uint32_t hosts)
{
	struct group_verdict verdict = verdict_at(
		0xc6120000u + (uint32_t)(next_random(random) % hosts) * 77,
		0x0a000000u + (uint32_t)(next_random(random) % hosts) * 99);
	unsigned key = (unsigned)(next_random(random) % 5);

	if (key == 1)
		verdict.key.culprit = verdict.key.sender = PARTY_CLIENT;
	if (key == 2)
		verdict.key.culprit = PARTY_MIDDLEBOX;
	if (key == 3)
		verdict.key = (struct group_key){MECHANISM_STATE_EXPIRED,
			PARTY_SERVER, PARTY_NAT_TIMEOUT, 6, {0}};
	verdict.server_port = (uint16_t)(next_random(random) % 40);
	verdict.grade = (uint8_t)(next_random(random) % GRADE_COUNT);
	verdict.family = next_random(random) % 2 ? 6 : 4;
	verdict.ttl = (uint8_t)(next_random(random) % 70);
	verdict.window = (uint16_t)(next_random(random) % 3);
	verdict.is_further = next_random(random) % 4 == 0;
	verdict.time_ns = (int64_t)(next_random(random) % 100000);
	verdict.frame = next_random(random) % 100000;
	return verdict;
}

static void assert_same_tables(
	const struct group_table *a, const struct group_table *b)
{
	assert_int_equal(a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct group_kind *one = &a->kinds[i];
		const struct group_kind *other = &b->kinds[i];

		assert_int_equal(group_key_compare(&one->key, &other->key), 0);
		assert_int_equal(one->level, other->level);
		assert_int_equal(one->count, other->count);
		for (uint32_t j = 0; j < one->count; j++) {
			assert_int_equal(
				group_cell_name_compare(&one->cells[j].name,
					&other->cells[j].name),
				0);
			assert_memory_equal(&one->cells[j].counts,
				&other->cells[j].counts,
				sizeof(one->cells[j].counts));
		}
	}
}

enum { VERDICTS = 6000, PIECES = 7 };

static void shuffle(struct group_verdict *verdicts, uint64_t *random)
{
	for (unsigned i = VERDICTS - 1; i > 0; i--) {
		unsigned j = (unsigned)(next_random(random) % (i + 1));
		struct group_verdict swapped = verdicts[i];

		verdicts[i] = verdicts[j];
		verdicts[j] = swapped;
	}
}

/* `hosts` of each end, a table of `most` cells: with few, all levels come. */
static void try_orders(uint32_t hosts, uint32_t most)
{
	static struct group_verdict verdicts[VERDICTS];
	struct group_table whole, merged, pieces[PIECES];
	uint64_t random = hosts * 1000 + most;

	group_table_init(&whole, most);
	group_table_init(&merged, most);
	for (unsigned i = 0; i < VERDICTS; i++) {
		verdicts[i] = random_verdict(&random, hosts);
		group_table_add(&whole, &verdicts[i]);
	}
	group_table_settle(&whole);
	shuffle(verdicts, &random);
	for (unsigned i = 0; i < PIECES; i++)
		group_table_init(&pieces[i], most);
	for (unsigned i = 0; i < VERDICTS; i++)
		group_table_add(
			&pieces[next_random(&random) % PIECES], &verdicts[i]);
	for (unsigned i = PIECES; i > 0; i--)
		group_table_merge(&merged, &pieces[i - 1]);
	assert_same_tables(&whole, &merged);
	for (unsigned i = 0; i < PIECES; i++)
		group_table_release(&pieces[i]);
	group_table_release(&whole);
	group_table_release(&merged);
}

static void order_and_cut_change_nothing(void **state)
{
	static const uint32_t hosts[] = {1, 3, 50, 3000, 1000000};

	(void)state;
	for (unsigned i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		for (uint32_t most = 16; most <= 65536; most *= 8)
			try_orders(hosts[i], most);
}

static uint32_t cells_held(const struct group_table *table)
{
	uint32_t cells = 0;

	for (uint32_t i = 0; i < table->count; i++)
		cells += table->kinds[i].capacity;
	return cells;
}

/* Hosts without end: the table stays within twice its bound, and sorting within
 * so many steps a verdict. */
static void a_flood_of_hosts_is_bounded_in_memory_and_work(void **state)
{
	enum { FLOOD = 300000, CELLS = 4096 };
	struct group_table table;
	uint64_t random = 1;

	(void)state;
	group_table_init(&table, CELLS);
	for (unsigned i = 0; i < FLOOD; i++) {
		struct group_verdict verdict = random_verdict(&random, 4000000);

		group_table_add(&table, &verdict);
		assert_true(cells_held(&table) <= 2 * CELLS);
	}
	group_table_settle(&table);
	assert_true(table.sorted <= 4 * (uint64_t)FLOOD);
	assert_false(table.has_no_memory);
	group_table_release(&table);
}

static void counts_are_exact_at_any_level(void **state)
{
	(void)state;
	for (uint32_t most = 16; most <= 65536; most *= 16) {
		struct group_table table;
		struct group_list list;
		uint64_t random = 3, incidents = 0, connections = 0, sum = 0;
		uint64_t counted = 0, grades = 0;

		group_table_init(&table, most);
		for (unsigned i = 0; i < VERDICTS; i++) {
			struct group_verdict verdict =
				random_verdict(&random, 5000);

			incidents++;
			connections += !verdict.is_further;
			group_table_add(&table, &verdict);
		}
		group_table_settle(&table);
		assert_true(group_list_make(&list, &table));
		for (uint32_t i = 0; i < list.count; i++) {
			sum += list.groups[i].counts.incidents;
			counted += list.groups[i].counts.connections;
			for (unsigned j = 0; j < GRADE_COUNT; j++)
				grades += list.groups[i].by_grade[j];
		}
		assert_int_equal(sum, incidents);
		assert_int_equal(grades, incidents);
		assert_int_equal(counted, connections);
		group_list_free(&list);
		group_table_release(&table);
	}
}

/* Every verdict is found in a group whose place it has. */
static void a_verdict_is_found_in_the_group_that_counts_it(void **state)
{
	(void)state;
	for (uint32_t most = 16; most <= 65536; most *= 16) {
		static uint64_t found[VERDICTS];
		struct group_table table;
		struct group_list list;
		uint64_t random = 5;

		group_table_init(&table, most);
		for (unsigned i = 0; i < VERDICTS; i++) {
			struct group_verdict verdict =
				random_verdict(&random, 30);

			group_table_add(&table, &verdict);
		}
		group_table_settle(&table);
		assert_true(group_list_make(&list, &table));
		memset(found, 0, sizeof(found));
		random = 5;
		for (unsigned i = 0; i < VERDICTS; i++) {
			struct group_verdict verdict =
				random_verdict(&random, 30);

			found[group_list_find(&list, &table, &verdict)]++;
		}
		for (uint32_t i = 0; i < list.count; i++)
			assert_int_equal(
				found[i], list.groups[i].counts.incidents);
		group_list_free(&list);
		group_table_release(&table);
	}
}

/* A table under construction. */
struct made {
	struct group_table table;
	struct group_list list;
};

static void add_many(
	struct made *made, const struct group_verdict *verdict, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		group_table_add(&made->table, verdict);
}

static void make(struct made *made)
{
	group_table_settle(&made->table);
	assert_true(group_list_make(&made->list, &made->table));
}

static void release(struct made *made)
{
	group_list_free(&made->list);
	group_table_release(&made->table);
}

/* `own` incidents at one server, one at each of `others`, no network above the
 * mean. */
static uint32_t groups_of(unsigned own, unsigned others)
{
	struct made made;
	struct group_verdict verdict = verdict_at(0x01000001, 1);
	uint32_t count;

	group_table_init(&made.table, 0);
	add_many(&made, &verdict, own);
	for (unsigned i = 0; i < others; i++) {
		verdict = verdict_at(0x02000000 + i * 256, 1);
		add_many(&made, &verdict, 1);
	}
	make(&made);
	count = made.list.count;
	release(&made);
	return count;
}

static void a_host_with_a_twentieth_has_a_group_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(groups_of(5, 95), 2);
	assert_int_equal(groups_of(5, 96), 1); /* 5 of 101 */
	assert_int_equal(groups_of(2, 10), 2);
	assert_int_equal(groups_of(1, 10), 1); /* one event */
	assert_int_equal(groups_of(1, 0), 1);
	assert_int_equal(groups_of(3, 0), 1);
}

/* `own` incidents in one network, two in each of `others`. */
static enum group_place place_of_network(unsigned own, unsigned others)
{
	struct made made;
	struct group_verdict verdict;
	enum group_place place;

	group_table_init(&made.table, 0);
	for (unsigned i = 0; i < own; i++) {
		verdict = verdict_at(0x01000000 + i, 1);
		add_many(&made, &verdict, 1);
	}
	for (unsigned i = 0; i < 2 * others; i++) {
		verdict = verdict_at(0x02000000 + i / 2 * 256 + i % 2, 1);
		add_many(&made, &verdict, 1);
	}
	make(&made);
	place = made.list.groups[0].place;
	assert_int_equal(made.list.count, place == GROUP_PLACE_NETWORK ? 2 : 1);
	release(&made);
	return place;
}

static void a_network_needs_much_more_than_others_have(void **state)
{
	(void)state;
	/* 9 of 51 in 22 networks: 3.9 times the mean; 10 of 52: 4.2 times */
	assert_int_equal(place_of_network(9, 21), GROUP_PLACE_PORT);
	assert_int_equal(place_of_network(10, 21), GROUP_PLACE_NETWORK);
	/* 10 of 200 are a twentieth, of 202 not */
	assert_int_equal(place_of_network(10, 95), GROUP_PLACE_NETWORK);
	assert_int_equal(place_of_network(10, 96), GROUP_PLACE_PORT);
}

/* The same on a device: nobody but its key. */
static void a_device_is_one_group_whomever_it_resets(void **state)
{
	struct made made;
	struct group_verdict verdict;

	(void)state;
	group_table_init(&made.table, 0);
	for (unsigned i = 0; i < 100; i++) {
		verdict = verdict_at(0x01000000 + i % 2, 0x0a000000 + i);
		verdict.key.culprit = PARTY_MIDDLEBOX;
		verdict.hop = (uint8_t)(6 + i % 7);
		verdict.grade = i < 30 ? GRADE_CERTAIN : GRADE_LIKELY;
		add_many(&made, &verdict, 1);
	}
	verdict.key.look.is_df = 1; /* and another by how it looks */
	add_many(&made, &verdict, 1);
	make(&made);
	assert_int_equal(made.list.count, 2);
	assert_int_equal(made.list.groups[0].counts.incidents, 100);
	assert_int_equal(made.list.groups[0].place, GROUP_PLACE_NONE);
	assert_int_equal(made.list.groups[0].by_grade[GRADE_CERTAIN], 30);
	assert_int_equal(made.list.groups[0].by_grade[GRADE_LIKELY], 70);
	assert_int_equal(made.list.groups[0].counts.hop.least, 6);
	assert_int_equal(made.list.groups[0].counts.hop.most, 12);
	assert_int_equal(made.list.groups[0].spread[GROUP_SERVER].distinct, 2);
	assert_int_equal(
		made.list.groups[0].spread[GROUP_CLIENT].distinct, 100);
	release(&made);
}

static void a_timer_is_told_by_its_path(void **state)
{
	struct made made;
	struct group_verdict verdict;

	(void)state;
	group_table_init(&made.table, 0);
	for (unsigned i = 0; i < 60; i++) {
		/* hosts of two networks, and one of each of twenty more */
		verdict = verdict_at(0x01000000 + i % 2 * 256 + i,
			i < 40 ? 0x0a000000 + i : 0x0b000000 + i * 256);
		verdict.key = (struct group_key){MECHANISM_STATE_EXPIRED,
			PARTY_SERVER, PARTY_NAT_TIMEOUT, 5, {0}};
		add_many(&made, &verdict, 1);
	}
	make(&made);
	assert_int_equal(made.list.count, 3);
	assert_int_equal(made.list.groups[0].place, GROUP_PLACE_PATH);
	assert_int_equal(made.list.groups[0].counts.incidents, 20);
	assert_int_equal(made.list.groups[1].place, GROUP_PLACE_PATH);
	assert_int_equal(made.list.groups[2].place, GROUP_PLACE_NONE);
	release(&made);
}

/* `own` of one client, one of each of `others`, all by one device. */
static bool client_is_named(unsigned own, unsigned others)
{
	struct made made;
	struct group_verdict verdict = verdict_at(1, 0x0a000001);
	bool is_named;

	group_table_init(&made.table, 0);
	verdict.key.culprit = PARTY_MIDDLEBOX;
	add_many(&made, &verdict, own);
	for (unsigned i = 0; i < others; i++) {
		verdict.client = address_of(0x0b000000 + i * 256);
		add_many(&made, &verdict, 1);
	}
	make(&made);
	assert_int_equal(made.list.count, 1);
	is_named = group_share_is_told(&made.list.groups[0], GROUP_CLIENT);
	/* its network is nobody but itself */
	assert_false(group_share_is_told(
		&made.list.groups[0], GROUP_CLIENT_NETWORK));
	assert_false(group_share_is_told(&made.list.groups[0], GROUP_SERVER));
	release(&made);
	return is_named;
}

static void who_has_much_more_than_his_share_is_named(void **state)
{
	(void)state;
	assert_true(client_is_named(5, 95));
	assert_false(client_is_named(5, 96)); /* no twentieth */
	/* four times the mean: 5 * 15 is less than 4 * 19, 5 * 16 is 4 * 20 */
	assert_false(client_is_named(5, 14));
	assert_true(client_is_named(5, 15));
}

static void a_network_is_named_when_it_is_more_than_one_host(void **state)
{
	struct made made;
	struct group_verdict verdict;

	(void)state;
	for (unsigned beside = 1; beside <= 6; beside++) {
		group_table_init(&made.table, 0);
		verdict = verdict_at(1, 0x0a000001);
		verdict.key.culprit = PARTY_MIDDLEBOX;
		add_many(&made, &verdict, 10);
		for (unsigned i = 0; i < beside; i++) {
			verdict.client = address_of(0x0a000002 + i);
			add_many(&made, &verdict, 1);
		}
		for (unsigned i = 0; i < 40; i++) {
			verdict.client = address_of(0x0b000000 + i * 256);
			add_many(&made, &verdict, 1);
		}
		make(&made);
		assert_int_equal(group_share_is_told(&made.list.groups[0],
					 GROUP_CLIENT_NETWORK),
			beside >= 5); /* half as many again */
		release(&made);
	}
}

static void silences_fall_into_classes_of_twice_the_length(void **state)
{
	(void)state;
	for (unsigned i = 1; i < GROUP_IDLE_CLASSES; i++) {
		struct incident incident = {.culprit = PARTY_NAT_TIMEOUT};
		struct group_verdict verdict;

		assert_int_equal(group_idle_below_s(i), 15u << (i - 1));
		assert_int_equal(
			group_idle_from_s(i + 1), group_idle_below_s(i));
		incident.idle_ns = (int64_t)group_idle_below_s(i) * 1000000000;
		group_verdict_of(&incident, &verdict);
		assert_int_equal(verdict.key.idle_class, i + 1);
		incident.idle_ns--;
		group_verdict_of(&incident, &verdict);
		assert_int_equal(verdict.key.idle_class, i);
	}
	assert_int_equal(group_idle_from_s(1), 0);
	assert_int_equal(group_idle_below_s(GROUP_IDLE_CLASSES), 0);
}

/* Of one key, whatever else differs; and not of one where what counts does. */
static void the_key_is_who_and_how_and_not_at_whom(void **state)
{
	struct incident one = {.mechanism = MECHANISM_INJECTED,
		.sender = PARTY_MIDDLEBOX,
		.culprit = PARTY_MIDDLEBOX,
		.look = {.kind = PACKET_TCP, .window = LOOK_ZERO}};
	struct incident other = one;
	struct group_verdict a, b;

	(void)state;
	other.flow.server.port = 80;
	other.flow.client.address.bytes[0] = 9;
	other.grade = GRADE_CERTAIN;
	other.hop = 7;
	other.window = 9;
	other.ttl = 9;
	group_verdict_of(&one, &a);
	group_verdict_of(&other, &b);
	assert_int_equal(group_key_compare(&a.key, &b.key), 0);
	assert_int_equal(group_key_number(&a.key), group_key_number(&b.key));
	other.look.window = LOOK_OTHER;
	group_verdict_of(&other, &b);
	assert_int_not_equal(group_key_compare(&a.key, &b.key), 0);
	assert_int_not_equal(
		group_key_number(&a.key), group_key_number(&b.key));
	/* how an endpoint's looks tells nothing of who it is */
	one.culprit = other.culprit = PARTY_SERVER;
	group_verdict_of(&one, &a);
	group_verdict_of(&other, &b);
	assert_int_equal(group_key_compare(&a.key, &b.key), 0);
}

/* The server's last packet: window 500, id 1000; the client's: 300, 7. */
static struct reset_look look_at(
	uint16_t window, uint16_t ip_id, uint8_t ttl, bool is_ip4)
{
	static struct reset reset = {
		.before = {{.flags = SIDE_SEEN, .window = 300, .ip_id = 7},
			{.flags = SIDE_SEEN, .window = 500, .ip_id = 1000}}};
	struct packet_note note = {.kind = PACKET_TCP,
		.side = 1,
		.tcp_flags = TCP_RST,
		.window = window,
		.ip_id = ip_id,
		.ttl = ttl};

	return reset_look_of(&note, &reset, is_ip4);
}

static void a_reset_looks_like_its_side_its_peer_or_nobody(void **state)
{
	(void)state;
	assert_int_equal(look_at(0, 1, 1, true).window, LOOK_ZERO);
	assert_int_equal(look_at(500, 1, 1, true).window, LOOK_OWN);
	assert_int_equal(look_at(300, 1, 1, true).window, LOOK_COPIED);
	assert_int_equal(look_at(301, 1, 1, true).window, LOOK_OTHER);
	assert_int_equal(look_at(0, 0, 1, true).ip_id, LOOK_ZERO);
	assert_int_equal(look_at(0, 7, 1, true).ip_id, LOOK_COPIED);
	assert_int_equal(look_at(0, 8, 1, true).ip_id, LOOK_COPIED);
	assert_int_equal(look_at(0, 9, 1, true).ip_id, LOOK_OTHER);
	assert_int_equal(look_at(0, 1000, 1, true).ip_id, LOOK_OWN);
	assert_int_equal(
		look_at(0, 1000 + LOOK_ID_STEPS, 1, true).ip_id, LOOK_OWN);
	assert_int_equal(
		look_at(0, 1001 + LOOK_ID_STEPS, 1, true).ip_id, LOOK_OTHER);
	assert_int_equal(look_at(0, 999, 1, true).ip_id, LOOK_OTHER);
	assert_int_equal(look_at(0, 0, 1, false).ip_id, LOOK_NONE);
	assert_int_equal(look_at(0, 0, 32, true).initial_ttl, 32);
	assert_int_equal(look_at(0, 0, 33, true).initial_ttl, 64);
	assert_int_equal(look_at(0, 0, 65, true).initial_ttl, 128);
	assert_int_equal(look_at(0, 0, 129, true).initial_ttl, 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_and_cut_change_nothing),
		cmocka_unit_test(
			a_flood_of_hosts_is_bounded_in_memory_and_work),
		cmocka_unit_test(counts_are_exact_at_any_level),
		cmocka_unit_test(
			a_verdict_is_found_in_the_group_that_counts_it),
		cmocka_unit_test(
			a_host_with_a_twentieth_has_a_group_of_its_own),
		cmocka_unit_test(a_network_needs_much_more_than_others_have),
		cmocka_unit_test(a_device_is_one_group_whomever_it_resets),
		cmocka_unit_test(a_timer_is_told_by_its_path),
		cmocka_unit_test(who_has_much_more_than_his_share_is_named),
		cmocka_unit_test(
			a_network_is_named_when_it_is_more_than_one_host),
		cmocka_unit_test(
			silences_fall_into_classes_of_twice_the_length),
		cmocka_unit_test(the_key_is_who_and_how_and_not_at_whom),
		cmocka_unit_test(
			a_reset_looks_like_its_side_its_peer_or_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
