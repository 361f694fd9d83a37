/* Blocks, packed objects, evidence records and stored connections: what is put
 * in comes out, and memory goes back to the budget. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/conn_store.h"
#include "analysis/flow/slabs.h"
#include "analysis/observe/evidence_pool.h"
#include "analysis/observe/packed.h"

static uint64_t used_bytes(const struct budget *budget)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < BUDGET_SHARE_COUNT; i++)
		sum += budget->used_bytes[i];
	return sum;
}

static struct budget unbounded(void)
{
	struct budget budget;

	budget_init(&budget, UINT64_MAX);
	return budget;
}

static size_t size_of(unsigned number)
{
	return 1 + number * 37u % BLOCK_MOST;
}

static void blocks_do_not_overlap(void **state)
{
	enum { COUNT = 3000 };
	struct budget budget = unbounded();
	struct slabs slabs;
	static uint32_t blocks[COUNT];

	(void)state;
	slabs_init(&slabs, &budget, BUDGET_RECORDS);
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = round ? 1 : 0; i < COUNT;
			i += round ? 2 : 1) {
			blocks[i] = slabs_take(&slabs, size_of(i), false);
			assert_int_not_equal(blocks[i], 0);
			memset(slabs_at(&slabs, blocks[i]), (int)(i & 0xff),
				size_of(i));
		}
		for (unsigned i = 0; i < COUNT; i++) {
			const uint8_t *bytes = slabs_at(&slabs, blocks[i]);

			assert_int_equal((uintptr_t)bytes % BLOCK_UNIT, 0);
			for (size_t j = 0; j < size_of(i); j++)
				assert_int_equal(bytes[j], i & 0xff);
		}
		for (unsigned i = 1; i < COUNT; i += 2)
			slabs_give_back(&slabs, blocks[i]);
	}
	slabs_release(&slabs);
}

static void memory_goes_back_to_the_budget(void **state)
{
	enum { COUNT = 2000, BYTES = 300 };
	struct budget budget = unbounded();
	struct slabs slabs;
	static uint32_t blocks[COUNT];
	uint64_t most;

	(void)state;
	slabs_init(&slabs, &budget, BUDGET_RECORDS);
	for (unsigned i = 0; i < COUNT; i++)
		blocks[i] = slabs_take(&slabs, BYTES, false);
	most = used_bytes(&budget);
	assert_in_range(most, (uint64_t)COUNT * BYTES,
		(uint64_t)COUNT * BYTES * 12 / 10);
	for (unsigned i = 0; i < COUNT; i++)
		slabs_give_back(&slabs, blocks[i]);
	assert_int_equal(used_bytes(&budget), SLAB_BYTES);
	/* and can be taken for another size, in the same slabs */
	for (unsigned i = 0; i < COUNT; i++)
		blocks[i] = slabs_take(&slabs, BYTES / 2, false);
	assert_in_range(used_bytes(&budget), 1, most * 6 / 10);
	assert_int_equal(slabs.region_count, 1);
	slabs_release(&slabs);
}

static void a_block_that_has_to_be_is_had_beyond_the_budget(void **state)
{
	struct budget budget;
	struct slabs slabs;

	(void)state;
	budget_init(&budget, SLAB_BYTES / 2);
	slabs_init(&slabs, &budget, BUDGET_RECORDS);
	assert_int_equal(slabs_take(&slabs, 100, false), 0);
	assert_int_not_equal(slabs_take(&slabs, 100, true), 0);
	assert_int_equal(used_bytes(&budget), SLAB_BYTES);
	slabs_release(&slabs);
}

static void packed_objects_come_back(void **state)
{
	enum { WORDS = 931 };
	static uint32_t object[WORDS], back[WORDS];
	static uint32_t packed[PACKED_BYTES(sizeof(object)) / 4];

	(void)state;
	for (unsigned step = 1; step <= WORDS; step = step * 3 / 2 + 1) {
		size_t words, set = 0;

		memset(object, 0, sizeof(object));
		memset(back, 0xff, sizeof(back));
		for (unsigned i = step - 1; i < WORDS; i += step, set++)
			object[i] = 0x80000001u + i;
		words = packed_write(object, sizeof(object), packed);
		assert_in_range(words, set + 1, set + 1 + (WORDS + 31) / 32);
		assert_true(words * 4 <= PACKED_BYTES(sizeof(object)));
		assert_int_equal(
			packed_read(packed, back, sizeof(back)), words);
		assert_memory_equal(object, back, sizeof(object));
	}
	memset(object, 0, sizeof(object));
	assert_int_equal(packed_write(object, sizeof(object), packed), 1);
}

