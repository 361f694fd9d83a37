#include "analysis/path/path_port.h"

#include <math.h>
#include <string.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_hops.h"
#include "analysis/path/path_resets.h"
#include "capture/icmp_name.h"
#include "probe/protocol/loss_chance.h"

/* Whether an ICMP error rejects. Other codes mean that a router has no route
 * to the target: RFC 1812, 5.2.7.1, and RFC 4443, 3.1. */
static bool is_refusal(const struct path *path)
{
	uint8_t code = path->rejected_code;

	return path->comment.family == 4
		       ? code == 2 || code == 3 || code == 9 || code == 10 ||
				 code == 13
		       : code == 1 || code >= 4;
}

static void set_error(const struct path *path, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	const char *name = icmp_name(
		path->comment.family, path->rejected_type, path->rejected_code);

	path_fact_set(facts, PATH_FACT_ERROR_CAME, true);
	path_fact_frames(facts, PATH_FACT_ERROR_CAME, path->rejected_frame,
		path->syn_frame);
	path_fact_as_expected(facts, PATH_FACT_ERROR_CAME, "%s", name);
	path_fact_set(facts, PATH_FACT_ERROR_REFUSES, is_refusal(path));
	path_fact_set(facts, PATH_FACT_ERROR_FROM_TARGET,
		memcmp(&path->rejected_from, &path->comment.target,
			sizeof(path->rejected_from)) == 0);
	path_case_word(&one->words, PATH_WORD_ERROR, "%s", name);
	one->figures.reporter = path->rejected_from;
	one->figures.hop = path_hops_of(path, &path->rejected_from);
}

/* The chance that loss alone took all SYNs, by the loss of echo: nothing but
 * echo is answered where no connection opens. */
static void set_loss(const struct path *path, struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	struct mtu_bound echo = mtu_bound_of(path, METHOD_ECHO);

	if (echo.lost_below == 0)
		return;
	mtu_bound_set_chance(path, facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		pow(loss_chance_share(echo.sent_below, echo.lost_below),
			path->syn_count));
	path_case_word(&one->words, PATH_WORD_SENT, "%u", echo.sent_below);
	path_case_word(&one->words, PATH_WORD_ARRIVED, "%u",
		echo.sent_below - echo.lost_below);
}

/* Known where all resets agree. */
static void set_marked(struct path_facts *facts, enum path_fact fact,
	const struct path_marked *marked)
{
	if ((marked->with != 0) == (marked->without != 0))
		return;
	path_fact_set(facts, fact, marked->with != 0);
	path_fact_frames(facts, fact, marked->frame, marked->against);
	path_fact_found(facts, fact, "traffic class %d in %u resets",
		marked->with ? RESET_MARK : 0, marked->with + marked->without);
	path_fact_expected(facts, fact, "traffic class %d", RESET_MARK);
}

bool path_port_is_missed(const struct path *path)
{
	return path->rejected_frame && !is_refusal(path);
}

void path_port_cases(const struct path *path, const struct path_case_sink *sink)
{
	struct path_case one;
	struct path_facts *facts = &one.facts;

	if (path->syn_frame == 0)
		return;
	path_case_begin(&one, PATH_SUBJECT_PORT, path->comment.family);
	path_fact_set(facts, PATH_FACT_SYN_ACK_CAME, path->opened_frame != 0);
	path_fact_set(facts, PATH_FACT_SYN_REPEATED,
		path->syn_count >= path->thresholds[PATH_SYNS_FOR_SILENCE]);
	path_fact_set(facts, PATH_FACT_RESET_CAME, path->closed.frame != 0);
	if (path->rejected_frame)
		set_error(path, &one);
	if (path->closed.frame) {
		path_fact_frames(facts, PATH_FACT_RESET_CAME,
			path->closed.frame, path->syn_frame);
		path_fact_as_expected(facts, PATH_FACT_RESET_CAME, "reset");
		path_resets_weigh(path, &path->closed, &one);
	}
	path_fact_set(facts, PATH_FACT_SYN_ANSWERED,
		path->opened_frame || path->closed.frame ||
			path->rejected_frame);
	path_fact_frames(facts, PATH_FACT_SYN_ANSWERED, 0, path->syn_frame);
	path_fact_found(facts, PATH_FACT_SYN_ANSWERED, "silence");
	path_fact_expected(facts, PATH_FACT_SYN_ANSWERED, "an answer");
	set_marked(facts, PATH_FACT_PORT_RETURNS_MARK, &path->marked);
	set_marked(facts, PATH_FACT_OTHERS_RETURN_MARK, &path->marked_unused);
	set_loss(path, &one);
	path_fact_set(facts, PATH_FACT_ECHO_ALONE_MEASURED,
		path->distance &&
			section_comment_has(&path->comment, EXPERIMENT_MTU));
	sink->take(sink->context, &one);
}
