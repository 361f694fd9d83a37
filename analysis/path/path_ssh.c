#include "analysis/path/path_ssh.h"

#include <string.h>

#include "analysis/path/path_ssh_result.h"
#include "capture/safe_text.h"
#include "probe/protocol/ssh_rules.h"

static uint64_t end_frame(const struct path_dialog *flow)
{
	return flow->closed_frame ? flow->closed_frame : flow->reset_frame;
}

static void set_frame(struct path_facts *facts, enum path_fact fact, bool holds,
	uint64_t frame, uint64_t against)
{
	path_fact_set(facts, fact, holds);
	path_fact_frames(facts, fact, frame, against);
}

/* What the server said, with bytes that can be shown. */
static void set_text(struct path_facts *facts, enum path_fact fact,
	const struct ssh_reading *reading)
{
	char safe[FOUND_BYTES];

	(void)safe_text_copy(
		safe, sizeof(safe), reading->text, strlen(reading->text));
	path_fact_as_expected(facts, fact, "%s", safe);
}

static void set_beginning(const struct path *path, struct path_case *one,
	const struct ssh_result *result)
{
	const struct ssh_reading *phases = &result->phases;
	const struct path_dialog *flow = phases->flow;
	struct path_facts *facts = &one->facts;

	path_fact_set(
		facts, PATH_FACT_SSH_SERVER_SPOKE, result->spoke_frame != 0);
	path_fact_frames(
		facts, PATH_FACT_SSH_SERVER_SPOKE, result->spoke_frame, 0);
	if (!flow)
		return;
	set_frame(facts, PATH_FACT_SSH_ACCEPTED, flow->is_open,
		flow->open_frame, flow->syn_frame);
	set_frame(facts, PATH_FACT_SSH_IDENTIFIED, phases->is_identified,
		phases->banner ? phases->banner->frame : 0, flow->open_frame);
	if (phases->is_identified)
		set_text(facts, PATH_FACT_SSH_IDENTIFIED, phases);
	set_frame(facts, PATH_FACT_SSH_TEXT_ACKNOWLEDGED,
		flow->acked_frame != 0, flow->acked_frame, flow->open_frame);
	if (flow == result->closed)
		return; /* one of several */
	set_frame(facts, PATH_FACT_SSH_CLOSED_UNSAID,
		path_ssh_is_closed_unsaid(flow), end_frame(flow),
		flow->open_frame);
	if (path_ssh_is_closed_unsaid(flow)) {
		one->figures.ssh.wait_ns =
			path_record_elapsed_ns(flow->open_ns, flow->closed_ns);
		path_fact_found(facts, PATH_FACT_SSH_CLOSED_UNSAID,
			"%s after %.1f s", flow->reset_frame ? "reset" : "FIN",
			path_ssh_seconds(one->figures.ssh.wait_ns));
		path_fact_expected(facts, PATH_FACT_SSH_CLOSED_UNSAID,
			"an identification");
	}
	if (flow->reset_frame)
		path_resets_weigh(path,
			&(struct path_reset){
				flow->reset_frame, flow->reset_ttl},
			one);
	if (result->large.flow && result->large.flow->is_open)
		set_frame(facts, PATH_FACT_SSH_CLOSED_AGAIN,
			path_ssh_is_closed_unsaid(result->large.flow) &&
				!path_resets_is_cut(path, result->large.flow),
			end_frame(result->large.flow),
			result->large.flow->open_frame);
}

/* How long the identification took, or the silence. */
static void set_banner(const struct path *path, struct path_case *one,
	const struct ssh_result *result)
{
	const struct ssh_reading *phases = &result->phases;
	const struct path_dialog *flow = phases->flow;
	struct path_facts *facts = &one->facts;
	bool was_late;

	if (!flow || !flow->is_open)
		return;
	if (!phases->banner) {
		int64_t waited_ns = path_ssh_age_ns(path, flow);

		path_fact_set(facts, PATH_FACT_SSH_WAITED,
			waited_ns >= (SSH_BANNER_WAIT_S - 1) *
						INT64_C(1000000000) &&
				!path_dialog_is_closed(flow));
		path_fact_as_expected(facts, PATH_FACT_SSH_WAITED, "%.1f s",
			path_ssh_seconds(waited_ns));
		if (!one->figures.ssh.wait_ns)
			one->figures.ssh.wait_ns = waited_ns;
		return;
	}
	was_late = path_ssh_is_late(path, flow, phases->banner);
	one->figures.ssh.wait_ns = path_ssh_wait_ns(path, flow, phases->banner);
	set_frame(facts, PATH_FACT_SSH_BANNER_LATE, was_late,
		phases->banner->frame, flow->open_frame);
	path_fact_found(facts, PATH_FACT_SSH_BANNER_LATE, "%.3f s",
		path_ssh_seconds(one->figures.ssh.wait_ns));
	path_fact_expected(facts, PATH_FACT_SSH_BANNER_LATE, "below %.0f s",
		path->thresholds[PATH_SSH_LATE_S]);
	path_fact_set(facts, PATH_FACT_SSH_BANNER_LATE_AGAIN,
		result->late > (was_late ? 1u : 0u));
	path_fact_as_expected(facts, PATH_FACT_SSH_BANNER_LATE_AGAIN,
		"on %u of %u connections", result->late, result->identified);
}

