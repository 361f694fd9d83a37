#include "analysis/path/path_loss.h"

#include <inttypes.h>
#include <math.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_loss_place.h"

static double percent(const struct loss_share *share)
{
	return share->sent ? 100.0 * share->lost / share->sent : 0;
}

static void count(const struct path *path, enum probe_method method,
	struct loss_share *all, struct loss_share *large)
{
	uint32_t most_bytes = mtu_bound_of(path, method).passed;

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		bool is_lost = !path->replies[row].arrived;

		if (path_record_method(path, row) != method ||
			!path_record_is_whole_way(path, row) ||
			path_record_refused(path, row) ||
			sent_probe->ip_bytes > most_bytes)
			continue;
		all->sent++;
		all->lost += is_lost;
		if (is_lost && all->lost_frame == 0)
			all->lost_frame = sent_probe->frame;
		if (sent_probe->ip_bytes > path->rules->loss_medium_bytes) {
			large->sent++;
			large->lost += is_lost;
		}
	}
}

static void set_figures(const struct path *path, struct path_figures *figures,
	const struct loss_share *all, const struct loss_share *large)
{
	figures->percent = percent(all);
	figures->percent_large = percent(large);
	path_loss_place_interval(
		path, all, &figures->percent_low, &figures->percent_high);
	figures->percent_low *= 100;
	figures->percent_high *= 100;
}

/* The chance that of so many no more are lost. */
static double chance_of_few(const struct loss_share *share, double part)
{
	double one = pow(1 - part, share->sent), all = one;

	for (unsigned lost = 1; lost <= share->lost; lost++) {
		one *= (share->sent - lost + 1) / (double)lost * part /
		       (1 - part);
		all += one;
	}
	return all;
}

/* The least loss that no more than these lost ones contradict, as good as
 * surely. */
static double least_contradicted(
	const struct path *path, const struct loss_share *share)
{
	enum { HALVINGS = 30 };
	double low = 0, high = 1;

	for (int i = 0; i < HALVINGS; i++) {
		double middle = (low + high) / 2;
		bool is_contradicted = chance_of_few(share, middle) <
				       path->thresholds[PATH_CERTAIN_CHANCE];

		low = is_contradicted ? low : middle;
		high = is_contradicted ? middle : high;
	}
	return high;
}

/* The server sent data into a window that only a later ACK opened, and before a
 * FIN, which carries that ACK too, had left. */
static bool do_acks_arrive(const struct path *path)
{
	for (unsigned i = 0; i < path->stream_count; i++)
		if (path->streams[i].is_asked && path->streams[i].largest &&
			path->streams[i].answered_ns < path->streams[i].left_ns)
			return true;
	return false;
}

static void set_handshake(const struct path *path, struct path_facts *facts)
{
	const enum path_fact fact = PATH_FACT_HANDSHAKE_COMPLETE;

	path_fact_set(facts, PATH_FACT_SYN_ANSWERED_BY_SYN_ACK,
		path->opened_frame != 0);
	if (path->confirmed_ns != INT64_MAX) {
		path_fact_set(facts, fact, true);
	} else if (path->syn_ack_again_frame && !do_acks_arrive(path)) {
		path_fact_set(facts, fact, false);
		path_fact_frames(facts, fact, path->syn_ack_again_frame,
			path->opened_frame);
		path_fact_found(facts, fact, "SYN-ACK again");
		path_fact_expected(facts, fact, "answers to old data");
	}
}

/* Nothing counts, since no old data was answered. */
static void set_unanswered(const struct path *path, struct path_facts *facts)
{
	const enum path_fact fact = PATH_FACT_OLD_DATA_ANSWERED;
	unsigned sent = 0;
	uint64_t first_frame = 0;

	for (uint32_t row = 0; row < path->table.count; row++) {
		if (path->uses[row] != ROW_BEFORE_OPEN &&
			(path_record_method(path, row) != METHOD_TCP ||
				!path_record_is_whole_way(path, row)))
			continue;
		if (sent++ == 0)
			first_frame = path->table.sent_probe[row].frame;
	}
	if (sent == 0)
		return;
	path_fact_set(facts, fact, false);
	path_fact_frames(facts, fact, first_frame, 0);
	path_fact_found(facts, fact, "0 of %u answered", sent);
	path_fact_expected(facts, fact, "all answered");
}

/* So many are lost that fewer packets show it. */
static bool is_plain(const struct path *path, const struct loss_share *all)
{
	double low, high;

	path_loss_place_interval(path, all, &low, &high);
	return all->sent >= path->thresholds[PATH_LOSS_PLAIN_SENT] &&
	       100 * low > path->thresholds[PATH_LOSS_PLAIN_PERCENT];
}

