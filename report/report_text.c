#include "report/report_text.h"

#include <inttypes.h>
#include <string.h>

#include "report/clock.h"
#include "report/group_table_text.h"
#include "report/group_text.h"
#include "report/incident_text.h"
#include "report/layout.h"
#include "report/tally_text.h"

enum { FEW_GROUPS = 20, FEW_OTHERS = 3, MANY_OTHERS = 200 };

/* "a.pcap and 3 more: "; returns the columns they take. */
static unsigned names(
	const struct layout *layout, const struct report_source *source)
{
	char count[COUNT_TEXT], more[COUNT_TEXT + 16] = "";

	if (source->path_count == 0)
		return 0;
	const char *first = strcmp(source->paths[0], "-") == 0
				    ? "standard input"
				    : source->paths[0];
	if (source->path_count > 1)
		(void)snprintf(more, sizeof(more), " and %s more",
			count_text(count, source->path_count - 1));
	layout_text(layout, INK_STRONG, first);
	layout_text(layout, INK_PLAIN, more);
	layout_text(layout, INK_PLAIN, ": ");
	return layout_columns(first) + layout_columns(more) + 2;
}

/* "a.pcap: 1,204,331 packets, 18,220 connections, 2 h 14 min, 2026-11-20
 * 23:14:02 to 2026-11-21 01:28:40 UTC. 23 failed in 3 ways." */
static void first_slot(const struct layout *layout,
	const struct report_source *source, const struct groups *groups)
{
	const struct analysis_totals *totals = &source->totals;
	char packets[COUNT_TEXT], flows[COUNT_TEXT], deaths[COUNT_TEXT];
	char others[COUNT_TEXT], duration[DURATION_TEXT], line[512];
	char range[CLOCK_RANGE_TEXT];
	unsigned at = names(layout, source);
	size_t length = (size_t)snprintf(line, sizeof(line),
		"%s packet%s, %s connection%s",
		count_text(packets, totals->packets),
		count_plural(totals->packets), count_text(flows, totals->flows),
		count_plural(totals->flows));

	if (totals->first_ns != INT64_MIN && totals->last_ns > totals->first_ns)
		length += (size_t)snprintf(line + length, sizeof(line) - length,
			", %s",
			duration_text(
				duration, totals->last_ns - totals->first_ns));
	/* with -q every line has its own */
	if (!layout->style->is_quiet &&
		clock_range_text(range, layout, totals->first_ns,
			totals->last_ns)[0])
		length += (size_t)snprintf(line + length, sizeof(line) - length,
			", %s", range);
	uint64_t ways = 0;

	for (uint32_t i = 0; i < groups->list.count; i++)
		ways += groups->entries[i].severity > 0;
	if (ways > 0)
		(void)snprintf(line + length, sizeof(line) - length,
			". %s failed in %s way%s.",
			count_text(deaths,
				groups->died + totals->incidents_not_kept),
			count_text(others, ways), count_plural(ways));
	else if (totals->incidents_not_kept > 0)
		(void)snprintf(line + length, sizeof(line) - length,
			". %s failed.",
			count_text(deaths, totals->incidents_not_kept));
	else
		(void)snprintf(line + length, sizeof(line) - length,
			analysis_is_complete(totals) ? ", none failed."
						     : ".");
	layout_wrap(layout, at, 0, INK_PLAIN, line);
}

/* "server: 1,180 packets, 1,150 of them also at client; its clock is 12.3 ms
 * ahead." */
static void capture_points(
	const struct layout *layout, const struct report_source *source)
{
	for (unsigned i = 0; i < source->place_count; i++) {
		const struct report_place *place = &source->places[i];
		const struct clock_offset *clock = &place->clock;
		char packets[COUNT_TEXT], shared[COUNT_TEXT];
		char name[NAME_TEXT], first[NAME_TEXT];
		char apart[DURATION_TEXT], line[512];
		size_t at = (size_t)snprintf(line, sizeof(line),
			"%s: %s packet%s", name_text(name, place->name),
			count_text(packets, place->packets),
			count_plural(place->packets));

		if (i > 0)
			at += (size_t)snprintf(line + at, sizeof(line) - at,
				", %s of them also at %s",
				count_text(shared, clock->packets),
				name_text(first, source->places[0].name));
		if (i > 0 && clock->is_known)
			at += (size_t)snprintf(line + at, sizeof(line) - at,
				"; its clock is %s %s",
				duration_text(
					apart, clock->offset_ns < 0
						       ? -clock->offset_ns
						       : clock->offset_ns),
				clock->offset_ns < 0 ? "behind" : "ahead");
		if (clock->skew_ppm != 0)
			(void)snprintf(line + at, sizeof(line) - at,
				" and runs %.1f ppm %s",
				clock->skew_ppm < 0 ? -clock->skew_ppm
						    : clock->skew_ppm,
				clock->skew_ppm < 0 ? "slower" : "faster");
		layout_wrap(layout, 0, 2, INK_PLAIN, line);
	}
}

