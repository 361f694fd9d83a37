/* A judged path for people: a picture of it, what was found, then the rest. */
#include <stdio.h>
#include <string.h>

#include "probe/protocol/probe_command.h"
#include "report/address_text.h"
#include "report/layout.h"
#include "report/path_hops_text.h"
#include "report/path_lists_text.h"
#include "report/report_cause.h"
#include "report/report_path.h"
#include "report/report_path_idle.h"
#include "report/report_path_injector.h"
#include "report/report_path_ssh.h"
#include "report/report_path_tls.h"

static const char *const titles[] = {
	[FINDING_PATH_MTU] = "PATH MTU",
	[FINDING_BLACK_HOLE] = "PATH MTU BLACK HOLE",
	[FINDING_TOO_BIG_IGNORED] = "\"TOO BIG\" IGNORED",
	[FINDING_MSS_CLAMPED] = "MSS CLAMPED",
	[FINDING_DF_CLEARED] = "DON'T-FRAGMENT BIT CLEARED",
	[FINDING_FRAGMENTS_DROPPED] = "FRAGMENTS DROPPED",
	[FINDING_PORT_STATE] = "PORT",
	[FINDING_IDLE_TIMEOUT] = "IDLE TIMEOUT",
	[FINDING_LOSS] = "LOSS",
	[FINDING_REWRITTEN] = "REWRITTEN",
	[FINDING_RESET_ORIGIN] = "RESET",
	[FINDING_INJECTOR] = "FORGED RESETS",
	[FINDING_PROXY] = "PROXY",
	[FINDING_SSH] = "SSH",
	[FINDING_OPTION_REFUSED] = "OPTION REFUSED",
	[FINDING_TLS] = "TLS",
};

const char *finding_title(enum finding_kind kind)
{
	return titles[kind];
}

/* The black hole of the forward path with a known link, or NULL. */
static const struct finding *blamed_link(const struct path *path)
{
	for (unsigned i = 0; i < path_finding_count(path); i++) {
		const struct finding *finding = path_finding(path, i);

		if (finding->kind == FINDING_BLACK_HOLE &&
			finding->before_hop != HOP_NOT_KNOWN)
			return finding;
	}
	return NULL;
}

static void name_hop(char *text, size_t bytes, const struct path *path, int hop)
{
	char address[ADDRESS_TEXT];

	if (hop == 0) {
		(void)snprintf(text, bytes, "this host");
		return;
	}
	for (unsigned i = 0; i < path_hop_count(path); i++) {
		const struct path_hop *one = path_hop(path, i);

		if ((int)one->ttl != hop || !one->has_address)
			continue;
		address_text(
			address, &one->address, path_comment(path)->family);
		(void)snprintf(text, bytes, "%s %d (%s)",
			one->is_target ? "the target, hop" : "hop", hop,
			address);
		return;
	}
	(void)snprintf(text, bytes, "hop %d", hop);
}

/* Whether the link that leads to this hop may be the one. */
static bool is_in_stretch(const struct finding *blamed, int hop)
{
	return blamed && hop > blamed->after_hop && hop <= blamed->before_hop;
}

/* "you ──1──2──╳──3── 10.0.0.1:22", with a cross on each link that may be the
 * one; returns the column of the first. */
static unsigned draw(const struct layout *layout, const struct path *path,
	const struct finding *blamed, const char *target)
{
	unsigned column = 6, cross = 0;

	layout_space(layout, 2);
	layout_text(layout, INK_PLAIN, "you ");
	for (unsigned i = 0; i < path_hop_count(path); i++) {
		const struct path_hop *hop = path_hop(path, i);
		char label[16];

		layout_text(layout, INK_FAINT, "──");
		column += 2;
		if (is_in_stretch(blamed, (int)hop->ttl)) {
			layout_text(layout, INK_BAD, "╳");
			layout_text(layout, INK_FAINT, "──");
			cross = cross ? cross : column;
			column += 3;
		}
		if (hop->is_target)
			break;
		(void)snprintf(label, sizeof(label), "%u", hop->ttl);
		layout_text(layout, hop->has_address ? INK_PLAIN : INK_FAINT,
			hop->has_address ? label : "?");
		column += layout_columns(hop->has_address ? label : "?");
	}
	layout_space(layout, 1);
	layout_text(layout, INK_STRONG, target);
	return cross;
}

/* The columns that draw() takes. */
static unsigned line_columns(const struct path *path,
	const struct finding *blamed, const char *target)
{
	unsigned columns = 6;

	for (unsigned i = 0; i < path_hop_count(path); i++) {
		const struct path_hop *hop = path_hop(path, i);

		columns += is_in_stretch(blamed, (int)hop->ttl) ? 5 : 2;
		if (hop->is_target)
			break;
		columns += hop->has_address && hop->ttl > 9 ? 2 : 1;
	}
	return columns + 1 + layout_columns(target);
}