/* More than lie there unpacked. */
enum { RECORDS = 5000 };

static void records_outlive_each_other(void **state)
{
	struct budget budget = unbounded();
	struct evidence_pool pool;
	static struct flow flows[RECORDS];
	uint64_t most;

	(void)state;
	assert_true(evidence_pool_init(&pool, &budget));
	for (uint32_t i = 0; i < RECORDS; i++) {
		struct evidence *evidence;

		flows[i].evidence = evidence_take(&pool, &flows[i]);
		assert_int_not_equal(flows[i].evidence, 0);
		evidence = evidence_at(&pool, flows[i].evidence);
		assert_int_equal(evidence->reset_count, 0);
		evidence->last_reset_frame = i + 1;
		evidence->sacked_largest[1] = (uint16_t)i;
	}
	/* a fiftieth of what they would take unpacked */
	most = used_bytes(&budget);
	assert_in_range(most, 1, RECORDS * sizeof(struct evidence) / 20);
	for (uint32_t i = RECORDS; i-- > 0;) {
		const struct evidence *evidence =
			evidence_at(&pool, flows[i].evidence);

		assert_int_equal(evidence->last_reset_frame, i + 1);
		assert_int_equal(evidence->sacked_largest[1], (uint16_t)i);
	}
	for (uint32_t i = 0; i < RECORDS; i++)
		evidence_give_back(&pool, flows[i].evidence);
	assert_in_range(used_bytes(&budget), 0,
		RECORDS * 32 + 8 * SLAB_BYTES); /* their handles */
	evidence_pool_release(&pool);
}

static void a_pointer_is_good_for_the_packet_at_hand(void **state)
{
	struct budget budget = unbounded();
	struct evidence_pool pool;
	static struct flow flows[RECORDS];
	struct evidence *first;

	(void)state;
	assert_true(evidence_pool_init(&pool, &budget));
	for (uint32_t i = 0; i < RECORDS; i++)
		flows[i].evidence = evidence_take(&pool, &flows[i]);
	for (uint32_t i = 0; i + 4 < RECORDS; i++) {
		first = evidence_at(&pool, flows[i].evidence);
		for (uint32_t j = 1; j < 4; j++)
			(void)evidence_at(&pool, flows[i + j].evidence);
		assert_ptr_equal(first, evidence_at(&pool, flows[i].evidence));
	}
	evidence_pool_release(&pool);
}

static void ssh_is_known_of_packed_records(void **state)
{
	static const char banner[] = "SSH-2.0-x\r\n";
	struct packet packet = {.kind = PACKET_TCP,
		.payload = (const uint8_t *)banner,
		.payload_bytes = sizeof(banner) - 1,
		.payload_captured = sizeof(banner) - 1};
	struct budget budget = unbounded();
	struct evidence_pool pool;
	static struct flow flows[RECORDS];
	uint64_t before;

	(void)state;
	assert_true(evidence_pool_init(&pool, &budget));
	for (uint32_t i = 0; i < RECORDS; i++)
		flows[i].evidence = evidence_take(&pool, &flows[i]);
	before = used_bytes(&budget);
	assert_null(evidence_ssh_alive(&pool, flows[0].evidence));
	assert_true(evidence_hear_ssh(
		&pool, flows[0].evidence, SSH_CLIENT, &packet, 3));
	assert_non_null(evidence_ssh_alive(&pool, flows[0].evidence));
	/* a version line takes no room for the longest KEXINIT */
	assert_in_range(
		used_bytes(&budget) - before, 1, sizeof(struct ssh_talk) + 300);
	assert_true(evidence_view(&pool, flows[0].evidence)
			    ->ssh->has_banner[SSH_CLIENT]);
	evidence_give_back(&pool, flows[0].evidence);
	assert_true(used_bytes(&budget) <= before);
	evidence_pool_release(&pool);
}

static void hear(struct evidence_pool *pool, const struct flow *flow,
	unsigned who, const char *text)
{
	struct packet packet = {.kind = PACKET_TCP,
		.sequence = strncmp(text, "SSH-", 4) == 0 ? 0 : 11,
		.payload = (const uint8_t *)text,
		.payload_bytes = (uint32_t)strlen(text),
		.payload_captured = (uint32_t)strlen(text)};

	assert_true(evidence_hear_ssh(pool, flow->evidence, who, &packet, 3));
}

