#include "analysis/dossier.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { DOSSIERS_PER_CHUNK = 32, VICTIM_CANDIDATES = 8 };

bool dossier_pool_init(
	struct dossier_pool *pool, uint32_t most, struct budget *budget)
{
	memset(pool, 0, sizeof(*pool));
	pool->budget = budget;
	pool->most = most;
	pool->chunks = calloc(most / DOSSIERS_PER_CHUNK + 1, sizeof(void *));
	return pool->chunks != NULL;
}

struct dossier *dossier_at(
	const struct dossier_pool *pool, uint32_t index_plus_1)
{
	uint32_t index = index_plus_1 - 1;

	return &pool->chunks[index / DOSSIERS_PER_CHUNK]
			    [index % DOSSIERS_PER_CHUNK];
}

void dossier_pool_release(struct dossier_pool *pool)
{
	for (uint32_t i = 1; i <= pool->used; i++)
		ssh_talk_free(dossier_at(pool, i)->ssh);
	for (uint32_t i = 0; i < pool->chunk_count; i++)
		free(pool->chunks[i]);
	free(pool->chunks);
}

static bool add_chunk(struct dossier_pool *pool)
{
	size_t bytes = sizeof(struct dossier) * DOSSIERS_PER_CHUNK;
	struct dossier *chunk;

	if (!budget_take(pool->budget, BUDGET_DOSSIERS, bytes))
		return false;
	chunk = malloc(bytes);
	if (chunk)
		pool->chunks[pool->chunk_count++] = chunk;
	else
		budget_give(pool->budget, BUDGET_DOSSIERS, bytes);
	return chunk != NULL;
}

uint32_t dossier_take(struct dossier_pool *pool, struct flow *flow)
{
	uint32_t taken;

	if (pool->live >= pool->most)
		return 0;
	if (pool->free) {
		taken = pool->free;
		pool->free = dossier_at(pool, taken)->next_free;
	} else {
		if (pool->used / DOSSIERS_PER_CHUNK == pool->chunk_count &&
			!add_chunk(pool))
			return 0;
		taken = ++pool->used;
	}
	memset(dossier_at(pool, taken), 0, sizeof(struct dossier));
	dossier_at(pool, taken)->flow = flow;
	pool->live++;
	return taken;
}

struct flow *dossier_victim(struct dossier_pool *pool)
{
	for (unsigned i = 0; i < VICTIM_CANDIDATES && i < pool->used; i++) {
		struct flow *flow;

		if (pool->hand >= pool->used)
			pool->hand = 0;
		flow = dossier_at(pool, ++pool->hand)->flow;
		if (flow && !(flow->flags & FLOW_ESTABLISHED))
			return flow;
	}
	return NULL;
}

bool dossier_hear_ssh(struct dossier_pool *pool, struct dossier *dossier,
	unsigned who, const struct packet *packet)
{
	struct ssh_talk *talk = dossier->ssh;
	size_t before = talk ? ssh_talk_bytes(talk) : SSH_TALK_BYTES;

	if (!talk) {
		if (!budget_take(pool->budget, BUDGET_DOSSIERS, before))
			return false;
		talk = dossier->ssh = ssh_talk_new();
	}
	if (talk)
		ssh_talk_feed(talk, who, packet);
	budget_give(pool->budget, BUDGET_DOSSIERS,
		before - (talk ? ssh_talk_bytes(talk) : 0));
	return talk != NULL;
}

size_t dossier_bytes(const struct dossier *dossier)
{
	return offsetof(struct dossier, resets) +
	       dossier->reset_count * sizeof(dossier->resets[0]);
}

bool dossier_is_dull(const struct dossier *dossier)
{
	static const int64_t LONG_HOLE_NS = 1000000000;

	if (dossier->reset_count || dossier->error_count || dossier->ssh ||
		dossier->last_error.note.kind || dossier->is_interesting ||
		dossier->syn_retransmissions || dossier->synack_retransmissions)
		return false;
	for (unsigned i = 0; i < 2; i++) {
		const struct hole *healed = &dossier->healed[i];

		if (dossier->repaired[i].count > 1 || dossier->probes[i] ||
			dossier->zero_windows[i] ||
			healed->first_fill_ns - healed->since_ns >=
				LONG_HOLE_NS)
			return false;
	}
	return true;
}

void dossier_give_back(struct dossier_pool *pool, uint32_t index_plus_1)
{
	struct dossier *dossier = dossier_at(pool, index_plus_1);

	if (dossier->ssh)
		budget_give(pool->budget, BUDGET_DOSSIERS,
			ssh_talk_bytes(dossier->ssh));
	ssh_talk_free(dossier->ssh);
	dossier->ssh = NULL;
	dossier->flow = NULL;
	dossier->next_free = pool->free;
	pool->free = index_plus_1;
	pool->live--;
}
