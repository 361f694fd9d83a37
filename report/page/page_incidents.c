/* Two kinds of lines: a short one for every incident, so that counts and
 * filters are of all of them, and a long one with the evidence. What the short
 * ones will take is put by; long ones are written while there is room, which is
 * kept for those that stand for a group. */
#include "report/page/page_incidents.h"

#include <stdlib.h>

#include "report/address_text.h"
#include "report/flow_packets.h"
#include "report/groups.h"
#include "report/page/page_detail.h"
#include "report/page/page_summary.h"
#include "report/trigger_text.h"

enum {
	ROW_BYTES = 110,   /* of a short line, at most on average */
	LONG_BYTES = 3000, /* of a long one, at most */
};

/* An incident's group, and whether it stands for it. */
struct membership {
	uint32_t group;
	bool is_example;
};

static void endpoint_members(struct report_page *page,
	const struct endpoint *endpoint, uint8_t family)
{
	char text[ADDRESS_TEXT];

	address_text(text, &endpoint->address, family);
	page_text(page, text);
	json_number(page_json(page), NULL, endpoint->port);
}

/* A forged packet that is no reset has a title of its own. */
static const char *mechanism_member(const struct incident *incident)
{
	return incident->mechanism == MECHANISM_INJECTED &&
			       incident->look.window == LOOK_NONE
		       ? "injected-data"
		       : mechanism_word(incident->mechanism);
}

static void row(struct report_page *page, const struct report_source *source,
	const struct incident *incident, struct membership membership)
{
	struct json *json = page_json(page);
	uint64_t number = incident->frame;
	const char *file =
		source->locate(source->context, incident->frame, &number);
	char trigger[TRIGGER_VALUE] = "";

	if (incident->trigger.kind != TRIGGER_NONE)
		trigger_value(trigger, incident);
	json_row(json);
	json_string(json, NULL, "i");
	json_number(json, NULL, page_summary_file(source, file));
	json_number(json, NULL, number);
	page_time(page, incident->time_ns);
	page_text(page, mechanism_member(incident));
	page_text(page, party_word(incident->sender));
	page_text(page, party_word(incident->culprit));
	page_text(page, grade_word(incident->grade));
	json_number(json, NULL, incident->hop);
	endpoint_members(page, &incident->flow.client, incident->flow.family);
	endpoint_members(page, &incident->flow.server, incident->flow.family);
	json_signed(json, NULL, incident->idle_ns);
	json_number(json, NULL, membership.group);
	json_number(json, NULL, membership.is_example);
	page_text(page, trigger);
	json_row_end(json);
}

static void take_example(struct page_examples *examples, uint64_t index,
	const struct incident *incident)
{
	examples->entries[examples->count++] = (struct page_example){
		.index = index,
		.flow = incident->flow,
		.began_ns = incident->began_ns,
		.frame = incident->frame,
	};
}

void page_incident(struct report_page *page, const struct report_source *source,
	const struct incident *incident)
{
	row(page, source, incident, (struct membership){0, true});
	page_detail(page, source, 0, incident);
}

/* The group of every incident; NULL without memory. */
static struct membership *memberships(
	const struct groups *groups, uint64_t incident_count)
{
	struct membership *all = calloc(incident_count + 1, sizeof(*all));

	for (uint32_t g = 0; all && g < groups->list.count; g++) {
		const struct group_entry *entry = &groups->entries[g];

		for (uint64_t m = 0; m < entry->member_count; m++)
			all[groups->members[entry->first_member + m]].group = g;
		all[entry->representative].is_example = true;
	}
	return all;
}

/* How many bytes of data the page may have, without the packets. */
static uint64_t most_bytes(const struct report_source *source)
{
	uint64_t packets = source->totals.packets;
	uint64_t drawn = PAGE_EXAMPLES_MOST * (uint64_t)FLOW_PACKETS_MAX;
	uint64_t most = PAGE_BYTES_BASE + PAGE_BYTES_A_PACKET * packets;
	uint64_t put_by =
		page_frame_bytes() +
		PAGE_BYTES_A_PACKET * (drawn < packets ? drawn : packets);

	return most > put_by ? most - put_by : 0;
}

static void lines(struct report_page *page, const struct report_source *source,
	const struct membership *all, uint64_t groups)
{
	uint64_t count = source->incident_count, most = most_bytes(source);
	uint64_t of_examples = groups * LONG_BYTES;
	struct incident incident;

	for (uint64_t i = 0; i < count; i++) {
		source->incident(source->context, i, &incident);
		row(page, source, &incident, all[i]);
		if (all[i].is_example && of_examples >= LONG_BYTES)
			of_examples -= LONG_BYTES;
		uint64_t to_come = (count - i - 1) * ROW_BYTES +
				   (all[i].is_example ? 0 : of_examples);

		if (page_data_bytes(page) + LONG_BYTES + to_come <= most)
			page_detail(page, source, i, &incident);
	}
}

bool page_incidents(struct report_page *page,
	const struct report_source *source, struct page_examples *examples)
{
	struct groups groups;

	examples->count = 0;
	if (!groups_make(&groups, source))
		return false;
	struct membership *all = memberships(&groups, source->incident_count);

	if (all)
		lines(page, source, all, groups.list.count);
	for (uint32_t g = 0; all && g < groups.list.count &&
			     examples->count < PAGE_EXAMPLES_MOST;
		g++) {
		uint64_t index = groups.entries[g].representative;
		struct incident incident;

		source->incident(source->context, index, &incident);
		take_example(examples, index, &incident);
	}
	groups_free(&groups);
	free(all);
	return all != NULL;
}