static void mss_words(
	char *text, size_t bytes, const struct path_totals *totals)
{
	size_t at = strlen(text);

	if (totals->peer_mss == totals->own_mss)
		(void)snprintf(text + at, bytes - at, "%sMSS %u both ways",
			at ? ", " : "", totals->own_mss);
	else
		(void)snprintf(text + at, bytes - at,
			"%sMSS %u forward, %u back", at ? ", " : "",
			totals->peer_mss, totals->own_mss);
}

static void head(const struct layout *layout, const struct path *path)
{
	const struct finding *blamed = blamed_link(path);
	struct path_totals totals;
	char target[PROBE_COMMAND_TEXT], text[256], after[80], before[80];
	char duration[DURATION_TEXT];

	path_totals(path, &totals);
	probe_endpoint_text(path_comment(path), target);
	unsigned cross = draw(layout, path, blamed, target);

	text[0] = '\0';
	if (totals.rtt_ns != INT64_MAX)
		(void)snprintf(text, sizeof(text), "%s",
			duration_text(duration, totals.rtt_ns));
	if (totals.peer_mss)
		mss_words(text, sizeof(text), &totals);
	if (text[0] &&
		line_columns(path, blamed, target) + 6 + layout_columns(text) >
			layout->style->columns)
		(void)fputs("\n      ", layout->out);
	else if (text[0])
		(void)fputs("      ", layout->out);
	layout_text(layout, INK_PLAIN, text);
	(void)fputc('\n', layout->out);
	if (!blamed)
		return;
	layout_space(layout, cross);
	layout_text(layout, INK_BAD, "│");
	(void)fputc('\n', layout->out);
	layout_space(layout, cross);
	layout_text(layout, INK_BAD, "└ ");
	name_hop(after, sizeof(after), path, blamed->after_hop);
	name_hop(before, sizeof(before), path, blamed->before_hop);
	(void)snprintf(text, sizeof(text),
		"packets over %u bytes vanish between %s and %s, without an "
		"ICMP error",
		blamed->mtu, after, before);
	layout_wrap(layout, cross + 2, cross + 2, INK_PLAIN, text);
}

static void title_text(char *text, size_t bytes, const struct finding *finding)
{
	const char *way = finding->direction == PATH_FORWARD   ? "   forward"
			  : finding->direction == PATH_REVERSE ? "   reverse"
							       : "";
	const char *by = finding_rejecter_word(finding->by);
	const char *what = finding->field
				   ? finding_field_word(finding->field)
				   : finding_fragments_word(finding->fragments);
	size_t used = (size_t)snprintf(
		text, bytes, "   %s%s", grade_word(finding->grade), way);

	if (finding->mtu && used < bytes)
		used += (size_t)snprintf(
			text + used, bytes - used, ", %u bytes", finding->mtu);
	if (finding->sent && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used,
			", %u becomes %u", finding->sent, finding->arrived);
	else if (finding->arrived && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used,
			", %u arrives", finding->arrived);
	if (what && used < bytes)
		used += (size_t)snprintf(
			text + used, bytes - used, "   %s", what);
	if (finding->state && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used, "   %s%s%s",
			finding_state_word(finding->state),
			by ? " by the " : "", by ? by : "");
	if (finding->sender != PARTY_UNKNOWN && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used,
			"   by the %s", party_word(finding->sender));
	if (finding->hop != HOP_NOT_KNOWN && used < bytes)
		used += (size_t)snprintf(
			text + used, bytes - used, ", hop %d", finding->hop);
	if (finding->has_idle && used < bytes)
		used += report_path_idle_title(
			finding, text + used, bytes - used);
	if (finding->has_injector && used < bytes)
		used += report_path_injector_title(
			finding, text + used, bytes - used);
	if (finding->cause && used < bytes)
		used += report_path_ssh_title(
			finding, text + used, bytes - used);
	if ((finding->kind == FINDING_FRAGMENTS_DROPPED ||
		    finding->kind == FINDING_OPTION_REFUSED ||
		    finding->kind == FINDING_LOSS) &&
		finding->after_hop != HOP_NOT_KNOWN && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used,
			finding->after_hop ? ", after hop %d"
					   : ", after this host",
			finding->after_hop);
	if (finding->limited_after_hop != HOP_NOT_KNOWN && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used,
			", limited after hop %d", finding->limited_after_hop);
	if (finding->has_percent && used < bytes)
		(void)snprintf(text + used, bytes - used,
			", %.1f %% (%.1f to %.1f), large packets %.1f %%",
			finding->percent, finding->percent_low,
			finding->percent_high, finding->percent_large);
}

