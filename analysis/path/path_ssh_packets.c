/* What the path does to an SSH connection's packets: to large ones in the key
 * exchange, and to those with the DSCP of a session. */
#include <math.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_large.h"
#include "analysis/path/path_ssh_result.h"
#include "probe/protocol/loss_chance.h"

/* Old data without a DSCP on the run's own connection. */
struct old_data_tally {
	unsigned sent, answered;
	uint64_t frame, answered_frame; /* the last */
	bool is_last_answered;
};

static void count(
	const struct path *path, uint32_t row, struct old_data_tally *tally)
{
	uint64_t arrived = path->replies[row].arrived;

	tally->sent++;
	tally->answered += arrived != 0;
	tally->frame = path->table.sent_probe[row].frame;
	tally->is_last_answered = arrived != 0;
	if (arrived)
		tally->answered_frame = arrived;
}

static bool is_old_data(const struct path *path, uint32_t row)
{
	const struct sent_probe *sent = &path->table.sent_probe[row];

	return sent->protocol == PROTOCOL_TCP &&
	       sent->source_port == path->roles.run_port &&
	       sent->payload_bytes > 1 && sent->ip_bytes <= LOSS_DELAY_BYTES &&
	       sent->tcp_flags == TCP_ACK &&
	       path_record_is_whole_way(path, row);
}

static struct old_data_tally tally_of(
	const struct path *path, uint8_t tos, bool is_sent_beside)
{
	struct old_data_tally tally = {0};
	bool has_begun = !is_sent_beside;

	for (uint32_t row = 0; row < path->table.count; row++) {
		has_begun = has_begun || path->table.sent_probe[row].tos != 0;
		if (has_begun && is_old_data(path, row) &&
			path->table.sent_probe[row].tos == tos)
			count(path, row, &tally);
	}
	return tally;
}

static void set_chance(const struct path *path, struct path_case *one,
	const struct old_data_tally *tally, unsigned tries)
{
	double share =
		loss_chance_share(tally->sent, tally->sent - tally->answered);

	mtu_bound_set_chance(path, &one->facts, PATH_FACT_LOSS_UNLIKELY,
		PATH_FACT_LOSS_EXCLUDED,
		pow(share, path_record_missing(path, tries)));
}

static void set_large(struct path_case *one, const struct ssh_reading *reading,
	const struct path *path)
{
	const struct dialog_large *large = &reading->flow->large;
	struct path_facts *facts = &one->facts;
	uint64_t reported = path_large_reported(path, reading->flow);

	if (!large->sent)
		return;
	path_fact_set(facts, PATH_FACT_SSH_LARGE_REPORTED, reported != 0);
	path_fact_frames(
		facts, PATH_FACT_SSH_LARGE_REPORTED, reported, large->frame);
	path_fact_as_expected(facts, PATH_FACT_SSH_LARGE_REPORTED, "%u bytes",
		large->ip_bytes);
	reported = path_large_size_reported(path, reading->flow);
	path_fact_set(facts, PATH_FACT_SSH_SIZE_REPORTED, reported != 0);
	path_fact_frames(
		facts, PATH_FACT_SSH_SIZE_REPORTED, reported, large->frame);
	if (large->arrived_frame || large->smaller_arrived_frame) {
		path_fact_set(facts, PATH_FACT_SSH_LARGE_ARRIVES,
			large->arrived_frame != 0);
		path_fact_frames(facts, PATH_FACT_SSH_LARGE_ARRIVES,
			large->arrived_frame ? large->arrived_frame
					     : large->frame,
			large->frame);
		path_fact_found(facts, PATH_FACT_SSH_LARGE_ARRIVES,
			large->arrived_frame ? "%u bytes"
					     : "%u bytes, %u times",
			large->ip_bytes, large->sent);
		path_fact_expected(facts, PATH_FACT_SSH_LARGE_ARRIVES,
			"an acknowledgment");
	}
	path_fact_set(facts, PATH_FACT_SSH_SMALLER_ARRIVES,
		large->smaller_arrived_frame != 0);
	path_fact_frames(facts, PATH_FACT_SSH_SMALLER_ARRIVES,
		large->smaller_arrived_frame, large->smaller_frame);
	path_fact_set(facts, PATH_FACT_SSH_LARGE_SENT_OFTEN,
		large->sent >= path->thresholds[PATH_SSH_LARGE_OFTEN]);
}

