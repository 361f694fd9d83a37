/* What the evidence records know of SSH. Before encryption it is a talk with
 * two streams. Once nothing more is read it is packed like the record; what is
 * observed afterwards, by nearly every packet, stands before it as it is. */
#include "analysis/observe/evidence_store.h"

#include <string.h>

#include "analysis/observe/packed.h"

static_assert(sizeof(struct ssh_talk) % 4 == 0, "it can be packed");

struct ssh_alive *evidence_packed_alive(
	const struct evidence_store *store, const struct handle *handle)
{
	return slabs_at(&store->slabs, handle->ssh_block);
}

void evidence_free_ssh(struct evidence_store *store, struct handle *handle)
{
	if (handle->is_ssh_packed) {
		slabs_give_back(&store->slabs, handle->ssh_block);
	} else {
		budget_give(store->budget, BUDGET_DOSSIERS,
			ssh_talk_bytes(handle->ssh));
		ssh_talk_free(handle->ssh);
	}
	handle->is_ssh_packed = false;
	handle->ssh = NULL;
}

struct ssh_talk *evidence_ssh_of(
	const struct handle *handle, struct unpacked *place)
{
	return handle->is_ssh_packed ? &place->ssh : handle->ssh;
}

/* Only what is alive changes once it is packed. */
void evidence_fill_ssh(const struct evidence_store *store,
	const struct handle *handle, struct unpacked *place)
{
	const struct ssh_alive *alive;

	if (!handle->is_ssh_packed)
		return;
	alive = evidence_packed_alive(store, handle);
	if (!place->has_ssh)
		(void)packed_read((const uint32_t *)(alive + 1), &place->ssh,
			sizeof(place->ssh));
	place->has_ssh = true;
	place->ssh.alive = *alive;
}

/* Packs what is known of SSH once nothing more of it is read; where there is no
 * room it stays as it is. */
static void pack_ssh(struct evidence_store *store, struct handle *handle)
{
	uint32_t packed[PACKED_BYTES(sizeof(struct ssh_talk)) / 4];
	struct ssh_talk *talk = handle->ssh;
	struct ssh_alive alive = talk->alive, *place;
	uint32_t block;
	size_t bytes;

	if (!talk->has_ended[SSH_CLIENT] || !talk->has_ended[SSH_SERVER])
		return;
	memset(&talk->alive, 0, sizeof(talk->alive));
	/* verdicts quote the server's line only where it is no version */
	if (talk->has_banner[SSH_SERVER] && !talk->refusal)
		memset(talk->text, 0, sizeof(talk->text));
	bytes = 4 * packed_write(talk, sizeof(*talk), packed);
	talk->alive = alive;
	block = slabs_take(&store->slabs, sizeof(alive) + bytes, false);
	if (!block)
		return;
	place = slabs_at(&store->slabs, block);
	*place = alive;
	memcpy(place + 1, packed, bytes);
	evidence_free_ssh(store, handle);
	handle->is_ssh_packed = true;
	handle->ssh_block = block;
}

struct ssh_alive *evidence_ssh_alive(
	const struct evidence_pool *pool, uint32_t number)
{
	const struct handle *handle = handle_at(pool->store, number);

	if (handle->is_ssh_packed)
		return evidence_packed_alive(pool->store, handle);
	return handle->ssh ? &handle->ssh->alive : NULL;
}

const struct ssh_talk *evidence_ssh_read(
	const struct evidence_pool *pool, uint32_t number)
{
	const struct handle *handle = handle_at(pool->store, number);

	return handle->is_ssh_packed ? NULL : handle->ssh;
}

struct ssh_alive *evidence_ssh_encrypted(
	const struct evidence_pool *pool, uint32_t number)
{
	const struct handle *handle = handle_at(pool->store, number);

	return handle->is_ssh_packed
		       ? evidence_packed_alive(pool->store, handle)
		       : NULL;
}

void evidence_prefetch_handle(const struct evidence_pool *pool, uint32_t number)
{
	__builtin_prefetch(handle_at(pool->store, number));
}

void evidence_prefetch_ssh(const struct evidence_pool *pool, uint32_t number)
{
	const struct ssh_alive *alive = evidence_ssh_encrypted(pool, number);

	if (alive)
		__builtin_prefetch(alive, 1);
}

void evidence_await_ssh(const struct evidence_pool *pool, uint32_t number)
{
	const struct ssh_alive *alive = evidence_ssh_encrypted(pool, number);

	if (alive)
		(void)*(const volatile int64_t *)&alive->time_ns;
}

/* The same, for what is not packed yet. */
static bool hear(struct evidence_store *store, struct handle *handle,
	unsigned who, const struct packet *packet, uint8_t skipped)
{
	struct ssh_talk *talk = handle->ssh;
	size_t most = ssh_talk_bytes(talk) + SSH_TALK_GROWTH;
	bool had_banner = talk && talk->has_banner[who];

	if (!budget_take(store->budget, BUDGET_DOSSIERS, SSH_TALK_GROWTH))
		return false;
	if (!talk)
		talk = handle->ssh = ssh_talk_new();
	if (talk) {
		ssh_talk_feed(talk, who, packet);
		if (!had_banner && talk->has_banner[who])
			talk->banner_skipped[who] = skipped;
	}
	budget_give(
		store->budget, BUDGET_DOSSIERS, most - ssh_talk_bytes(talk));
	return talk != NULL;
}

bool evidence_hear_ssh(struct evidence_pool *pool, uint32_t number,
	unsigned who, const struct packet *packet, uint8_t skipped)
{
	struct evidence_store *store = pool->store;
	struct handle *handle = handle_at(store, number);
	struct unpacked *place;

	if (handle->is_ssh_packed ||
		(handle->ssh && handle->ssh->has_ended[who]))
		return true;
	if (!hear(store, handle, who, packet, skipped))
		return false;
	pack_ssh(store, handle);
	if (handle->place) {
		place = &store->unpacked[handle->place - 1];
		place->evidence.ssh = evidence_ssh_of(handle, place);
	}
	return true;
}