static void finding_text(
	const struct layout *layout, const struct finding *finding)
{
	char text[256];

	layout_space(layout, 2);
	layout_text(layout,
		finding->kind == FINDING_PATH_MTU ? INK_GOOD : INK_BAD,
		titles[finding->kind]);
	title_text(text, sizeof(text), finding);
	layout_text(layout, INK_STRONG, text);
	(void)fputc('\n', layout->out);
	if (layout->style->is_quiet)
		return;
	for (unsigned i = 0; i < finding->evidence_count; i++) {
		const struct evidence_row *row = &finding->evidence[i];

		(void)snprintf(text, sizeof(text), "%s: %s%s%s", row->fact,
			row->holds == TRUTH_NO ? "no, " : "", row->found,
			row->holds == TRUTH_NO && row->expected[0]
				? " where expected: "
				: "");
		if (row->holds == TRUTH_NO) {
			size_t used = strlen(text);

			(void)snprintf(text + used, sizeof(text) - used, "%s",
				row->expected);
		}
		if (row->frame) {
			size_t used = strlen(text);

			(void)snprintf(text + used, sizeof(text) - used,
				" (#%llu)", (unsigned long long)row->frame);
		}
		layout_wrap(layout, 0, 6, INK_FAINT, text);
	}
	if (finding->has_idle)
		report_path_idle(layout, finding);
	if (finding->has_injector)
		report_path_injector(layout, finding);
	if (finding->other[0])
		layout_labelled(layout, 4, "Or:", finding->other);
	if (finding->advice[0])
		layout_labelled(layout, 4, "Do:", finding->advice);
}

/* Where one address is several servers. */
static void backends(
	const struct layout *layout, const struct path_totals *totals)
{
	static const char *const signs[] = {
		[BACKEND_INITIAL_TTL] = "the initial TTL of SYN-ACKs differs",
		[BACKEND_WINDOW_SCALE] = "the window scale of SYN-ACKs differs",
		[BACKEND_IDENTIFICATION] = "identifications differ",
	};
	const struct path_backends *found = &totals->backends;
	char text[160];

	if (found->count < 2)
		return;
	(void)snprintf(text, sizeof(text),
		"at least %u answer at this port: %s (connections of #%llu "
		"and #%llu)",
		found->count, signs[found->sign],
		(unsigned long long)found->frame,
		(unsigned long long)found->other_frame);
	layout_labelled(layout, 2, "servers:", text);
}

static void delays(
	const struct layout *layout, const struct path_totals *totals)
{
	const struct path_delays *trips = &totals->delays;
	char least[DURATION_TEXT], median[DURATION_TEXT], most[DURATION_TEXT],
		jitter[DURATION_TEXT], text[256];

	if (trips->count == 0)
		return;
	(void)snprintf(text, sizeof(text),
		"%s to %s, median %s, jitter %s (%u packets)",
		duration_text(least, trips->least_ns),
		duration_text(most, trips->most_ns),
		duration_text(median, trips->median_ns),
		duration_text(jitter, trips->jitter_ns), trips->count);
	layout_labelled(layout, 2, "round trips:", text);
}

static void out_of_window(
	const struct layout *layout, const struct path_totals *totals)
{
	unsigned number = totals->out_of_window_icmp;
	char text[120], count[COUNT_TEXT];

	if (number == 0)
		return;
	(void)snprintf(text, sizeof(text),
		"%s ICMP error%s quote%s what was not sent: forged, late or "
		"changed on the way, and ignored",
		count_text(count, number), count_plural(number),
		number == 1 ? "s" : "");
	layout_wrap(layout, 0, 2, INK_PLAIN, text);
}

static void capture_text(
	const struct layout *layout, const struct path_totals *totals)
{
	char text[120], count[COUNT_TEXT];

	if (totals->capture_lost == 0)
		return;
	(void)snprintf(text, sizeof(text),
		"This host's capture lost %s packet%s: as many answers that "
		"are missing may have come.",
		count_text(count, totals->capture_lost),
		count_plural(totals->capture_lost));
	layout_wrap(layout, 0, 2, INK_PLAIN, text);
}

/* That nothing is wrong needs that something was measured. */
static void nothing_found(
	const struct path *path, const struct path_totals *totals, FILE *out)
{
	(void)fprintf(out, "  Nothing was found%s.\n",
		totals->heard == 0 ? ": nothing answered"
		: path_excluded_count(path)
			? " that is wrong"
			: ": too little answered to measure anything");
}

void report_path_text(
	const struct path *path, const struct style *style, FILE *out)
{
	struct layout layout = {out, style, INT64_MIN};
	struct path_totals totals;

	if (style->is_advice) {
		report_cause_advice(&layout, path);
		return;
	}
	head(&layout, path);
	if (!style->is_quiet) {
		(void)fputc('\n', out);
		path_hops_text(&layout, path);
	}
	(void)fputc('\n', out);
	for (unsigned i = 0; i < path_finding_count(path); i++)
		finding_text(&layout, path_finding(path, i));
	path_totals(path, &totals);
	if (path_is_interrupted(path))
		(void)fputs(
			"  Interrupted: not all experiments were over.\n", out);
	capture_text(&layout, &totals);
	if (path_finding_count(path) == 0)
		nothing_found(path, &totals, out);
	out_of_window(&layout, &totals);
	delays(&layout, &totals);
	backends(&layout, &totals);
	report_path_idle_survived(&layout, &totals);
	report_path_ssh_times(&layout, &totals);
	report_path_tls_times(&layout, &totals);
	path_lists_text(&layout, path);
	report_cause_text(&layout, path);
}