static void nothing_died(
	const struct layout *layout, const struct analysis_totals *totals)
{
	char count[COUNT_TEXT], line[200];

	if (!analysis_is_complete(totals))
		return; /* see limits */
	if (totals->flows == 0)
		(void)snprintf(line, sizeof(line),
			"There is no TCP connection in it.");
	else if (totals->benign_resets == 0)
		(void)snprintf(line, sizeof(line),
			"No connection was reset, stalled or refused.");
	else
		(void)snprintf(line, sizeof(line),
			"%s reset%s %s benign (after a complete close, on a "
			"discarded idle connection, of a health check).",
			count_text(count, totals->benign_resets),
			count_plural(totals->benign_resets),
			totals->benign_resets == 1 ? "was" : "were");
	layout_wrap(layout, 0, 0, INK_PLAIN, line);
}

static void other_members(const struct layout *layout,
	const struct report_source *source, const struct groups *groups,
	const struct group_entry *group)
{
	uint64_t most = layout->style->verbosity > 0 ? MANY_OTHERS : FEW_OTHERS;
	uint64_t shown = 0;
	char text[2048], count[COUNT_TEXT];
	size_t at = 0;

	if (group->member_count < 2)
		return;
	for (uint64_t i = 0; i < group->member_count && shown < most; i++) {
		uint64_t index = groups->members[group->first_member + i];
		struct incident incident;
		char flow[FLOW_TEXT];

		if (index == group->representative)
			continue;
		if (at + 2 * FLOW_TEXT > sizeof(text)) {
			layout_labelled(layout, 4, "Others:", text);
			at = 0;
		}
		source->incident(source->context, index, &incident);
		at += (size_t)snprintf(text + at, sizeof(text) - at,
			"%s%s (#%" PRIu64 ")", at > 0 ? ", " : "",
			flow_text(flow, &incident.flow),
			report_frame(source, incident.frame));
		shown++;
	}
	if (group->member_count - 1 > shown)
		(void)snprintf(text + at, sizeof(text) - at, ", and %s more",
			count_text(count, group->member_count - 1 - shown));
	layout_labelled(layout, 4, "Others:", text);
}

static uint32_t most_groups(const struct style *style)
{
	if (style->most)
		return style->most;
	return style->verbosity > 0 ? UINT32_MAX : FEW_GROUPS;
}

static void group_blocks(const struct layout *layout,
	const struct report_source *source, const struct groups *groups)
{
	const struct style *style = layout->style;
	uint32_t most = most_groups(style);
	char count[COUNT_TEXT], line[120];

	for (uint32_t i = 0; i < groups->list.count && i < most; i++) {
		const struct group_entry *group = &groups->entries[i];
		struct incident incident;

		source->incident(
			source->context, group->representative, &incident);
		struct incident_block block = {
			.source = source,
			.incident = &incident,
			.number = i + 1,
			.members = group->group->counts.connections,
		};
		if (style->is_quiet) {
			incident_line(layout, &block);
			continue;
		}
		(void)fputc('\n', layout->out);
		incident_headline(layout, &block);
		if (block.members > 1)
			group_spread_lines(layout, 4, group->group);
		incident_body(layout, &block);
		other_members(layout, source, groups, group);
	}
	if (groups->list.count > most) {
		(void)snprintf(line, sizeof(line),
			"… and %s more groups (--top=N or -v shows them).",
			count_text(count, groups->list.count - most));
		layout_wrap(layout, 0, 0, INK_PLAIN, line);
	}
}

static void count_line(const struct layout *layout, uint64_t count,
	const char *one, const char *many)
{
	char text[COUNT_TEXT], line[300];

	if (count == 0)
		return;
	(void)snprintf(line, sizeof(line), "%s %s", count_text(text, count),
		count == 1 ? one : many);
	layout_wrap(layout, 0, 0, INK_PLAIN, line);
}

static void unjudged_line(
	const struct layout *layout, const struct analysis_totals *totals)
{
	char unjudged[COUNT_TEXT], seen[COUNT_TEXT], line[200];
	const char *have = totals->unjudged_resets == 1 ? "has" : "have";

	if (totals->unjudged_resets == 0)
		return;
	(void)snprintf(line, sizeof(line),
		"%s of %s reset%s %s no verdict here: not judged, or the "
		"verdict not kept, for want of memory.",
		count_text(unjudged, totals->unjudged_resets),
		count_text(seen, totals->resets_seen),
		count_plural(totals->resets_seen), have);
	layout_wrap(layout, 0, 0, INK_DOUBT, line);
}

