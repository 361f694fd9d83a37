#include "analysis/observe/evidence.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { DOSSIERS_PER_CHUNK = 32, VICTIM_CANDIDATES = 8 };

bool evidence_pool_init(
	struct evidence_pool *pool, uint32_t most, struct budget *budget)
{
	memset(pool, 0, sizeof(*pool));
	pool->budget = budget;
	pool->most = most;
	pool->chunks = calloc(most / DOSSIERS_PER_CHUNK + 1, sizeof(void *));
	return pool->chunks != NULL;
}

struct evidence *evidence_at(
	const struct evidence_pool *pool, uint32_t index_plus_1)
{
	uint32_t index = index_plus_1 - 1;

	return &pool->chunks[index / DOSSIERS_PER_CHUNK]
			    [index % DOSSIERS_PER_CHUNK];
}

void evidence_pool_release(struct evidence_pool *pool)
{
	for (uint32_t i = 1; i <= pool->used; i++)
		ssh_talk_free(evidence_at(pool, i)->ssh);
	for (uint32_t i = 0; i < pool->chunk_count; i++)
		free(pool->chunks[i]);
	free(pool->chunks);
}

static bool add_chunk(struct evidence_pool *pool)
{
	size_t bytes = sizeof(struct evidence) * DOSSIERS_PER_CHUNK;
	struct evidence *chunk;

	if (!budget_take(pool->budget, BUDGET_DOSSIERS, bytes))
		return false;
	chunk = malloc(bytes);
	if (chunk)
		pool->chunks[pool->chunk_count++] = chunk;
	else
		budget_give(pool->budget, BUDGET_DOSSIERS, bytes);
	return chunk != NULL;
}

uint32_t evidence_take(struct evidence_pool *pool, struct flow *flow)
{
	uint32_t taken;

	if (pool->live >= pool->most)
		return 0;
	if (pool->free) {
		taken = pool->free;
		pool->free = evidence_at(pool, taken)->next_free;
	} else {
		if (pool->used / DOSSIERS_PER_CHUNK == pool->chunk_count &&
			!add_chunk(pool))
			return 0;
		taken = ++pool->used;
	}
	memset(evidence_at(pool, taken), 0, sizeof(struct evidence));
	evidence_at(pool, taken)->flow = flow;
	pool->live++;
	return taken;
}

struct flow *evidence_victim(struct evidence_pool *pool)
{
	for (unsigned i = 0; i < VICTIM_CANDIDATES && i < pool->used; i++) {
		struct flow *flow;

		if (pool->hand >= pool->used)
			pool->hand = 0;
		flow = evidence_at(pool, ++pool->hand)->flow;
		if (flow && !(flow->flags & FLOW_ESTABLISHED))
			return flow;
	}
	return NULL;
}

bool evidence_hear_ssh(struct evidence_pool *pool, struct evidence *evidence,
	unsigned who, const struct packet *packet)
{
	struct ssh_talk *talk = evidence->ssh;
	size_t before = talk ? ssh_talk_bytes(talk) : SSH_TALK_BYTES;

	if (!talk) {
		if (!budget_take(pool->budget, BUDGET_DOSSIERS, before))
			return false;
		talk = evidence->ssh = ssh_talk_new();
	}
	if (talk)
		ssh_talk_feed(talk, who, packet);
	budget_give(pool->budget, BUDGET_DOSSIERS,
		before - (talk ? ssh_talk_bytes(talk) : 0));
	return talk != NULL;
}

size_t evidence_bytes(const struct evidence *evidence)
{
	return offsetof(struct evidence, resets) +
	       evidence->reset_count * sizeof(evidence->resets[0]);
}

bool evidence_tells_of_sizes(
	const struct thresholds *thresholds, const struct evidence *evidence)
{
	for (unsigned i = 0; i < 2; i++)
		if (evidence_is_repaired_by_smaller(&evidence->recovered[i]) ||
			evidence_is_filled_late(
				thresholds, &evidence->filled_gap[i]) ||
			evidence->seq_gap[i].is_active)
			return true;
	return false;
}

bool evidence_is_dull(
	const struct thresholds *thresholds, const struct evidence *evidence)
{
	if (evidence->reset_count || evidence->error_count || evidence->ssh ||
		evidence->last_error.note.kind ||
		evidence->synack_retransmissions || evidence->other.answers ||
		evidence->other.continued ||
		evidence->closing_message.app_message ||
		evidence->response_wait.waited_ns || evidence->forged.forgery)
		return false;
	for (unsigned i = 0; i < 2; i++)
		if (evidence->probes[i] || evidence->zero_windows[i] ||
			evidence->misread[i] || evidence->fin_acked_frame[i])
			return false;
	return !evidence_tells_of_sizes(thresholds, evidence);
}

void evidence_give_back(struct evidence_pool *pool, uint32_t index_plus_1)
{
	struct evidence *evidence = evidence_at(pool, index_plus_1);

	if (evidence->ssh)
		budget_give(pool->budget, BUDGET_DOSSIERS,
			ssh_talk_bytes(evidence->ssh));
	ssh_talk_free(evidence->ssh);
	evidence->ssh = NULL;
	evidence->flow = NULL;
	evidence->next_free = pool->free;
	pool->free = index_plus_1;
	pool->live--;
}
