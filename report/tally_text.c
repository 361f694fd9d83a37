#include "report/tally_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "report/address_text.h"
#include "report/clock.h"
#include "report/titles.h"

enum { VALUE_TEXT = 64 };

/* An incident; sorted, those of one value stand together. */
struct counted {
	char value[VALUE_TEXT];
	const char *failure;
	int64_t time_ns;
};

/* What one value has. */
struct tally_row {
	const struct counted *first; /* of `failures` that stand together */
	uint64_t failures, most_alike;
	const char *failure; /* of most of them */
	int64_t first_ns, last_ns;
};

static const char *const words[] = {
	[TALLY_NONE] = "none",
	[TALLY_MECHANISM] = "mechanism",
	[TALLY_SERVER] = "server",
	[TALLY_CLIENT] = "client",
	[TALLY_PORT] = "port",
	[TALLY_HOP] = "hop",
	[TALLY_SNI] = "sni",
	[TALLY_MINUTE] = "minute",
};
static_assert(sizeof(words) / sizeof(words[0]) == TALLY_COUNT,
	"a word for every property");

const char *tally_word(enum tally_by by)
{
	return by < TALLY_COUNT ? words[by] : NULL;
}

static void name_of(char text[VALUE_TEXT], const struct incident *incident)
{
	bool is_named = incident->trigger.kind == TRIGGER_SNI;

	(void)snprintf(text, VALUE_TEXT, "%.60s",
		is_named ? incident->trigger.text : "not known to matter");
}

static void value_of(char text[VALUE_TEXT], const struct layout *layout,
	const struct incident *incident, enum tally_by by)
{
	const struct flow_name *flow = &incident->flow;
	char address[ADDRESS_TEXT], clock[CLOCK_TEXT];

	text[0] = '\0';
	switch (by) {
	case TALLY_MECHANISM:
		(void)snprintf(text, VALUE_TEXT, "%s",
			mechanism_word(incident->mechanism));
		return;
	case TALLY_SERVER:
	case TALLY_CLIENT:
		address_text(address,
			by == TALLY_SERVER ? &flow->server.address
					   : &flow->client.address,
			flow->family);
		(void)snprintf(text, VALUE_TEXT, "%.60s", address);
		return;
	case TALLY_PORT:
		(void)snprintf(text, VALUE_TEXT, "%u", flow->server.port);
		return;
	case TALLY_HOP:
		if (incident->hop)
			(void)snprintf(text, VALUE_TEXT, "%u", incident->hop);
		else
			(void)strcpy(text, "not known");
		return;
	case TALLY_SNI:
		name_of(text, incident);
		return;
	case TALLY_MINUTE:
		clock_text(clock, layout, incident->time_ns, true);
		(void)snprintf(text, VALUE_TEXT, "%.16s", clock);
		return;
	case TALLY_NONE:
	case TALLY_COUNT:
		break;
	}
}

static int by_value(const void *left, const void *right)
{
	const struct counted *a = left, *b = right;
	int order = strcmp(a->value, b->value);

	return order ? order : strcmp(a->failure, b->failure);
}

static int by_failures(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;

	if (a->failures != b->failures)
		return a->failures > b->failures ? -1 : 1;
	return strcmp(a->first->value, b->first->value);
}

/* Sorted by time where it is counted by time. */
static int by_first(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;

	return (a->first_ns > b->first_ns) - (a->first_ns < b->first_ns);
}

static void add_time(struct tally_row *tally, int64_t time_ns)
{
	if (time_ns == INT64_MIN)
		return;
	if (tally->first_ns == INT64_MIN || time_ns < tally->first_ns)
		tally->first_ns = time_ns;
	if (tally->last_ns == INT64_MIN || time_ns > tally->last_ns)
		tally->last_ns = time_ns;
}

/* `counted` is sorted; there are no more tallies than of them. */
static uint64_t add_up(struct tally_row *tallies, const struct counted *counted,
	uint64_t count)
{
	struct tally_row *tally = tallies;
	uint64_t tally_count = 0, alike = 0;

	for (uint64_t i = 0; i < count; i++) {
		bool is_new = i == 0 || strcmp(counted[i].value,
						counted[i - 1].value) != 0;

		if (is_new) {
			tally = &tallies[tally_count++];
			*tally = (struct tally_row){.first = &counted[i],
				.first_ns = INT64_MIN,
				.last_ns = INT64_MIN};
		}
		alike = is_new || strcmp(counted[i].failure,
					  counted[i - 1].failure) != 0
				? 1
				: alike + 1;
		if (alike > tally->most_alike) {
			tally->most_alike = alike;
			tally->failure = counted[i].failure;
		}
		tally->failures++;
		add_time(tally, counted[i].time_ns);
	}
	return tally_count;
}

