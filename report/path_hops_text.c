#include "report/path_hops_text.h"

#include <stdio.h>
#include <string.h>

#include "probe/protocol/probe_command.h"
#include "report/address_text.h"

/* The columns before the address; those of a hop without round trips are
 * empty. */
static void figures(
	char *text, size_t bytes, const struct path_hop *hop, bool is_narrow)
{
	static const double ms = 1e6;
	int used = snprintf(text, bytes, "  %3u", hop->ttl);

	if (hop->sent)
		used += snprintf(text + used, bytes - (size_t)used,
			"  %5.1f  %5u", 100.0 * hop->lost / hop->sent,
			hop->sent);
	else
		used += snprintf(text + used, bytes - (size_t)used, "%14s", "");
	if (is_narrow && hop->timed)
		(void)snprintf(text + used, bytes - (size_t)used, "  %7.2f",
			hop->average_ns / ms);
	else if (is_narrow)
		(void)snprintf(text + used, bytes - (size_t)used, "%9s", "");
	else if (hop->timed)
		(void)snprintf(text + used, bytes - (size_t)used,
			"  %7.2f %7.2f %7.2f %7.2f", (double)hop->best_ns / ms,
			hop->average_ns / ms, (double)hop->worst_ns / ms,
			hop->deviation_ns / ms);
	else
		(void)snprintf(text + used, bytes - (size_t)used, "%33s", "");
}

/* No room for all figures: the average is left. */
static bool is_narrow(const struct layout *layout)
{
	enum { WITH_FIGURES = 80 };

	return layout->style->columns < WITH_FIGURES;
}

static void line(const struct layout *layout, const struct path *path,
	const struct path_hop *hop)
{
	char address[PROBE_TARGET_TEXT] = "no answer", columns[128];
	char text[256 + PATH_HOP_NAME];

	if (hop->is_target)
		probe_target_text(path_comment(path), address);
	else if (hop->has_address)
		address_text(
			address, &hop->address, path_comment(path)->family);
	figures(columns, sizeof(columns), hop, is_narrow(layout));
	(void)snprintf(text, sizeof(text), "%s  %s%s%s%s", columns, address,
		hop->name[0] ? "  " : "", hop->name,
		hop->is_target ? "  the target" : "");
	layout_text(layout, INK_PLAIN, text);
	(void)fputc('\n', layout->out);
}

/* A router that answers less often than a hop behind it did not lose what it
 * leaves unanswered: the classical false alarm of such tables. */
static bool is_alarming(const struct path *path)
{
	unsigned count = path_hop_count(path);
	double least = 1;

	for (unsigned i = count; i-- > 0;) {
		const struct path_hop *hop = path_hop(path, i);
		double lost = hop->sent ? (double)hop->lost / hop->sent : 1;

		if (lost > least && lost < 1)
			return true;
		least = lost < least ? lost : least;
	}
	return false;
}

void path_hops_text(const struct layout *layout, const struct path *path)
{
	unsigned count = path_hop_count(path);

	if (count == 0)
		return;
	layout_text(layout, INK_FAINT,
		is_narrow(layout)
			? "  hop  loss %   sent   avg ms  address"
			: "  hop  loss %   sent   best ms     avg   worst   "
			  "stdev  address");
	(void)fputc('\n', layout->out);
	for (unsigned i = 0; i < count; i++)
		line(layout, path, path_hop(path, i));
	if (is_alarming(path))
		layout_wrap(layout, 0, 2, INK_FAINT,
			"Routers limit how many packets they answer: a hop's "
			"loss is the path's only where the hops behind it "
			"lose as much.");
}
