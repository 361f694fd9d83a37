/* The evidence records of an analysis' connections: as many as the budget
 * allows.
 *
 * A record is large and mostly zeros. Those that were used last lie there as
 * they are; the others are packed (packed.h), to a tenth or less, and unpacked
 * when a packet needs them. So a pointer to a record is good until a dozen
 * other records have been asked for: for the packet at hand. */
#ifndef ANALYSIS_OBSERVE_EVIDENCE_POOL_H
#define ANALYSIS_OBSERVE_EVIDENCE_POOL_H

#include "analysis/flow/budget.h"
#include "analysis/observe/evidence.h"

struct evidence_store;

struct evidence_pool {
	struct evidence_store *store; /* owned */
};

/* False without memory. `budget` has to outlive the pool. */
bool evidence_pool_init(struct evidence_pool *pool, struct budget *budget);
void evidence_pool_release(struct evidence_pool *pool);
/* The number of a zeroed evidence record for this flow; 0 when there is no room
 * for another. */
uint32_t evidence_take(struct evidence_pool *pool, struct flow *flow);
/* The same for what is not looked at yet. */
uint32_t evidence_take_packed(struct evidence_pool *pool, struct flow *flow);
void evidence_give_back(struct evidence_pool *pool, uint32_t number);
/* A flow among the holders of the next few evidence records that is half-open
 * and was not reset: floods are made of those. NULL: none. */
struct flow *evidence_victim(struct evidence_pool *pool);
/* Whether the last record that was taken left no room for another in the
 * budget; true once, until another is taken. */
bool evidence_ran_short(struct evidence_pool *pool);
/* Of the holders of the next few records the one that has been quiet for
 * longest; NULL: there is none. */
struct flow *evidence_quiet(struct evidence_pool *pool);
/* What its `ssh` points to is not filled in. */
struct evidence *evidence_at(const struct evidence_pool *pool, uint32_t number);
/* The same to be read only, with what is known of SSH: until the next one is.
 */
const struct evidence *evidence_view(
	const struct evidence_pool *pool, uint32_t number);
/* What is observed of SSH when it is encrypted, too; NULL: it is no SSH. Good
 * for the packet at hand. */
struct ssh_alive *evidence_ssh_alive(
	const struct evidence_pool *pool, uint32_t number);
/* The same where nothing else of SSH can change any more; NULL: not so. */
struct ssh_alive *evidence_ssh_encrypted(
	const struct evidence_pool *pool, uint32_t number);
/* What was heard of SSH while more of it is read; NULL: nothing, or no more. */
const struct ssh_talk *evidence_ssh_read(
	const struct evidence_pool *pool, uint32_t number);
/* Starts the cache on its way to it: the first before, for all connections of a
 * block, the second when that has come. */
void evidence_prefetch_handle(
	const struct evidence_pool *pool, uint32_t number);
void evidence_prefetch_ssh(const struct evidence_pool *pool, uint32_t number);
/* Waits for it: see flow_table_await. */
void evidence_await_ssh(const struct evidence_pool *pool, uint32_t number);
/* Takes data of this side (SSH_CLIENT or SSH_SERVER), before which so many of
 * its packets were not seen. False when there is no memory to follow the
 * stream. */
bool evidence_hear_ssh(struct evidence_pool *pool, uint32_t number,
	unsigned who, const struct packet *packet, uint8_t skipped);

#endif