static void set_refusals(const struct path *path, struct path_case *one,
	const struct ssh_result *result)
{
	const struct path_dialog *refused =
		result->refused ? result->refused : result->closed;
	struct path_facts *facts = &one->facts;
	bool is_known = result->phases.flow && result->phases.flow->is_open;

	if (result->refusal == SSH_EXCEEDED_MAX_STARTUPS) {
		set_frame(facts, PATH_FACT_SSH_SAID_MAX_STARTUPS, true,
			result->refusal_frame, refused->open_frame);
		path_fact_as_expected(facts, PATH_FACT_SSH_SAID_MAX_STARTUPS,
			"Exceeded MaxStartups");
	}
	if (result->refusal == SSH_NOT_ALLOWED) {
		set_frame(facts, PATH_FACT_SSH_SAID_NOT_ALLOWED, true,
			result->refusal_frame, refused->open_frame);
		path_fact_as_expected(facts, PATH_FACT_SSH_SAID_NOT_ALLOWED,
			"Not allowed at this time");
	}
	set_frame(facts, PATH_FACT_SSH_ONE_OF_MANY_CLOSED,
		result->closed != NULL,
		result->closed ? end_frame(result->closed) : 0,
		result->closed ? result->closed->open_frame : 0);
	if (result->phases.is_identified)
		path_fact_set(facts, PATH_FACT_SSH_SAYS_REFUSALS,
			ssh_rules_openssh_version(result->phases.text) >=
				SSH_SAYS_MAX_STARTUPS);
	if (refused) {
		one->figures.ssh.open = refused->open_beside + 1;
		path_fact_set(facts, PATH_FACT_SSH_OTHERS_ACCEPTED,
			result->identified_before > 0);
		path_fact_as_expected(facts, PATH_FACT_SSH_OTHERS_ACCEPTED,
			"%u before, %u still open", result->identified_before,
			refused->open_beside);
	}
	path_case_word(&one->words, PATH_WORD_OPEN, "%u",
		refused ? one->figures.ssh.open : result->most_open);
	if (!is_known)
		return;
	path_fact_set(facts, PATH_FACT_SSH_MANY_ACCEPTED,
		!refused && result->most_open >= path->rules->ssh_at_once);
	path_fact_as_expected(facts, PATH_FACT_SSH_MANY_ACCEPTED, "%u at once",
		result->most_open);
}

static void set_exchange(const struct path *path, struct path_case *one,
	const struct ssh_result *result)
{
	const struct ssh_reading *phases = &result->phases;
	struct path_facts *facts = &one->facts;

	if (!phases->flow || !phases->banner)
		return;
	if (phases->reply)
		set_frame(facts, PATH_FACT_SSH_KEY_EXCHANGE_ANSWERED, true,
			phases->reply->frame,
			phases->began ? phases->began->frame : 0);
	else if (path_ssh_has_waited(phases))
		path_fact_set(
			facts, PATH_FACT_SSH_KEY_EXCHANGE_ANSWERED, false);
	set_frame(facts, PATH_FACT_SSH_KEY_EXCHANGE_BEGUN,
		phases->began != NULL, phases->began ? phases->began->frame : 0,
		0);
	if (path_resets_is_cut(path, phases->flow))
		return;
	set_frame(facts, PATH_FACT_SSH_CLOSED_IN_EXCHANGE,
		path_dialog_is_closed(phases->flow) && !phases->reply,
		end_frame(phases->flow), phases->banner->frame);
}