/* A version line, and what is no packet of SSH: the end of what is read. */
static void ssh_that_is_encrypted_takes_little(void **state)
{
	struct budget budget = unbounded();
	struct evidence_pool pool;
	static struct flow flows[RECORDS];

	(void)state;
	assert_true(evidence_pool_init(&pool, &budget));
	for (uint32_t i = 0; i < RECORDS; i++) {
		flows[i].evidence = evidence_take(&pool, &flows[i]);
		for (unsigned who = 0; who < 2; who++) {
			hear(&pool, &flows[i], who, "SSH-2.0-x\r\n");
			hear(&pool, &flows[i], who, "no packet of SSH");
		}
		evidence_ssh_alive(&pool, flows[i].evidence)->frame = i + 1;
	}
	/* with its handle, less than the talk alone */
	assert_in_range(used_bytes(&budget), 1,
		RECORDS * sizeof(struct ssh_talk) * 2 / 3);
	for (uint32_t i = 0; i < RECORDS; i++) {
		const struct evidence *evidence;

		/* in turns of a record that lies there and of a packed one */
		if (i % 2)
			(void)evidence_at(&pool, flows[i].evidence);
		evidence = evidence_view(&pool, flows[i].evidence);
		assert_true(evidence->ssh->has_banner[SSH_CLIENT]);
		assert_true(evidence->ssh->has_banner[SSH_SERVER]);
		assert_int_equal(evidence->ssh->banner_skipped[SSH_SERVER], 3);
		assert_int_equal(evidence->ssh->alive.frame, i + 1);
		/* what is observed later is seen in the next view */
		evidence_ssh_alive(&pool, flows[i].evidence)->count = 7;
		evidence = evidence_view(&pool, flows[i].evidence);
		assert_int_equal(evidence->ssh->alive.count, 7);
	}
	for (uint32_t i = 0; i < RECORDS; i++)
		evidence_give_back(&pool, flows[i].evidence);
	assert_in_range(used_bytes(&budget), 0,
		RECORDS * 32 + 8 * SLAB_BYTES); /* their handles */
	evidence_pool_release(&pool);
}

/* A file that is memory. */
struct fake_file {
	uint8_t bytes[1 << 20];
	size_t length, most;
	bool is_broken;
};

static uint64_t fake_append(void *context, const void *bytes, size_t count)
{
	struct fake_file *file = context;
	uint64_t offset = file->length;

	if (file->length + count > file->most)
		return UINT64_MAX;
	memcpy(file->bytes + offset, bytes, count);
	file->length += count;
	return offset;
}

static bool fake_read(void *context, uint64_t offset, void *bytes, size_t count)
{
	const struct fake_file *file = context;

	if (file->is_broken)
		return false;
	memcpy(bytes, file->bytes + offset, count);
	return true;
}

static void fill_conn(struct stored_conn *stored, uint32_t number)
{
	memset(stored, 0, sizeof(*stored));
	stored->conn.flow.flags = FLOW_USED | (number % 2 ? FLOW_RESET : 0);
	stored->conn.flow.first_frame = number;
	stored->conn.port[1] = 22;
	if (number % 3 == 0)
		return;
	stored->conn.evidence = &stored->evidence;
	stored->evidence.reset_count = 1;
	stored->evidence.resets[0].note.frame = number + 7;
	if (number % 3 == 1)
		return;
	stored->evidence.ssh = &stored->ssh;
	stored->ssh.has_banner[SSH_SERVER] = true;
	stored->ssh.banner[SSH_SERVER].frame = number + 9;
}

static void check_conn(const struct conn_store *store, uint32_t index)
{
	struct stored_conn expected, found;

	fill_conn(&expected, index);
	assert_true(conn_store_load(store, index, &found));
	assert_int_equal(found.conn.flow.first_frame, index);
	assert_int_equal(found.conn.port[1], 22);
	assert_int_equal(conn_store_summary(store, index), index + 5);
	assert_int_equal(
		(conn_store_flags(store, index) & FLOW_RESET) != 0, index % 2);
	assert_int_equal(
		found.conn.evidence != NULL, expected.conn.evidence != NULL);
	if (!expected.conn.evidence)
		return;
	assert_ptr_equal(found.conn.evidence, &found.evidence);
	assert_int_equal(found.evidence.resets[0].note.frame, index + 7);
	assert_int_equal(
		found.evidence.ssh != NULL, expected.evidence.ssh != NULL);
	if (expected.evidence.ssh && found.evidence.ssh)
		assert_int_equal(found.evidence.ssh->banner[SSH_SERVER].frame,
			index + 9);
}