static void skipped_line(
	const struct layout *layout, const struct analysis_totals *totals)
{
	char line[512], count[COUNT_TEXT];
	size_t at = 0;

	for (int i = 0; i < SKIP_COUNT && at < sizeof(line); i++)
		if (i != SKIP_NONE && totals->skipped[i] > 0)
			at += (size_t)snprintf(line + at, sizeof(line) - at,
				"%s%s %s", at > 0 ? ", " : "Not decoded: ",
				count_text(count, totals->skipped[i]),
				skip_reason_word((enum skip_reason)i));
	if (at > 0)
		layout_wrap(layout, 0, 0, INK_PLAIN, line);
}

/* What limits the verdicts, each only where there is something to say. */
static void limits(
	const struct layout *layout, const struct report_source *source)
{
	const struct analysis_totals *totals = &source->totals;

	if (source->is_cut)
		layout_wrap(layout, 0, 0, INK_DOUBT,
			"The input was not read to its end.");
	skipped_line(layout, totals);
	count_line(layout, totals->left_out,
		"packet found no memory: its connection is not judged",
		"packets found no memory: their connections are not judged");
	count_line(layout, totals->evicted_flows,
		"connection was evicted from memory; its verdict may be "
		"missing or early (--memory)",
		"connections were evicted from memory; their verdicts may be "
		"missing or early (--memory)");
	count_line(layout, totals->evicted_incidents,
		"connection was followed without evidence for want of memory",
		"connections were followed without evidence for want of "
		"memory");
	unjudged_line(layout, totals);
	count_line(layout, totals->not_paired,
		"connection was forgotten before it could be compared with "
		"another capture point's",
		"connections were forgotten before they could be compared "
		"with another capture point's");
	count_line(layout, totals->incidents_not_kept,
		"verdict of a closed connection was not kept and counts in "
		"the totals only (--memory, --max-incidents)",
		"verdicts of closed connections were not kept and count in "
		"the totals only (--memory, --max-incidents)");
	count_line(layout, totals->lost_packets,
		"packet at least was acknowledged and never captured: the "
		"capture lost it",
		"packets at least were acknowledged and never captured: the "
		"capture lost them");
	count_line(layout, totals->out_of_window_icmp,
		"ICMP error quotes data that was not in flight: forged or "
		"late, and ignored",
		"ICMP errors quote data that was not in flight: forged or "
		"late, and ignored");
	count_line(layout, totals->duplicates,
		"packet was captured twice; the second copy is not counted",
		"packets were captured twice; the second copy is not counted");
	count_line(layout, totals->not_learned,
		"observation is missing from the statistics of hosts and "
		"paths: the tables are full",
		"observations are missing from the statistics of hosts and "
		"paths: the tables are full");
	count_line(layout, totals->clock_steps,
		"backward step of the capture clock; idle times across it are "
		"not used",
		"backward steps of the capture clock; idle times across them "
		"are not used");
}

static void all_flows(
	const struct layout *layout, const struct report_source *source)
{
	for (uint64_t i = 0; i < source->flow_count; i++) {
		struct flow_summary summary;
		char flow[FLOW_TEXT], sent[COUNT_TEXT], heard[COUNT_TEXT];
		char line[FLOW_TEXT + 200];

		source->flow(source->context, i, &summary);
		if (i == 0)
			(void)fputs("\nAll connections:\n", layout->out);
		(void)snprintf(line, sizeof(line),
			"%s  #%" PRIu64 "-#%" PRIu64
			"  %s bytes sent, %s received  %s%s",
			flow_text(flow, &summary.name),
			report_frame(source, summary.first_frame),
			report_frame(source, summary.last_frame),
			count_text(sent, summary.payload_bytes[0]),
			count_text(heard, summary.payload_bytes[1]),
			summary.mechanism == MECHANISM_UNKNOWN
				? "open or undetermined"
				: mechanism_word(summary.mechanism),
			summary.is_incident ? " (reported above)" : "");
		layout_wrap(layout, 0, 4, INK_PLAIN, line);
	}
}

void report_text(const struct report_source *source, const struct style *style,
	FILE *out)
{
	struct layout layout = {out, style, source->totals.first_ns};
	struct groups groups;

	if (!groups_make(&groups, source)) {
		layout_wrap(&layout, 0, 0, INK_BAD,
			"No memory to sort the incidents; --json needs none.");
		return;
	}
	first_slot(&layout, source, &groups);
	capture_points(&layout, source);
	if (groups.list.count == 0 && !style->is_quiet)
		nothing_died(&layout, &source->totals);
	/* one way to fail is told by its group */
	if (groups.list.count > 1 && !style->is_quiet)
		group_table_text(&layout, &groups, most_groups(style));
	if (style->by != TALLY_NONE &&
		!tally_text(&layout, source, style->by, most_groups(style)))
		layout_wrap(&layout, 0, 0, INK_BAD,
			"No memory to count the failures.");
	group_blocks(&layout, source, &groups);
	if (groups.list.count > 0 && !style->is_quiet)
		(void)fputc('\n', out);
	all_flows(&layout, source);
	limits(&layout, source);
	groups_free(&groups);
}
