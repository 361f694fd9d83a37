#include "report/comparison_incident.h"

#include "analysis/compare/culprit_side.h"
#include "analysis/verdict/incident_reasons.h"

static bool is_of_device(const struct incident *incident)
{
	return incident->sender == PARTY_MIDDLEBOX &&
	       (incident->mechanism == MECHANISM_INJECTED ||
		       incident->mechanism == MECHANISM_FIREWALL_REJECT ||
		       incident->mechanism == MECHANISM_SYN_REJECTED);
}

/* What an endpoint is said to have sent, and did not: a device between sent it.
 * Why the connection ended stands where that is another's fault, as of a NAT
 * that forgot it. */
static void take_from_end(struct incident *incident, enum grade grade)
{
	bool is_refusal = incident->mechanism == MECHANISM_PORT_CLOSED ||
			  incident->mechanism == MECHANISM_SYN_REJECTED;

	incident->sender = PARTY_MIDDLEBOX;
	if (incident->culprit == PARTY_NAT_TIMEOUT ||
		incident->culprit == PARTY_MIDDLEBOX ||
		incident->culprit == PARTY_PATH_MTU)
		return;
	incident->culprit = PARTY_MIDDLEBOX;
	incident->mechanism =
		is_refusal ? MECHANISM_SYN_REJECTED : MECHANISM_INJECTED;
	incident->grade = grade;
}

static const char why_beside[] =
	"a device forged it as it did another: a reset in the other end's name "
	"entered where this one was recorded first, and nobody sent that";
static const char why_absent[] =
	"a device forged it: the capture nearer to its sender has no record of "
	"it, and has missed other packets too";

/* An end is said to have sent it, and a device may have. */
static void doubt_end(struct incident *incident, const char *why)
{
	if ((incident->sender != PARTY_CLIENT &&
		    incident->sender != PARTY_SERVER) ||
		incident->mechanism == MECHANISM_ORDERLY ||
		incident->grade <= GRADE_POSSIBLE)
		return;
	incident->grade = GRADE_POSSIBLE;
	incident_add_also(incident, MECHANISM_INJECTED, PARTY_MIDDLEBOX,
		PARTY_MIDDLEBOX, why);
}

static void raised_incident(
	const void *context, uint64_t index, struct incident *incident)
{
	const struct compared_incidents *own = context;
	struct culprit_side side;

	own->source->incident(own->source->context, index, incident);
	if (!is_of_device(incident)) {
		if (culprit_side_of(own->compare, incident->frame, &side) &&
			side.outcome->kind == OUTCOME_NEVER_SENT) {
			if (side.outcome->grade > GRADE_POSSIBLE)
				take_from_end(incident, side.outcome->grade);
			else
				doubt_end(incident, why_absent);
		} else if (culprit_side_is_beside_forged(
				   own->compare, incident->frame)) {
			doubt_end(incident, why_beside);
		}
		return;
	}
	if (culprit_side_left_sender(own->compare, incident->frame) &&
		incident->grade > GRADE_POSSIBLE)
		incident->grade = GRADE_POSSIBLE;
	if (!culprit_side_of(own->compare, incident->frame, &side) ||
		side.outcome->kind != OUTCOME_NEVER_SENT)
		return;
	/* and no surer than that */
	if (side.outcome->grade == GRADE_CERTAIN ||
		side.outcome->grade < incident->grade)
		incident->grade = side.outcome->grade;
}

static void flow(
	const void *context, uint64_t index, struct flow_summary *summary)
{
	const struct compared_incidents *own = context;

	own->source->flow(own->source->context, index, summary);
}

static const char *locate(
	const void *context, uint64_t frame, uint64_t *number_in_file)
{
	const struct compared_incidents *own = context;

	return own->source->locate(own->source->context, frame, number_in_file);
}

static unsigned place(const void *context, uint64_t frame)
{
	const struct compared_incidents *own = context;

	return own->source->place(own->source->context, frame);
}

struct report_source comparison_source(struct compared_incidents *incidents)
{
	struct report_source source = *incidents->source;

	source.context = incidents;
	source.incident = raised_incident;
	source.brief = NULL; /* the grade is the comparison's */
	source.flow = flow;
	source.locate = locate;
	source.place = place;
	return source;
}