static uint32_t fill_store(struct conn_store *store, uint32_t most)
{
	for (uint32_t i = 0; i < most; i++) {
		struct stored_conn stored;

		fill_conn(&stored, i);
		if (!conn_store_add(store, &stored.conn, i + 5))
			return i;
	}
	return most;
}

static void connections_go_to_the_file_and_come_back(void **state)
{
	enum { COUNT = 3000 };
	static struct fake_file file;
	struct spill spill = {fake_append, fake_read, &file};
	struct budget budget;
	struct conn_store store;
	uint32_t without;

	(void)state;
	/* memory alone holds some of them */
	budget_init(&budget, 500000);
	conn_store_init(&store, &budget, NULL, 32);
	without = fill_store(&store, COUNT);
	assert_in_range(without, 100, COUNT - 1);
	for (uint32_t i = 0; i < without; i++)
		check_conn(&store, i);
	assert_true(used_bytes(&budget) <= 500000);
	conn_store_release(&store);
	/* with the file all, in the same memory */
	budget_init(&budget, 500000);
	file.most = sizeof(file.bytes);
	conn_store_init(&store, &budget, &spill, 32);
	assert_int_equal(fill_store(&store, COUNT), COUNT);
	assert_in_range(file.length, 1, COUNT * 100);
	assert_true(used_bytes(&budget) <= 500000);
	for (uint32_t i = 0; i < COUNT; i++)
		check_conn(&store, i);
	/* a file that fails is no connection of zeros */
	file.is_broken = true;
	struct stored_conn stored;

	assert_false(conn_store_load(&store, COUNT - 1, &stored));
	conn_store_release(&store);
}

static void a_full_file_refuses(void **state)
{
	enum { COUNT = 3000 };
	static struct fake_file file;
	struct spill spill = {fake_append, fake_read, &file};
	struct budget budget;
	struct conn_store store;
	uint32_t kept;

	(void)state;
	file.most = 10000;
	budget_init(&budget, 500000);
	conn_store_init(&store, &budget, &spill, 32);
	kept = fill_store(&store, COUNT);
	assert_in_range(kept, 100, COUNT - 1);
	assert_int_equal(store.count, kept);
	for (uint32_t i = 0; i < kept; i++)
		check_conn(&store, i);
	conn_store_release(&store);
}

/* Of what several threads have kept, one store is made. */
static void stores_become_one(void **state)
{
	enum { COUNT = 1500, LISTED = 4000 };
	static struct fake_file file;
	struct spill spill = {fake_append, fake_read, &file};
	struct budget budgets[3];
	struct conn_store stores[3];
	struct stored_conn found;

	(void)state;
	file.most = sizeof(file.bytes);
	for (unsigned i = 0; i < 3; i++) {
		/* the last has room for few: the rest is in the file */
		budget_init(&budgets[i], i == 2 ? 500000 : 5000000);
		conn_store_init(&stores[i], &budgets[i], &spill, 32);
		assert_int_equal(fill_store(&stores[i], COUNT), COUNT);
	}
	assert_true(file.length > 0);
	conn_store_drop_summaries(&stores[2]);
	for (unsigned i = 1; i < 3; i++) {
		assert_true(conn_store_absorb(
			&stores[0], &stores[i], i * LISTED));
		conn_store_release(&stores[i]);
	}
	assert_int_equal(stores[0].count, 3 * COUNT);
	for (uint32_t i = 0; i < 3 * COUNT; i++) {
		assert_true(conn_store_load(&stores[0], i, &found));
		assert_int_equal(found.conn.flow.first_frame, i % COUNT);
		assert_int_equal(
			conn_store_flags(&stores[0], i) & FLOW_RESET,
			i % COUNT % 2 ? FLOW_RESET : 0);
		assert_int_equal(conn_store_summary(&stores[0], i),
			i < 2 * COUNT ? i % COUNT + 5 + i / COUNT * LISTED : 0);
	}
	conn_store_release(&stores[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_do_not_overlap),
		cmocka_unit_test(memory_goes_back_to_the_budget),
		cmocka_unit_test(
			a_block_that_has_to_be_is_had_beyond_the_budget),
		cmocka_unit_test(packed_objects_come_back),
		cmocka_unit_test(records_outlive_each_other),
		cmocka_unit_test(a_pointer_is_good_for_the_packet_at_hand),
		cmocka_unit_test(ssh_is_known_of_packed_records),
		cmocka_unit_test(ssh_that_is_encrypted_takes_little),
		cmocka_unit_test(connections_go_to_the_file_and_come_back),
		cmocka_unit_test(a_full_file_refuses),
		cmocka_unit_test(stores_become_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
