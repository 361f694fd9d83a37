#include "report/comparison.h"

#include <assert.h>
#include <inttypes.h>

#include "capture/safe_text.h"
#include "report/address_text.h"
#include "report/packet_text.h"

static unsigned lanes_of(const struct compare *compare, unsigned file)
{
	unsigned count = 0;

	for (unsigned i = 0; i < compare->table.lane_count; i++)
		count += compare->table.lanes[i].file == file;
	return count;
}

const char *lane_text(char text[LANE_TEXT], const struct comparison *comparison,
	unsigned lane)
{
	const struct lane *own = &comparison->compare->table.lanes[lane];
	const char *name = own->file < comparison->source->place_count
				   ? comparison->source->places[own->file].name
				   : "?";
	uint32_t device = (uint32_t)own->place;
	uint32_t interface = (uint32_t)(own->place >> 32);

	if (lanes_of(comparison->compare, own->file) == 1)
		(void)snprintf(text, LANE_TEXT, "%.80s", name);
	else
		(void)snprintf(text, LANE_TEXT, "%.80s:%u", name,
			device ? device : interface);
	return text;
}

const char *compared_packet_text(
	char text[PACKET_TEXT], uint16_t flags, uint32_t payload_bytes)
{
	char words[FLAGS_TEXT];

	if (payload_bytes && !(flags & (TCP_SYN | TCP_FIN | TCP_RST)))
		(void)snprintf(
			text, PACKET_TEXT, "data, %u bytes", payload_bytes);
	else if (payload_bytes)
		(void)snprintf(text, PACKET_TEXT, "%s, %u bytes",
			tcp_flags_text(words, flags), payload_bytes);
	else
		(void)snprintf(
			text, PACKET_TEXT, "%s", tcp_flags_text(words, flags));
	return text;
}

struct flow_name comparison_flow(
	const struct comparison *comparison, uint32_t group)
{
	const struct conn_set *set = &comparison->compare->set;
	const struct track *found =
		conn_set_track(set, set->groups[group].named);

	return (struct flow_name){
		.client = {found->side[found->client].address,
			found->side[found->client].port},
		.server = {found->side[!found->client].address,
			found->side[!found->client].port},
		.family = found->family,
		.is_guessed = !found->has_syn,
	};
}

static void end_value(char text[CHANGE_VALUE],
	const struct comparison *comparison, uint32_t track, unsigned side)
{
	const struct track *own = &comparison->compare->table.tracks[track];
	struct endpoint endpoint = {
		own->side[side].address, own->side[side].port};

	static_assert((int)CHANGE_VALUE >= (int)ENDPOINT_TEXT, "room for it");
	endpoint_text(text, &endpoint, own->family);
}

void comparison_change_values(const struct comparison *comparison,
	const struct field_change *change, char from[CHANGE_VALUE],
	char to[CHANGE_VALUE])
{
	bool is_target = change->field == CHANGE_TARGET;

	from[0] = to[0] = '\0';
	if (change->field == CHANGE_SOURCE || is_target) {
		end_value(from, comparison, change->track,
			change->side ^ is_target);
		end_value(to, comparison, change->track_there,
			change->side_there ^ is_target);
	} else if (change->field != CHANGE_PAYLOAD) {
		(void)snprintf(from, CHANGE_VALUE, "%" PRIu32, change->from);
		(void)snprintf(to, CHANGE_VALUE, "%" PRIu32, change->to);
	}
}
