#include "analysis/verdict/verdict.h"

#include <string.h>

/* A reset's ending stays one, whichever table's row explains it. */
static struct ending ending_for(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending,
	const struct facts *facts, unsigned number)
{
	if (ending.kind == ENDING_RESET)
		return ending;
	return ending_without_reset(
		conn, knowledge->about[number], facts->size_side);
}

/* The one who hung up: for causes that either side may act upon. */
static enum party first_to_close(const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	uint32_t frames[2] = {0, 0};

	for (unsigned i = 0; i < 2; i++) {
		frames[i] = flow->cold[i].fin_frame;
		for (unsigned j = 0; j < conn->evidence->reset_count; j++)
			if (conn->evidence->resets[j].note.side == i &&
				!frames[i])
				frames[i] =
					conn->evidence->resets[j].note.frame;
	}
	if (frames[client] &&
		(!frames[!client] ||
			(int32_t)(frames[client] - frames[!client]) < 0))
		return PARTY_CLIENT;
	return frames[!client] ? PARTY_SERVER : PARTY_NONE;
}

enum party verdict_party(
	const struct closed_conn *conn, struct ending ending, enum role role)
{
	bool is_client;

	switch (role) {
	case ROLE_SENDER:
	case ROLE_PEER:
		is_client = ending.side == flow_client(&conn->flow);
		return is_client == (role == ROLE_SENDER) ? PARTY_CLIENT
							  : PARTY_SERVER;
	case ROLE_SERVER:
		return PARTY_SERVER;
	case ROLE_CLIENT:
		return PARTY_CLIENT;
	case ROLE_MIDDLEBOX:
		return PARTY_MIDDLEBOX;
	case ROLE_NONE:
		return PARTY_NONE;
	case ROLE_NAT:
		return PARTY_NAT_TIMEOUT;
	case ROLE_MTU:
		return PARTY_PATH_MTU;
	case ROLE_LOSS:
		return PARTY_PATH_LOSS;
	case ROLE_FIRST_TO_CLOSE:
		return first_to_close(conn);
	case ROLE_UNKNOWN:
		break;
	}
	return PARTY_UNKNOWN;
}

struct reading verdict_reading(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending,
	const struct facts *facts, unsigned number)
{
	const struct signature *row = knowledge->rows[number];

	ending = ending_for(knowledge, conn, ending, facts, number);
	return (struct reading){row->mechanism,
		verdict_party(conn, ending, row->sender),
		verdict_party(conn, ending, row->culprit)};
}

static void find_rows(const struct knowledge *knowledge, unsigned kinds,
	const struct facts *facts, struct verdict *verdict)
{
	struct bit_set about = {{0}}, asked = {{0}};

	for (unsigned kind = 0; kind < ENDING_KIND_COUNT; kind++)
		if (kinds >> kind & 1)
			bit_set_add_all(&about, &knowledge->of_kind[kind]);
	for (unsigned fact = bit_set_next(&facts->yes, 0); fact < BIT_SET_MOST;
		fact = bit_set_next(&facts->yes, fact + 1))
		bit_set_add_all(&asked, &knowledge->of_fact[fact]);
	for (unsigned word = 0; word < BIT_SET_WORDS; word++)
		for (uint64_t left = asked.words[word] & about.words[word];
			left; left &= left - 1) {
			unsigned i = word * 64 +
				     (unsigned)__builtin_ctzll(left);

			if (signature_applies(knowledge->rows[i], &facts->yes,
				    &facts->no))
				bit_set_add(&verdict->applies, i);
		}
	verdict->stands = verdict->applies;
	for (unsigned i = bit_set_next(&verdict->applies, 0); i < BIT_SET_MOST;
		i = bit_set_next(&verdict->applies, i + 1))
		bit_set_remove_all(&verdict->stands, &knowledge->outranked[i]);
}

/* Which of two equally sure rows is told first: the one that rests on more
 * facts; by name, where that is equal too. */
static bool is_told_before(
	const struct signature *row, const struct signature *other)
{
	unsigned facts =
		bit_set_count(&row->needs) + bit_set_count(&row->denies);
	unsigned others =
		bit_set_count(&other->needs) + bit_set_count(&other->denies);

	if (facts != others)
		return facts > others;
	return strcmp(row->name, other->name) < 0;
}

static bool is_surer(const struct signature *row, const struct signature *other)
{
	if (row->grade != other->grade)
		return row->grade > other->grade;
	return is_told_before(row, other);
}

/* Does another row that stands give the same reading, and is it surer? */
static bool is_told_by_another(const struct knowledge *knowledge,
	const struct closed_conn *conn, const struct facts *facts,
	const struct verdict *verdict, unsigned number)
{
	struct reading own, other;

	own = verdict_reading(knowledge, conn, verdict->ending, facts, number);
	for (unsigned i = bit_set_next(&verdict->stands, 0); i < BIT_SET_MOST;
		i = bit_set_next(&verdict->stands, i + 1)) {
		if (i == number ||
			!is_surer(knowledge->rows[i], knowledge->rows[number]))
			continue;
		other = verdict_reading(
			knowledge, conn, verdict->ending, facts, i);
		if (verdict_is_same_reading(&own, &other))
			return true;
	}
	return false;
}

void verdict_find(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending, unsigned kinds,
	const struct facts *facts, struct verdict *verdict)
{
	const struct signature *row;

	*verdict = (struct verdict){.ending = ending};
	find_rows(knowledge, kinds, facts, verdict);
	for (unsigned i = bit_set_next(&verdict->stands, 0); i < BIT_SET_MOST;
		i = bit_set_next(&verdict->stands, i + 1)) {
		if (is_told_by_another(knowledge, conn, facts, verdict, i))
			continue;
		row = knowledge->rows[i];
		if (!verdict->row || row->grade < verdict->row->grade ||
			(row->grade == verdict->row->grade &&
				is_told_before(row, verdict->row))) {
			verdict->grade =
				verdict->row && row->grade ==
							verdict->row->grade
					? GRADE_POSSIBLE
					: row->grade;
			verdict->row = row;
			verdict->number = i;
		} else if (row->grade == verdict->row->grade) {
			verdict->grade = GRADE_POSSIBLE;
		}
	}
	if (!verdict->row)
		return;
	verdict->reading = verdict_reading(
		knowledge, conn, ending, facts, verdict->number);
	verdict->ending =
		ending_for(knowledge, conn, ending, facts, verdict->number);
}
