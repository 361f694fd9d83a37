#include "analysis/verdict/knowledge.h"

#include <assert.h>
#include <string.h>
#include <threads.h>

#include "analysis/verdict/signatures.h"

void knowledge_tables(struct knowledge_table tables[KNOWLEDGE_TABLES])
{
	const struct knowledge_table all[] = {
		{"A reset that another device sent", ENDING_RESET,
			signatures_foreign, signatures_foreign_count},
		{"A reset from a slightly different distance", ENDING_RESET,
			signatures_near, signatures_near_count},
		{"A reset that refuses a SYN", ENDING_RESET, signatures_refused,
			signatures_refused_count},
		{"A reset from the endpoint's own distance, or without a "
		 "packet to compare it with",
			ENDING_RESET, signatures_own, signatures_own_count},
		{"A reset of a side whose packets have two distances",
			ENDING_RESET, signatures_front, signatures_front_count},
		{"A reset at the end of an outage", ENDING_RESET,
			signatures_outage, signatures_outage_count},
		{"A benign reset", ENDING_RESET, signatures_benign,
			signatures_benign_count},
		{"A reset that another capture point proves forged",
			ENDING_RESET, signatures_places_reset,
			signatures_places_reset_count},
		{"Silence of which another capture point knows more",
			ENDING_SILENCE, signatures_places_silence,
			signatures_places_silence_count},
		{"A reset that ended nothing, or both sides at once",
			ENDING_RESET, signatures_over, signatures_over_count},
		{"Unanswered SYNs", ENDING_SILENCE, signatures_syn,
			signatures_syn_count},
		{"Unanswered packets and ICMP errors after the handshake",
			ENDING_SILENCE, signatures_silence,
			signatures_silence_count},
		{"Unanswered requests and closed windows", ENDING_WAITED,
			signatures_waited, signatures_waited_count},
		{"Reasons given in clear", ENDING_APP_MESSAGE,
			signatures_app_message, signatures_app_message_count},
		{"SSH before encryption", ENDING_SSH, signatures_ssh,
			signatures_ssh_count},
		{"Packets too large, in a connection that may have recovered",
			ENDING_SIZE, signatures_size, signatures_size_count},
		{"Other connections of the same ports", ENDING_OTHER,
			signatures_other, signatures_other_count},
		{"Other forged packets", ENDING_FORGED, signatures_forged,
			signatures_forged_count},
	};

	static_assert(sizeof(all) / sizeof(all[0]) == KNOWLEDGE_TABLES,
		"every table has its place");
	memcpy(tables, all, sizeof(all));
}

void knowledge_init(struct knowledge *knowledge)
{
	struct knowledge_table tables[KNOWLEDGE_TABLES];

	memset(knowledge, 0, sizeof(*knowledge));
	knowledge_tables(tables);
	for (unsigned i = 0; i < KNOWLEDGE_TABLES; i++)
		for (unsigned j = 0; j < tables[i].count; j++) {
			assert(knowledge->count < BIT_SET_MOST);
			knowledge->about[knowledge->count] = tables[i].about;
			knowledge->rows[knowledge->count++] =
				&tables[i].rows[j];
		}
	knowledge_rank(knowledge);
}

bool knowledge_find(
	const struct knowledge *knowledge, const char *name, unsigned *number)
{
	for (*number = 0; *number < knowledge->count; (*number)++)
		if (strcmp(knowledge->rows[*number]->name, name) == 0)
			return true;
	return false;
}

/* Warshall's closure: whoever outranks `middle` outranks what that does. */
static void close_over(struct knowledge *knowledge)
{
	for (unsigned middle = 0; middle < knowledge->count; middle++)
		for (unsigned i = 0; i < knowledge->count; i++)
			if (bit_set_has(&knowledge->outranked[i], middle))
				bit_set_add_all(&knowledge->outranked[i],
					&knowledge->outranked[middle]);
}

/* SSH may explain a reset, too. */
static bool is_about(enum ending_kind about, enum ending_kind other)
{
	return about == other || (about == ENDING_RESET && other == ENDING_SSH);
}

static void rank_above_others(struct knowledge *knowledge, unsigned number)
{
	for (unsigned i = 0; i < knowledge->count; i++)
		if (is_about(knowledge->about[number], knowledge->about[i]) &&
			!knowledge->rows[i]->outranks_others)
			bit_set_add(&knowledge->outranked[number], i);
}

/* A row that needs nothing is asked whatever holds: a test's, that took out
 * its last condition. */
static void add_to_fact(struct knowledge *knowledge, unsigned number,
	const unsigned needing[FACT_COUNT])
{
	const struct bit_set *needs = &knowledge->rows[number]->needs;
	unsigned rarest = bit_set_next(needs, 0);

	for (unsigned i = 0; rarest == BIT_SET_MOST && i < FACT_COUNT; i++)
		bit_set_add(&knowledge->of_fact[i], number);
	if (rarest == BIT_SET_MOST)
		return;
	for (unsigned i = rarest; i < BIT_SET_MOST;
		i = bit_set_next(needs, i + 1))
		if (needing[i] < needing[rarest])
			rarest = i;
	bit_set_add(&knowledge->of_fact[rarest], number);
}

static void sort_by_fact(struct knowledge *knowledge)
{
	unsigned needing[FACT_COUNT] = {0};

	memset(knowledge->of_fact, 0, sizeof(knowledge->of_fact));
	for (unsigned i = 0; i < knowledge->count; i++) {
		const struct bit_set *needs = &knowledge->rows[i]->needs;

		for (unsigned fact = bit_set_next(needs, 0);
			fact < BIT_SET_MOST;
			fact = bit_set_next(needs, fact + 1))
			needing[fact]++;
	}
	for (unsigned i = 0; i < knowledge->count; i++)
		add_to_fact(knowledge, i, needing);
}

void knowledge_rank(struct knowledge *knowledge)
{
	unsigned over;

	memset(knowledge->outranked, 0, sizeof(knowledge->outranked));
	memset(knowledge->of_kind, 0, sizeof(knowledge->of_kind));
	for (unsigned i = 0; i < knowledge->count; i++)
		bit_set_add(&knowledge->of_kind[knowledge->about[i]], i);
	sort_by_fact(knowledge);
	for (unsigned i = 0; i < knowledge->count; i++) {
		if (knowledge->rows[i]->outranks_others)
			rank_above_others(knowledge, i);
		for (const struct rank *rank = knowledge->rows[i]->outranks;
			rank < knowledge->rows[i]->outranks + SIGNATURE_RANKS &&
			rank->over;
			rank++) {
			bool is_known =
				knowledge_find(knowledge, rank->over, &over);

			assert(is_known);
			if (is_known)
				bit_set_add(&knowledge->outranked[i], over);
		}
	}
	close_over(knowledge);
}

static struct knowledge built_in;

static void make_built_in(void)
{
	knowledge_init(&built_in);
}

const struct knowledge *knowledge_built_in(void)
{
	static once_flag is_made = ONCE_FLAG_INIT;

	call_once(&is_made, make_built_in);
	return &built_in;
}