static bool is_enough(const struct path *path, const struct loss_share *all)
{
	return all->sent >= path->rules->loss_least_sent || is_plain(path, all);
}

static bool is_measured(const struct path *path, enum probe_method method)
{
	struct loss_share all = {0}, large = {0};

	count(path, method, &all, &large);
	return is_enough(path, &all);
}

/* The method that was asked often enough: the prober takes echo where the
 * connection was not confirmed in time, and the connection may be later. */
enum probe_method path_loss_method(const struct path *path)
{
	if (mtu_bound_of(path, METHOD_TCP).passed == 0)
		return METHOD_ECHO;
	return is_measured(path, METHOD_TCP) || !is_measured(path, METHOD_ECHO)
		       ? METHOD_TCP
		       : METHOD_ECHO;
}

/* Whole requests, and such in fragments: of these each that is answered is one
 * more that was not lost, or several. */
static struct loss_share count_echo(const struct path *path)
{
	uint32_t most_bytes = mtu_bound_of(path, METHOD_ECHO).passed;
	struct loss_share echo = {0};

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent = &path->table.sent_probe[row];
		bool is_first_piece =
			sent->is_fragment &&
			probe_echo_kind_of(sent) != ECHO_KIND_COUNT;

		if ((!is_first_piece &&
			    path_record_method(path, row) != METHOD_ECHO) ||
			!path_record_is_whole_way(path, row) ||
			sent->ip_bytes > most_bytes)
			continue;
		echo.sent++;
		echo.lost += !path->replies[row].arrived;
	}
	return echo;
}

/* Echo takes the same path, or one beside it. */
static void set_echo(const struct path *path, struct path_case *one,
	const struct loss_share *all)
{
	const enum path_fact fact = PATH_FACT_ECHO_LOST_AS_OFTEN;
	struct loss_share echo = count_echo(path);
	double low, high;

	path_loss_place_interval(path, all, &low, &high);
	if (all->lost == 0 || path->is_echo_elsewhere || low >= 1 ||
		chance_of_few(&echo, low) >=
			path->thresholds[PATH_LIKELY_CHANCE])
		return;
	path_fact_set(&one->facts, fact, false);
	path_fact_found(
		&one->facts, fact, "%u of %u lost", echo.lost, echo.sent);
	path_fact_expected(&one->facts, fact, "%.0f %% or more", 100 * low);
}

static void set_capture(const struct path *path, struct path_case *one)
{
	const enum path_fact fact = PATH_FACT_CAPTURE_COMPLETE;

	if (path->totals.capture_lost == 0)
		return;
	path_fact_set(&one->facts, fact, false);
	path_fact_found(&one->facts, fact, "%" PRIu64 " packets lost",
		path->totals.capture_lost);
	path_fact_expected(&one->facts, fact, "none");
	path_case_word(&one->words, PATH_WORD_CAPTURE, "%" PRIu64,
		path->totals.capture_lost);
}

void path_loss_cases(const struct path *path, const struct path_case_sink *sink)
{
	enum probe_method method = path_loss_method(path);
	enum path_fact fact = method == METHOD_TCP ? PATH_FACT_OLD_DATA_ANSWERED
						   : PATH_FACT_ECHO_ANSWERED;
	struct loss_share all = {0}, large = {0};
	struct path_case one;
	struct path_facts *facts = &one.facts;

	count(path, method, &all, &large);
	path_case_begin(&one, PATH_SUBJECT_LOSS, path->comment.family);
	path_fact_set(
		facts, PATH_FACT_SENT_OFTEN_ENOUGH, is_enough(path, &all));
	path_fact_set(facts, PATH_FACT_SEVERAL_LOST,
		path_record_missing(path, all.lost) >=
			path->thresholds[PATH_LOSS_LEAST_LOST]);
	path_fact_set(facts, PATH_FACT_MANY_LOST,
		path_record_missing(path, all.lost) >=
			path->thresholds[PATH_LOSS_SURELY_LOST]);
	set_capture(path, &one);
	set_handshake(path, facts);
	path_case_word(&one.words, PATH_WORD_SENT, "%u", all.sent);
	if (all.sent == 0) {
		set_unanswered(path, facts);
		sink->take(sink->context, &one);
		return;
	}
	path_fact_set(facts, fact, all.lost == 0);
	path_fact_frames(facts, fact, all.lost_frame, 0);
	path_fact_found(facts, fact, "%u of %u lost", all.lost, all.sent);
	path_fact_expected(facts, fact, "all answered");
	set_figures(path, &one.figures, &all, &large);
	path_case_word(&one.words, PATH_WORD_MOST, "%.1f",
		100 * least_contradicted(path, &all));
	if (method == METHOD_TCP) {
		set_echo(path, &one, &all);
		path_loss_place_set(path, &one, &all);
	}
	sink->take(sink->context, &one);
}
