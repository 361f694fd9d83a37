/* ["h", number of an incident's line, name of the file that has all of its
 * packets]; with -1 the name of the page of the whole capture. */
#include "report/page/page_groups.h"

#include <stdlib.h>

#include "report/page/page_flow.h"
#include "report/page/page_summary.h"

struct page_group {
	struct report_page *page; /* NULL: it was not begun */
	struct page_flow flow;
	struct flow_follower follower;
	struct incident incident;
};

struct page_groups {
	const struct page_examples *examples;
	const struct report_source *source;
	struct page_group groups[];
};

const char page_generator[] = "<meta name=\"generator\" content=\"culprit\">";

const char *page_group_name(char name[PAGE_GROUP_NAME], unsigned number)
{
	(void)snprintf(name, PAGE_GROUP_NAME, "group-%04u.html", number + 1);
	return name;
}

struct page_groups *page_groups_new(const struct page_examples *examples,
	const struct report_source *source)
{
	struct page_groups *groups = calloc(1,
		sizeof(*groups) + examples->count * sizeof(groups->groups[0]));

	if (!groups)
		return NULL;
	groups->examples = examples;
	groups->source = source;
	return groups;
}

static void link_line(struct report_page *page, int64_t row, const char *name)
{
	struct json *json = page_json(page);

	json_row(json);
	json_string(json, NULL, "h");
	json_signed(json, NULL, row);
	json_string(json, NULL, name);
	json_row_end(json);
}

bool page_groups_begin(struct page_groups *groups, unsigned number, FILE *out)
{
	const struct page_example *example = &groups->examples->entries[number];
	const struct report_source *source = groups->source;
	struct page_group *group = &groups->groups[number];

	group->page = page_begin(out);
	if (!group->page)
		return false;
	source->incident(source->context, example->index, &group->incident);
	flow_follower_begin(&group->follower, &example->flow, example->began_ns,
		example->frame);
	page_summary(group->page, source, "connection");
	link_line(group->page, -1, "index.html");
	page_incident(group->page, source, &group->incident);
	page_flow_begin(&group->flow, group->page, source, &group->incident,
		&example->flow, 0);
	return true;
}

/* Of several capture points one is drawn: the incident's. */
static bool is_of_place(const struct report_source *source,
	const struct page_group *group, const struct packet *packet)
{
	return source->place_count == 0 ||
	       source->place(source->context, packet->frame) ==
		       source->place(source->context, group->incident.frame);
}

void page_groups_take(struct page_groups *groups, const struct packet *packet)
{
	for (unsigned i = 0; i < groups->examples->count; i++) {
		struct page_group *group = &groups->groups[i];
		enum speaker speaker = SPEAKER_NOBODY;

		if (group->page && is_of_place(groups->source, group, packet))
			speaker = flow_follower_take(&group->follower, packet);
		if (speaker != SPEAKER_NOBODY)
			page_flow_sample(&group->flow, packet, speaker);
	}
}

void page_groups_end(struct page_groups *groups)
{
	for (unsigned i = 0; groups && i < groups->examples->count; i++) {
		struct page_group *group = &groups->groups[i];

		if (!group->page)
			continue;
		page_flow_end(&group->flow, group->flow.seen);
		page_end(group->page);
	}
	free(groups);
}

void page_groups_links(
	struct report_page *page, const struct page_examples *examples)
{
	char name[PAGE_GROUP_NAME];

	for (unsigned i = 0; i < examples->count; i++)
		link_line(page, (int64_t)examples->entries[i].index,
			page_group_name(name, i));
}

void page_group_write_none(FILE *out)
{
	(void)fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
		    "charset=\"utf-8\"><meta http-equiv=\"Content-Security-"
		    "Policy\" content=\"default-src 'none'\">",
		out);
	(void)fputs(page_generator, out);
	(void)fputs("<title>culprit: no such group</title></head><body><main>"
		    "<p>The report that was written here last has no group of this number: "
		    "<a href=\"index.html\">index.html</a></p></main></body>"
		    "</html>\n",
		out);
}