static void set_grace(const struct path *path, struct path_case *one,
	const struct ssh_result *result)
{
	const struct path_dialog *ended = result->ended,
				 *longest = result->longest;
	struct path_facts *facts = &one->facts;
	int64_t age_ns = 0;

	path_fact_set(
		facts, PATH_FACT_SSH_ENDED_UNAUTHENTICATED, ended != NULL);
	if (ended) {
		age_ns = path_ssh_age_ns(path, ended);
		path_fact_frames(facts, PATH_FACT_SSH_ENDED_UNAUTHENTICATED,
			end_frame(ended), ended->open_frame);
		path_fact_as_expected(facts,
			PATH_FACT_SSH_ENDED_UNAUTHENTICATED, "after %.1f s",
			path_ssh_seconds(age_ns));
		one->figures.ssh.wait_ns = age_ns;
		return;
	}
	if (longest)
		age_ns = path_ssh_age_ns(path, longest);
	path_fact_set(facts, PATH_FACT_SSH_OUTLIVED_DEFAULT_GRACE,
		path_ssh_seconds(age_ns) >=
			path->thresholds[PATH_SSH_GRACE_DEFAULT_S]);
	path_fact_as_expected(facts, PATH_FACT_SSH_OUTLIVED_DEFAULT_GRACE,
		"%.1f s", path_ssh_seconds(age_ns));
}

static void begin(const struct path *path, struct path_case *one)
{
	path_case_begin(one, PATH_SUBJECT_SSH, path->comment.family);
	path_case_word(&one->words, PATH_WORD_PORT, "%u", path->comment.port);
}

static void grace_case(const struct path *path, const struct ssh_result *result,
	const struct path_case_sink *sink)
{
	struct path_case one;

	begin(path, &one);
	if (result->phases.flow && result->phases.is_identified)
		set_grace(path, &one, result);
	path_case_word(&one.words, PATH_WORD_WAIT, "%.1f",
		path_ssh_seconds(one.figures.ssh.wait_ns));
	sink->take(sink->context, &one);
}

void path_ssh_cases(const struct path *path, const struct path_case_sink *sink)
{
	struct ssh_result result = {0};
	struct path_case one;

	if (section_comment_has(&path->comment, EXPERIMENT_SSH))
		path_ssh_result_read(path, &result);
	if (path->startups_frame && result.refusal != SSH_EXCEEDED_MAX_STARTUPS)
		path_ssh_startups_case(path, sink);
	if (path->not_allowed_frame && result.refusal != SSH_NOT_ALLOWED)
		path_ssh_not_allowed_case(path, sink);
	if (!section_comment_has(&path->comment, EXPERIMENT_SSH))
		return;
	begin(path, &one);
	set_beginning(path, &one, &result);
	set_banner(path, &one, &result);
	set_refusals(path, &one, &result);
	path_ssh_set_algorithms(&one, &result);
	set_exchange(path, &one, &result);
	path_case_word(&one.words, PATH_WORD_WAIT, "%.1f",
		path_ssh_seconds(one.figures.ssh.wait_ns));
	sink->take(sink->context, &one);
	path_ssh_large_case(path, &result, sink);
	grace_case(path, &result, sink);
	path_ssh_marks_case(path, sink);
}

void path_ssh_measure(const struct path *path, struct path_ssh_times *times)
{
	struct ssh_result result = {0};
	const struct ssh_reading *phases = &result.phases;
	const struct path_dialog *flow;

	path_ssh_result_read(path, &result);
	flow = phases->flow;
	*times = (struct path_ssh_times){.handshake_ns = -1,
		.banner_ns = -1,
		.kexinit_ns = -1,
		.reply_ns = -1,
		.close_ns = -1};
	times->identified = result.identified;
	if (!flow || !flow->is_open)
		return;
	if (flow->syn_count == 1)
		times->handshake_ns =
			path_record_elapsed_ns(flow->syn_ns, flow->open_ns);
	if (phases->banner)
		times->banner_ns = path_record_elapsed_ns(
			flow->open_ns, phases->banner->ns);
	times->kexinit_ns =
		path_record_between_ns(phases->banner, phases->kexinit);
	times->reply_ns = path_record_between_ns(phases->began, phases->reply);
	if (flow->left_frame && flow->closed_frame > flow->left_frame)
		times->close_ns =
			path_record_elapsed_ns(flow->left_ns, flow->closed_ns);
	if (phases->is_identified)
		(void)safe_text_copy(times->software, sizeof(times->software),
			phases->text, strlen(phases->text));
}
