/*
 * The packets that devices on a path forge, as data: one row per kind of
 * device, each from a capture or a paper named beside it.
 */
#ifndef LAB_FORGE_H
#define LAB_FORGE_H

#include "frame.h"

enum forge_maximum {
	FORGE_BURST = 4,
	FORGE_PAYLOAD = 120,
	FORGE_BYTES = ETHERNET_BYTES + 60 + FORGE_PAYLOAD,
};

enum time_to_live_rule {
	TTL_STYLE, /* the style's own value */
	TTL_FIXED, /* the value given on the command line */
	TTL_COPY,  /* what the claimed sender's packets have here */
	TTL_MIRROR /* what the trigger has here */
};

enum window_rule {
	WINDOW_FIXED,
	WINDOW_TRIGGER, /* the trigger's own */
	WINDOW_TTL_PLUS_1375,
	WINDOW_RANDOM,
};

enum ip_id_rule {
	IP_ID_FIXED,
	IP_ID_TRIGGER_PLUS_1,
	IP_ID_TRIGGER_MINUS_26,
	IP_ID_TRIGGER,	     /* the trigger's own */
	IP_ID_CONTINUES,     /* the counter of the claimed sender goes on */
	IP_ID_LITTLE_ENDIAN, /* a counter whose bytes are swapped */
	IP_ID_RANDOM, /* far from the claimed sender's: one near it by chance
		       * is another device */
};

/*
 * `sequence_step` is added to the exact sequence number, packet by packet.
 * `flags` are those of the packet, mostly a reset; with `stale_ack` the
 * acknowledgement field is set although the ACK flag is not; with `acks_all` it
 * is behind all that the trigger's sender has sent, and not behind the trigger.
 * `payload` is NULL or a text of at most FORGE_PAYLOAD bytes.
 */
struct forge_style {
	const char *name;
	unsigned count;
	uint32_t sequence_step[FORGE_BURST];
	uint8_t flags;
	bool stale_ack;
	bool acks_all;
	bool df;
	uint8_t ttl;
	enum window_rule window_rule;
	uint16_t window;
	enum ip_id_rule ip_id_rule;
	uint16_t ip_id;
	const char *payload;
};

/* NULL when there is no style of that name. */
const struct forge_style *forge_style_named(const char *name);

/*
 * What is known of a connection where the forger sits. Sequence numbers are
 * those of the forged packet, seen from its claimed sender.
 */
struct forge_order {
	const struct forge_style *style;
	const struct frame *trigger;
	bool as_receiver; /* in the name of the trigger's destination */
	uint32_t sequence;
	uint32_t acknowledgement;
	uint8_t ttl;
	uint16_t ip_id;	 /* the claimed sender's last one */
	unsigned index;	 /* which packet of the burst */
	uint32_t random; /* any number; the burst shares it */
};

/* Writes a frame of at most FORGE_BYTES into `bytes`; returns its length. */
size_t forge_packet(const struct forge_order *order, uint8_t *bytes);

#endif
