/* How the packet that ended a connection looks, in a few classes: what a device
 * writes into its resets is the same whomever it resets. */
#ifndef ANALYSIS_VERDICT_RESET_LOOK_H
#define ANALYSIS_VERDICT_RESET_LOOK_H

#include <stdbool.h>
#include <stdint.h>

struct packet_note;
struct reset;

/* Where a field's value comes from. */
enum look_value {
	LOOK_NONE, /* the packet has no such field, or is no reset */
	LOOK_ZERO,
	LOOK_OWN,    /* the last value of the side that is named, or (the IP
			identification) soon after it */
	LOOK_COPIED, /* the peer's last value, or one above it */
	LOOK_OTHER,
	LOOK_VALUE_COUNT,
};
const char *look_value_word(enum look_value value);

struct reset_look {
	uint8_t kind;	 /* enum packet_kind; 0: no packet is known */
	uint8_t has_ack; /* of a reset, as all below */
	uint8_t window;	 /* enum look_value */
	uint8_t ip_id;	 /* enum look_value; LOOK_NONE with IPv6 */
	uint8_t is_df;
	uint8_t has_options;
	uint8_t initial_ttl; /* the usual one at or above the packet's: 32, 64,
				128, 255 */
	uint8_t icmp;	     /* of an ICMP error: 1 + its code below 16 of
				"unreachable", 32 of any other */
};

/* Identifications up to so many above the side's last one continue it. */
enum { LOOK_ID_STEPS = 16 };

/* `reset` is that of which `note` is, with both sides as they stood; NULL: the
 * packet is no reset. `is_ip4` says whether there is an identification. */
struct reset_look reset_look_of(
	const struct packet_note *note, const struct reset *reset, bool is_ip4);

#endif
