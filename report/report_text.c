#include "report/report_text.h"

#include <inttypes.h>
#include <string.h>

#include "report/groups.h"
#include "report/incident_text.h"
#include "report/layout.h"

enum { FEW_GROUPS = 20, FEW_OTHERS = 3, MANY_OTHERS = 200 };

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

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

/* "a.pcap: 1,204,331 packets, 18,220 connections, 2 h 14 min. 23 died in 3
 * ways." */
static void first_slot(const struct layout *layout,
	const struct report_source *source, const struct groups *groups)
{
	const struct analysis_totals *totals = &source->totals;
	char packets[COUNT_TEXT], flows[COUNT_TEXT], deaths[COUNT_TEXT];
	char others[COUNT_TEXT], duration[DURATION_TEXT], line[512];
	unsigned at = names(layout, source);
	size_t length = (size_t)snprintf(line, sizeof(line),
		"%s packet%s, %s connection%s",
		count_text(packets, totals->packets), plural(totals->packets),
		count_text(flows, totals->flows), plural(totals->flows));

	if (totals->first_ns != INT64_MIN && totals->last_ns > totals->first_ns)
		length += (size_t)snprintf(line + length, sizeof(line) - length,
			", %s",
			duration_text(
				duration, totals->last_ns - totals->first_ns));
	uint64_t ways = 0;

	for (uint64_t i = 0; i < groups->count; i++)
		ways += groups->groups[i].severity > 0;
	if (ways > 0)
		(void)snprintf(line + length, sizeof(line) - length,
			". %s died in %s way%s.",
			count_text(deaths,
				groups->died + totals->incidents_not_kept),
			count_text(others, ways), plural(ways));
	else
		(void)snprintf(
			line + length, sizeof(line) - length, ", none died.");
	layout_wrap(layout, at, 0, INK_PLAIN, line);
}

static void nothing_died(
	const struct layout *layout, const struct analysis_totals *totals)
{
	char count[COUNT_TEXT], line[200];

	if (totals->flows == 0)
		(void)snprintf(line, sizeof(line),
			"There is no TCP connection in it.");
	else if (totals->harmless_resets == 0)
		(void)snprintf(line, sizeof(line),
			"Nobody reset anything, nothing stalled, nobody was "
			"refused.");
	else
		(void)snprintf(line, sizeof(line),
			"%s reset%s came where %s hurt nobody (after a "
			"complete close, an idle connection given up, a "
			"check).",
			count_text(count, totals->harmless_resets),
			plural(totals->harmless_resets),
			totals->harmless_resets == 1 ? "it" : "they");
	layout_wrap(layout, 0, 0, INK_PLAIN, line);
}

static void other_members(const struct layout *layout,
	const struct report_source *source, const struct groups *groups,
	const struct group *group)
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

static void group_blocks(const struct layout *layout,
	const struct report_source *source, const struct groups *groups)
{
	const struct style *style = layout->style;
	uint64_t most = style->verbosity > 0 ? UINT64_MAX : FEW_GROUPS;
	char count[COUNT_TEXT], line[120];

	for (uint64_t i = 0; i < groups->count && i < most; i++) {
		const struct group *group = &groups->groups[i];
		struct incident incident;

		source->incident(
			source->context, group->representative, &incident);
		struct incident_block block = {
			.source = source,
			.incident = &incident,
			.number = (unsigned)(i + 1),
			.members = group->connections,
			.origin_ns = source->totals.first_ns,
		};
		if (!style->is_quiet)
			(void)fputc('\n', layout->out);
		incident_headline(layout, &block);
		if (style->is_quiet)
			continue;
		incident_body(layout, &block);
		other_members(layout, source, groups, group);
	}
	if (groups->count > most) {
		(void)snprintf(line, sizeof(line),
			"… and %s more ways to die (-v shows them all).",
			count_text(count, groups->count - most));
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

static void undecoded_line(
	const struct layout *layout, const struct analysis_totals *totals)
{
	char line[512], count[COUNT_TEXT];
	size_t at = 0;

	for (int i = 0; i < UNDECODED_COUNT && at < sizeof(line); i++)
		if (i != UNDECODED_NONE && totals->undecoded[i] > 0)
			at += (size_t)snprintf(line + at, sizeof(line) - at,
				"%s%s %s", at > 0 ? ", " : "Not decoded: ",
				count_text(count, totals->undecoded[i]),
				undecoded_word((enum undecoded)i));
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
	undecoded_line(layout, totals);
	count_line(layout, totals->evicted_flows,
		"connection was evicted from memory; its verdict may be "
		"missing (--max-flows)",
		"connections were evicted from memory; their verdicts may be "
		"missing (--max-flows)");
	count_line(layout, totals->evicted_incidents,
		"verdict was given before its connection ended, for want of "
		"memory",
		"verdicts were given before their connections ended, for want "
		"of memory");
	count_line(layout, totals->incidents_not_kept,
		"of them was judged and not kept (--max-incidents)",
		"of them were judged and not kept (--max-incidents)");
	count_line(layout, totals->lost_packets,
		"packet at least was acknowledged and never recorded: the "
		"capture lost it",
		"packets at least were acknowledged and never recorded: the "
		"capture lost them");
	count_line(layout, totals->out_of_window_icmp,
		"ICMP error quotes what was not in flight: forged or late, it "
		"counts for nothing",
		"ICMP errors quote what was not in flight: forged or late, "
		"they count for nothing");
	count_line(layout, totals->duplicates,
		"packet was recorded twice; the second is not counted",
		"packets were recorded twice; the second is not counted");
	count_line(layout, totals->not_learned,
		"connection taught nothing about its host or path: the tables "
		"are full",
		"connections taught nothing about their hosts or paths: the "
		"tables are full");
	count_line(layout, totals->clock_steps,
		"step of the clock backwards; idle times across it are not "
		"used",
		"steps of the clock backwards; idle times across them are not "
		"used");
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
			"  %s bytes there, %s back  %s%s",
			flow_text(flow, &summary.name),
			report_frame(source, summary.first_frame),
			report_frame(source, summary.last_frame),
			count_text(sent, summary.payload_bytes[0]),
			count_text(heard, summary.payload_bytes[1]),
			summary.mechanism == MECHANISM_UNKNOWN
				? "open or undetermined"
				: mechanism_word(summary.mechanism),
			summary.is_incident ? " (told above)" : "");
		layout_wrap(layout, 0, 4, INK_PLAIN, line);
	}
}

void report_text(const struct report_source *source, const struct style *style,
	FILE *out)
{
	struct layout layout = {out, style};
	struct groups groups;

	if (!groups_make(&groups, source)) {
		layout_wrap(&layout, 0, 0, INK_BAD,
			"No memory to sort the incidents; --json needs none.");
		return;
	}
	first_slot(&layout, source, &groups);
	if (groups.count == 0 && !style->is_quiet)
		nothing_died(&layout, &source->totals);
	group_blocks(&layout, source, &groups);
	if (groups.count > 0 && !style->is_quiet)
		(void)fputc('\n', out);
	all_flows(&layout, source);
	limits(&layout, source);
	groups_free(&groups);
}

void report_text_notice(const struct report_source *source,
	const struct incident *incident, const struct style *style, FILE *out)
{
	struct layout layout = {out, style};
	struct incident_block block = {
		.source = source,
		.incident = incident,
		.members = 1,
		.origin_ns = source->totals.first_ns,
	};

	incident_headline(&layout, &block);
	if (style->verbosity > 0)
		incident_body(&layout, &block);
	else
		incident_sentence(&layout, incident);
	(void)fflush(out); /* errors stay in the stream */
}
