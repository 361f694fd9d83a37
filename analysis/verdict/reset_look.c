#include "analysis/verdict/reset_look.h"

#include <assert.h>

#include "analysis/flow/ttl.h"
#include "analysis/observe/evidence.h"
#include "capture/packet.h"

static const char *const words[] = {
	[LOOK_NONE] = "none",
	[LOOK_ZERO] = "zero",
	[LOOK_OWN] = "own",
	[LOOK_COPIED] = "copied",
	[LOOK_OTHER] = "other",
};
static_assert(sizeof(words) / sizeof(words[0]) == LOOK_VALUE_COUNT,
	"a word for every class");

const char *look_value_word(enum look_value value)
{
	assert(value < LOOK_VALUE_COUNT);
	return words[value];
}

/* The side's own comes first: where both ends have the same window, nothing
 * was copied. */
static enum look_value look_of_window(uint16_t window,
	const struct side_snapshot *own, const struct side_snapshot *peer)
{
	if (window == 0)
		return LOOK_ZERO;
	if (own->flags & SIDE_SEEN && window == own->window)
		return LOOK_OWN;
	if (peer->flags & SIDE_SEEN && window == peer->window)
		return LOOK_COPIED;
	return LOOK_OTHER;
}

static enum look_value look_of_ip_id(uint16_t ip_id,
	const struct side_snapshot *own, const struct side_snapshot *peer)
{
	uint16_t own_steps = (uint16_t)(ip_id - own->ip_id);
	uint16_t peer_steps = (uint16_t)(ip_id - peer->ip_id);

	if (ip_id == 0)
		return LOOK_ZERO;
	/* as facts_shape.c has it: the packet that it answers, or one above */
	if (peer->flags & SIDE_SEEN && peer_steps <= 1)
		return LOOK_COPIED;
	if (own->flags & SIDE_SEEN && own_steps <= LOOK_ID_STEPS)
		return LOOK_OWN;
	return LOOK_OTHER;
}

static uint8_t look_of_icmp(const struct packet_note *note)
{
	/* neither number is an error of the other family */
	bool is_unreachable = note->icmp_type == ICMP4_UNREACHABLE ||
			      note->icmp_type == ICMP6_UNREACHABLE;

	return is_unreachable && note->icmp_code < 16
		       ? (uint8_t)(1 + note->icmp_code)
		       : 32;
}

struct reset_look reset_look_of(
	const struct packet_note *note, const struct reset *reset, bool is_ip4)
{
	struct reset_look look = {.kind = note->kind};
	const struct side_snapshot *own, *peer;

	if (note->kind == PACKET_ICMP)
		look.icmp = look_of_icmp(note);
	if (!reset)
		return look;
	own = &reset->before[note->side];
	peer = &reset->before[!note->side];
	look.has_ack = (note->tcp_flags & TCP_ACK) != 0;
	look.window = (uint8_t)look_of_window(note->window, own, peer);
	if (is_ip4)
		look.ip_id = (uint8_t)look_of_ip_id(note->ip_id, own, peer);
	look.is_df = note->is_df;
	look.has_options = note->options != 0;
	look.initial_ttl = (uint8_t)ttl_initial(note->ttl);
	return look;
}
