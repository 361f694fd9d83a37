#include "analysis/dossier.h"

#include <stdlib.h>
#include <string.h>

enum { DOSSIERS_PER_CHUNK = 32 };

bool dossier_pool_init(struct dossier_pool *pool, uint32_t most)
{
	memset(pool, 0, sizeof(*pool));
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

uint32_t dossier_take(struct dossier_pool *pool)
{
	uint32_t taken;

	if (pool->live >= pool->most)
		return 0;
	if (pool->free) {
		taken = pool->free;
		pool->free = dossier_at(pool, taken)->next_free;
	} else {
		if (pool->used / DOSSIERS_PER_CHUNK == pool->chunk_count) {
			struct dossier *chunk = malloc(
				sizeof(struct dossier) * DOSSIERS_PER_CHUNK);

			if (!chunk)
				return 0;
			pool->chunks[pool->chunk_count++] = chunk;
		}
		taken = ++pool->used;
	}
	memset(dossier_at(pool, taken), 0, sizeof(struct dossier));
	pool->live++;
	return taken;
}

bool dossier_is_dull(const struct dossier *dossier)
{
	static const int64_t LONG_HOLE_NS = 1000000000;

	if (dossier->reset_count || dossier->error_count || dossier->ssh ||
		dossier->last_error.note.kind || dossier->is_interesting ||
		dossier->syn_retransmissions ||
		dossier->synack_retransmissions)
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

	ssh_talk_free(dossier->ssh);
	dossier->ssh = NULL;
	dossier->next_free = pool->free;
	pool->free = index_plus_1;
	pool->live--;
}