void path_ssh_large_case(const struct path *path,
	const struct ssh_result *result, const struct path_case_sink *sink)
{
	const struct ssh_reading *reading = &result->large;
	struct old_data_tally small = tally_of(path, 0, false);
	struct path_case one;
	struct path_facts *facts = &one.facts;

	path_case_begin(&one, PATH_SUBJECT_SSH, path->comment.family);
	path_case_word(&one.words, PATH_WORD_PORT, "%u", path->comment.port);
	if (!reading->flow || !reading->banner || !result->phases.reply)
		return;
	set_large(&one, reading, path);
	if (reading->flow->large.sent && !reading->flow->large.arrived_frame)
		set_chance(path, &one, &small, reading->flow->large.sent);
	path_case_word(&one.words, PATH_WORD_SIZE, "%u",
		reading->flow->large.ip_bytes);
	if (!path_resets_is_cut(path, reading->flow))
		path_fact_set(facts, PATH_FACT_SSH_CLOSED_IN_EXCHANGE,
			path_dialog_is_closed(reading->flow) &&
				!reading->reply);
	if (reading->reply || path_ssh_has_waited(reading))
		path_fact_set(facts, PATH_FACT_SSH_LARGE_ANSWERED,
			reading->reply != NULL);
	if (reading->reply)
		path_fact_frames(facts, PATH_FACT_SSH_LARGE_ANSWERED,
			reading->reply->frame,
			reading->began ? reading->began->frame : 0);
	path_fact_as_expected(facts, PATH_FACT_SSH_LARGE_ANSWERED, "%s",
		reading->reply	   ? "all of it"
		: reading->kexinit ? "KEXINIT alone"
				   : "nothing");
	sink->take(sink->context, &one);
}

/* None with that mark is answered, and the last without a mark is. */
static void set_lost(const struct path *path, struct path_case *one,
	uint8_t tos, const struct old_data_tally *marked)
{
	struct old_data_tally unmarked = tally_of(path, 0, true);
	struct path_facts *facts = &one->facts;

	path_fact_set(facts, PATH_FACT_SSH_MARKED_ANSWERED, false);
	path_fact_frames(facts, PATH_FACT_SSH_MARKED_ANSWERED, marked->frame,
		unmarked.answered_frame);
	path_fact_found(facts, PATH_FACT_SSH_MARKED_ANSWERED,
		"none of %u with DSCP %d", marked->sent, tos >> 2);
	path_fact_expected(
		facts, PATH_FACT_SSH_MARKED_ANSWERED, "an answer to each");
	one->figures.ssh.dscp = tos >> 2;
	path_case_word(&one->words, PATH_WORD_DSCP, "%d", tos >> 2);
	set_chance(path, one, &unmarked, marked->sent);
}

void path_ssh_marks_case(
	const struct path *path, const struct path_case_sink *sink)
{
	struct old_data_tally unmarked = tally_of(path, 0, true);
	unsigned answered = 0;
	struct path_case one;
	struct path_facts *facts = &one.facts;

	path_case_begin(&one, PATH_SUBJECT_SSH, path->comment.family);
	if (unmarked.sent == 0)
		return;
	path_fact_set(facts, PATH_FACT_SSH_UNMARKED_ANSWERED,
		unmarked.is_last_answered && unmarked.answered > 1);
	path_fact_frames(facts, PATH_FACT_SSH_UNMARKED_ANSWERED,
		unmarked.answered_frame, unmarked.frame);
	path_fact_as_expected(facts, PATH_FACT_SSH_UNMARKED_ANSWERED,
		"%u of %u", unmarked.answered, unmarked.sent);
	for (int i = 0; i < SSH_MARKS; i++) {
		struct old_data_tally marked =
			tally_of(path, ssh_marks[i], true);

		answered += marked.answered > 0;
		if (!marked.answered && marked.sent >= SSH_MARKED_TIMES &&
			one.figures.ssh.dscp == 0)
			set_lost(path, &one, ssh_marks[i], &marked);
	}
	if (answered == SSH_MARKS) {
		path_fact_set(facts, PATH_FACT_SSH_MARKED_ANSWERED, true);
		path_fact_as_expected(facts, PATH_FACT_SSH_MARKED_ANSWERED,
			"each of %u", answered);
	}
	sink->take(sink->context, &one);
}
