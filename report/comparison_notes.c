#include "report/comparison_notes.h"

#include "report/clock.h"

enum { LINE = 512 };

void comparison_notes_none_shared(
	const struct layout *layout, const struct comparison *comparison)
{
	const struct report_source *source = comparison->source;
	const struct covered *files = comparison->compare->table.files;
	char from[CLOCK_TEXT], to[CLOCK_TEXT], zone[CLOCK_TEXT], line[LINE];
	char name[NAME_TEXT];
	bool is_apart = false;

	layout_wrap(layout, 0, 0, INK_BAD,
		"These captures have no connection in common: there is nothing "
		"to be compared.");
	for (unsigned i = 0; i < source->place_count; i++) {
		if (!files[i].frames)
			continue;
		for (unsigned j = 0; j < i; j++)
			is_apart |=
				files[j].frames &&
				(files[i].first_ns > files[j].last_ns ||
					files[j].first_ns > files[i].last_ns);
		(void)snprintf(line, sizeof(line), "%.80s: %s to %s %s",
			name_text(name, source->places[i].name),
			clock_text(from, layout, files[i].first_ns, true),
			clock_text(to, layout, files[i].last_ns, true),
			clock_zone(zone, layout, files[i].last_ns));
		layout_wrap(layout, 2, 4, INK_PLAIN, line);
	}
	layout_wrap(layout, 0, 0, INK_PLAIN,
		is_apart ? "Their times do not overlap: they are of different "
			   "times, or their clocks are far apart and the "
			   "traffic is not the same."
			 : "Their times overlap: packets of one do not reach "
			   "the other (dropped or refused between them, as "
			   "SYNs are by a firewall), the traffic takes another "
			   "way, a filter left it out, a proxy between ends "
			   "each connection and begins another, or a device "
			   "gives both addresses and initial sequence numbers "
			   "anew.");
}

/* The order of the path where the arguments have another. */
static void mixed_note(
	const struct layout *layout, const struct comparison *comparison)
{
	const struct compare *compare = comparison->compare;
	const struct path_conn *group =
		&compare->set.groups[compare->mixed_group];
	char line[LINE], name[LANE_TEXT];
	size_t at = (size_t)snprintf(line, sizeof(line),
		"The captures are in another order on the path, by TTLs or "
		"times of packets:");

	for (unsigned i = 0; i < group->lane_count && at < LINE - 100; i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, "%s %.80s",
			i ? " →" : "",
			lane_text(name, comparison, group->lanes[i]));
	layout_wrap(layout, 0, 2, INK_DOUBT, line);
}

static void step_note(
	const struct layout *layout, const struct comparison *comparison)
{
	const struct report_source *source = comparison->source;
	const struct clock_step *step = &comparison->compare->step;
	char line[LINE], size[DURATION_TEXT];
	char one[NAME_TEXT], other[NAME_TEXT];

	(void)snprintf(line, sizeof(line),
		"The clock of %.80s or %.80s was set by about %s in the "
		"meantime: packets of both directions show it. What passed "
		"before and after is not compared by time.",
		name_text(one, source->places[step->files[0]].name),
		name_text(other, source->places[step->files[1]].name),
		duration_text(size, step->size_ns));
	layout_wrap(layout, 0, 2, INK_DOUBT, line);
}

void comparison_notes(
	const struct layout *layout, const struct comparison *comparison)
{
	const struct compare *compare = comparison->compare;
	const struct report_source *source = comparison->source;
	char line[LINE], count[COUNT_TEXT];

	if (compare->same_moment > 4 && compare->other_moment == 0)
		layout_wrap(layout, 0, 2, INK_DOUBT,
			"Every packet has the same time at both points: these "
			"are copies of one recording, not recordings of two "
			"places.");
	if (compare->turned > compare->straight) {
		(void)snprintf(line, sizeof(line),
			"The order is turned: the clients are at the end of "
			"%.80s, by TTLs or times of packets. It is told from "
			"client to server.",
			source->places[source->place_count - 1].name);
		layout_wrap(layout, 0, 2, INK_DOUBT, line);
	}
	if (compare->mixed)
		mixed_note(layout, comparison);
	if (compare->order_told)
		layout_wrap(layout, 0, 2, INK_DOUBT,
			"Neither TTLs nor times tell which capture is nearer "
			"to the client: the order is that of the arguments. "
			"With the other, what is told as lost was never sent, "
			"and the other way round.");
	if (compare->step.size_ns)
		step_note(layout, comparison);
	if (compare->proxied) {
		(void)snprintf(line, sizeof(line),
			"%s connection%s answered between the points, by a "
			"proxy, or took another way: not compared there.",
			count_text(count, compare->proxied),
			compare->proxied == 1 ? " was" : "s were");
		layout_wrap(layout, 0, 2, INK_PLAIN, line);
	}
	if (comparison->source->totals.left_out) {
		(void)snprintf(line, sizeof(line),
			"%s packets found no memory for the analysis of their "
			"connections: how those ended is not judged.",
			count_text(count, comparison->source->totals.left_out));
		layout_wrap(layout, 0, 2, INK_DOUBT, line);
	}
	if (compare->beyond_limit) {
		(void)snprintf(line, sizeof(line),
			"%s packets are not judged: more of their connections' "
			"packets are absent at one point than are looked into. "
			"--filter compares less at once.",
			count_text(count, compare->beyond_limit));
		layout_wrap(layout, 0, 2, INK_DOUBT, line);
	}
	if (compare->table.not_kept || compare->not_judged) {
		(void)snprintf(line, sizeof(line),
			"%s packets found no memory (--memory): their "
			"connections are not compared.",
			count_text(count, compare->table.not_kept));
		layout_wrap(layout, 0, 2, INK_DOUBT, line);
	}
}
