/*
 * The middlebox that sits on a wire: what it drops, rewrites, forgets and
 * forges. It is handed every frame and says what becomes of it.
 */
#ifndef LAB_DEVICE_H
#define LAB_DEVICE_H

#include "flows.h"
#include "forge.h"

enum expiry {
	EXPIRY_NONE,
	EXPIRY_SILENT,	     /* later packets vanish */
	EXPIRY_RESET_SENDER, /* each later packet is answered with a reset */
	EXPIRY_RESET_BOTH,   /* both ends are reset when the time is up */
};

enum inject_at {
	INJECT_NEVER,
	INJECT_KEYWORD,
	INJECT_SYN,
};

/* What happens to the packets of one direction. Zero means "not". */
struct direction_options {
	double loss_percent;
	double duplicate_percent;
	double reorder_percent;
	int64_t reorder_ns;
	int64_t spread_ns; /* of each packet alone: they overtake */
	int64_t delay_ns;
	int64_t jitter_ns;
	int64_t bits_per_second;
	size_t drop_larger; /* whole IP packets above this size vanish */
	bool drop_fragments;
	bool drop_icmp_errors;
	bool drop_too_big;
	bool drop_all;
	bool clear_df;
	unsigned clamp_mss;
	unsigned set_ttl;
	int add_ttl;
	unsigned wobble_ttl; /* 0 to this many taken off at random */
	int set_tos;	     /* -1: leave it */
	int set_ip_id;	     /* -1: leave it */
	int set_wscale;	     /* -1: leave it */
	uint32_t sequence_shift;
	bool sack_unshifted; /* the mistake that some devices make */
	unsigned strip;
};

struct idle_options {
	int64_t timeout_ns;
	enum expiry expiry;
	uint8_t ttl;
};

struct inject_options {
	enum inject_at at;
	bool from_far; /* it watches the far end's packets */
	char keyword[64];
	const struct forge_style *style;
	bool to_sender;
	bool to_receiver;
	bool drops_trigger;
	enum time_to_live_rule ttl_rule;
	uint8_t ttl;
	int64_t block_ns;
	int64_t block_all_ns; /* the same of all connections */
	int64_t delay_ns;
};

struct device_options {
	struct direction_options direction[2]; /* by "comes from far" */
	struct idle_options idle;
	struct inject_options inject;
};

struct device {
	const struct device_options *options;
	struct flows flows;
	uint64_t random;
	int64_t all_blocked_until_ns;
	/* Hands a forged frame to the wire; `late_ns` from now. */
	void (*send)(void *wire, bool to_far, int64_t late_ns,
		const uint8_t *bytes, size_t length);
	void *wire;
};

/* A number below `bound`; the same seed gives the same row of numbers. */
uint64_t device_random(struct device *device, uint64_t bound);

/* Changes the frame as the device would; false when it swallows it. */
bool device_pass(struct device *device, struct frame *frame, bool from_far,
	int64_t now_ns);

/* Acts on connections whose idle time is up; says when to call again. */
int64_t device_tick(struct device *device, int64_t now_ns);

#endif
