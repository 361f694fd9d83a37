#include "analysis/verdict/incident_reasons.h"

#include "analysis/observe/conn_view.h"
#include "analysis/verdict/incident_evidence.h"
#include "analysis/verdict/knowledge.h"

void incident_add_also(struct incident *incident, enum mechanism mechanism,
	enum party sender, enum party culprit, const char *why)
{
	struct other_reading *reading;

	if (incident->also_count == INCIDENT_ALSO ||
		(incident->mechanism == mechanism &&
			incident->culprit == culprit &&
			incident->sender == sender))
		return;
	for (unsigned i = 0; i < incident->also_count; i++)
		if (incident->also[i].mechanism == mechanism &&
			incident->also[i].culprit == culprit &&
			incident->also[i].sender == sender)
			return;
	reading = &incident->also[incident->also_count++];
	reading->mechanism = mechanism;
	reading->sender = sender;
	reading->culprit = culprit;
	reading->why = why;
}

/* What goes unanswered fits every path: RFC 791 asks 576 bytes of it, RFC 8200
 * 1280. */
static bool is_small(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned subject)
{
	const struct unacked_run *unacked =
		conn->evidence ? &conn->evidence->unacked[subject] : NULL;

	return unacked && unacked->is_active &&
	       unacked->first_ip_bytes <= context->thresholds->least_mtu_bytes;
}

void incident_add_undecided(struct incident *incident, enum fact fact)
{
	if (incident->undecided_count == INCIDENT_UNDECIDED)
		return;
	incident->undecided[incident->undecided_count++] =
		(struct undecided){fact_word(fact), fact_settled_by(fact)};
}

/* What the row itself names as other readings, and what would decide. */
static void add_doubts(const struct verdict_context *context,
	struct incident *incident, const struct closed_conn *conn,
	const struct verdict *verdict, const struct facts *facts)
{
	unsigned subject = verdict->ending.side;
	const struct signature *row = verdict->row;

	for (unsigned i = 0; i < SIGNATURE_ALSO; i++) {
		const struct also *also = &row->also[i];

		if (also->mechanism == MECHANISM_UNKNOWN)
			break;
		if (also->mechanism == MECHANISM_PMTU_BLACK_HOLE &&
			is_small(context, conn, subject))
			continue;
		incident_add_also(incident, also->mechanism,
			verdict_party(conn, verdict->ending, also->sender),
			verdict_party(conn, verdict->ending, also->culprit),
			also->why);
	}
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (bit_set_has(&row->decide, i) &&
			!fact_holds(facts, (enum fact)i))
			incident_add_undecided(incident, (enum fact)i);
}

/* The other rows that apply: readings where they stand, names where another
 * outranks them. */
static void add_other_rows(const struct knowledge *knowledge,
	const struct closed_conn *conn, const struct facts *facts,
	const struct verdict *verdict, struct incident *incident)
{
	for (unsigned i = 0; i < knowledge->count; i++) {
		const struct signature *row = knowledge->rows[i];
		struct reading reading;

		if (bit_set_has(&verdict->stands, i)) {
			reading = verdict_reading(
				knowledge, conn, verdict->ending, facts, i);
			incident_add_also(incident, reading.mechanism,
				reading.sender, reading.culprit, row->summary);
		} else if (bit_set_has(&verdict->applies, i) &&
			   incident->outranked_count < INCIDENT_OUTRANKED) {
			incident->outranked[incident->outranked_count++] =
				row->name;
		}
	}
}

void incident_add_reasons(const struct verdict_context *context,
	const struct closed_conn *conn, const struct verdict *verdict,
	const struct facts *facts, struct incident *incident)
{
	add_doubts(context, incident, conn, verdict, facts);
	add_other_rows(context->knowledge, conn, facts, verdict, incident);
	incident_evidence_add(context, conn, facts, verdict, incident);
}
