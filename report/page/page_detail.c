#include "report/page/page_detail.h"

#include "report/address_text.h"
#include "report/packet_origin.h"
#include "report/packet_text.h"
#include "report/titles.h"
#include "report/trigger_text.h"

static void frame_member(
	struct json *json, const struct report_source *source, uint64_t frame)
{
	json_number(json, NULL, frame ? report_frame(source, frame) : 0);
}

static void evidence(struct report_page *page,
	const struct report_source *source, const struct incident *incident)
{
	struct json *json = page_json(page);

	json_array(json, NULL);
	for (unsigned i = 0; i < incident->evidence_count; i++) {
		const struct evidence_row *row = &incident->evidence[i];

		json_array(json, NULL);
		page_text(page, row->fact);
		json_number(json, NULL, row->holds);
		frame_member(json, source, row->frame);
		frame_member(json, source, row->against);
		page_text(page, row->found);
		page_text(page, row->expected);
		json_number(json, NULL, row->weight);
		json_array_end(json);
	}
	json_array_end(json);
}

static void other_readings(
	struct report_page *page, const struct incident *incident)
{
	struct json *json = page_json(page);

	json_array(json, NULL);
	for (unsigned i = 0; i < incident->also_count; i++) {
		const struct other_reading *also = &incident->also[i];

		json_array(json, NULL);
		page_text(page, mechanism_word(also->mechanism));
		page_text(page, party_word(also->sender));
		page_text(page, party_word(also->culprit));
		page_text(page, also->why);
		json_array_end(json);
	}
	json_array_end(json);
	json_array(json, NULL);
	for (unsigned i = 0; i < incident->undecided_count; i++) {
		json_array(json, NULL);
		page_text(page, incident->undecided[i].fact);
		page_text(page, incident->undecided[i].settled_by);
		json_array_end(json);
	}
	json_array_end(json);
	json_array(json, NULL);
	for (unsigned i = 0; i < incident->outranked_count; i++)
		page_text(page, incident->outranked[i]);
	json_array_end(json);
}

/* [frame, time, from client, what, bytes, ttl, IP ID, DF, window, from a
 * device, is an ICMP error, note, source]; `what` is flags, or a text of an
 * ICMP error. */
static void excerpt(struct report_page *page,
	const struct report_source *source, const struct incident *incident,
	const struct packet_excerpt *one)
{
	struct json *json = page_json(page);
	char text[ICMP_TEXT], from[ADDRESS_TEXT] = "";
	bool is_icmp = one->kind == PACKET_ICMP;

	json_array(json, NULL);
	frame_member(json, source, one->frame);
	page_time(page, one->time_ns);
	json_number(json, NULL, one->is_from_client);
	if (is_icmp) {
		page_text(page,
			icmp_text(text, incident->flow.family, one->icmp_type,
				one->icmp_code, one->icmp_mtu));
		address_text(from, &one->from, incident->flow.family);
	} else {
		json_number(json, NULL, one->tcp_flags);
	}
	json_number(json, NULL, one->payload_bytes);
	json_number(json, NULL, one->ttl);
	json_number(json, NULL, one->ip_id);
	json_number(json, NULL, one->is_df);
	json_number(json, NULL, one->window);
	json_number(json, NULL,
		packet_is_from_device(incident, one->frame, one->tcp_flags,
			one->ttl, one->is_from_client));
	json_number(json, NULL, is_icmp);
	page_text(page, one->note);
	page_text(page, from);
	json_array_end(json);
}

static void numbers(struct report_page *page, const struct incident *incident)
{
	struct json *json = page_json(page);

	json_array(json, NULL);
	json_number(json, NULL, incident->gaps_survived);
	json_signed(json, NULL, incident->longest_survived_ns);
	json_number(json, NULL, incident->gaps_died);
	json_signed(json, NULL, incident->shortest_died_ns);
	json_array_end(json);
	json_array(json, NULL);
	json_number(json, NULL, incident->mtu_passed);
	json_number(json, NULL, incident->mtu_failed);
	json_number(json, NULL, incident->is_reverse);
	json_array_end(json);
}

static void sentences(struct report_page *page, const struct incident *incident)
{
	char trigger[TRIGGER_SENTENCE] = "", headline[HEADLINE_TEXT];

	if (incident->trigger.kind != TRIGGER_NONE)
		trigger_sentence(trigger, incident);
	page_text(page, headline_text(headline, incident));
	page_text(page, incident->signature);
	page_text(page, incident->summary);
	page_text(page, incident->detail);
	page_text(page, incident->advice);
	page_text(page, incident->pattern);
	page_text(page, incident->tampering_signature);
	page_text(page, incident->wire_text);
	page_text(page, incident->timers);
	page_text(page, trigger);
}

void page_detail(struct report_page *page, const struct report_source *source,
	uint64_t row, const struct incident *incident)
{
	struct json *json = page_json(page);

	json_row(json);
	json_string(json, NULL, "d");
	json_number(json, NULL, row);
	page_time(page, incident->began_ns);
	json_signed(json, NULL, incident->idle_ns);
	json_number(json, NULL, incident->is_weakened);
	json_number(json, NULL, incident->flow.is_guessed);
	page_text(page, report_place_name(source, incident->frame));
	sentences(page, incident);
	evidence(page, source, incident);
	other_readings(page, incident);
	json_array(json, NULL);
	for (unsigned i = 0; i < incident->excerpt_count; i++)
		excerpt(page, source, incident, &incident->excerpts[i]);
	json_array_end(json);
	numbers(page, incident);
	json_row_end(json);
}