/* Incidents of the mechanism `orderly` are not counted. */
static uint64_t take(struct counted *counted, const struct layout *layout,
	const struct report_source *source, enum tally_by by)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		source->incident(source->context, i, &incident);
		if (incident.mechanism == MECHANISM_ORDERLY)
			continue;
		value_of(counted[count].value, layout, &incident, by);
		counted[count].failure = failure_title(incident.mechanism,
			incident.culprit, &incident.look);
		counted[count].time_ns = incident.time_ns;
		count++;
	}
	qsort(counted, count, sizeof(*counted), by_value);
	return count;
}

static void print_tally(const struct layout *layout,
	const struct tally_row *tally, unsigned value_columns, bool is_dated)
{
	char count[COUNT_TEXT], first[CLOCK_TEXT], last[CLOCK_TEXT];
	char zone[CLOCK_TEXT], line[512];

	clock_text(first, layout, tally->first_ns, is_dated);
	clock_text(last, layout, tally->last_ns, is_dated);
	clock_zone(zone, layout, tally->last_ns);
	(void)snprintf(line, sizeof(line), "%9s  ",
		count_text(count, tally->failures));
	layout_text(layout, INK_COUNT, line);
	layout_text(layout, INK_STRONG, tally->first->value);
	layout_space(layout,
		value_columns - layout_columns(tally->first->value) + 2);
	(void)snprintf(line, sizeof(line), "%s%s%s%s%s%s %s", first,
		strcmp(first, last) == 0 ? "" : " to ",
		strcmp(first, last) == 0 ? "" : last, zone[0] ? " " : "", zone,
		tally->most_alike == tally->failures	  ? " "
		: tally->most_alike * 2 > tally->failures ? "  mostly"
							  : "  most often",
		tally->failure);
	layout_wrap(layout, 11 + value_columns + 2, 11 + value_columns + 2,
		INK_PLAIN, line);
}

static void print(const struct layout *layout, const struct tally_row *tallies,
	uint64_t count, enum tally_by by, uint32_t most)
{
	int64_t first_ns = tallies[0].first_ns, last_ns = tallies[0].last_ns;
	unsigned columns = 0;
	char line[64], number[COUNT_TEXT];

	(void)fputc('\n', layout->out);
	(void)snprintf(line, sizeof(line), "Failures by %s:", tally_word(by));
	layout_text(layout, INK_STRONG, line);
	(void)fputc('\n', layout->out);
	for (uint64_t i = 0; i < count && i < most; i++) {
		unsigned own = layout_columns(tallies[i].first->value);

		columns = own > columns ? own : columns;
		if (tallies[i].first_ns < first_ns)
			first_ns = tallies[i].first_ns;
		if (tallies[i].last_ns > last_ns)
			last_ns = tallies[i].last_ns;
	}
	for (uint64_t i = 0; i < count && i < most; i++)
		print_tally(layout, &tallies[i], columns,
			!clock_is_same_day(layout, first_ns, last_ns));
	if (count > most) {
		(void)snprintf(line, sizeof(line),
			"… and %s more (--top=N or -v shows them).",
			count_text(number, count - most));
		layout_wrap(layout, 0, 2, INK_FAINT, line);
	}
}

bool tally_text(const struct layout *layout, const struct report_source *source,
	enum tally_by by, uint32_t most)
{
	uint64_t room = source->incident_count + 1, count;
	struct counted *counted = calloc(room, sizeof(*counted));
	struct tally_row *tallies = calloc(room, sizeof(*tallies));

	if (counted && tallies) {
		count = take(counted, layout, source, by);
		count = add_up(tallies, counted, count);
		if (count) {
			qsort(tallies, count, sizeof(*tallies),
				by == TALLY_MINUTE ? by_first : by_failures);
			print(layout, tallies, count, by, most);
		}
	}
	free(tallies);
	free(counted);
	return counted && tallies;
}
