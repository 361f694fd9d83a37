/* What incidents have in common that are told as one: who ended the
 * connections and how that looks, not whose connections they were.
 *
 * The number of different keys is bounded, whatever a recording holds: every
 * field is a word or a class. */
#ifndef ANALYSIS_VERDICT_GROUP_KEY_H
#define ANALYSIS_VERDICT_GROUP_KEY_H

#include "analysis/verdict/incident.h"

/* What else than the key tells groups apart, see group_split.h. */
enum group_place {
	GROUP_PLACE_NONE, /* a device is known by its resets alone */
	GROUP_PLACE_HOST, /* of the endpoint to blame */
	GROUP_PLACE_NETWORK,
	GROUP_PLACE_PATH, /* the networks of client and server */
	GROUP_PLACE_PORT, /* of the server */
	GROUP_PLACE_COUNT,
};
const char *group_place_word(enum group_place place);

struct group_key {
	uint8_t mechanism, sender, culprit; /* enums of vocabulary.h */
	/* Of a timer: 0: none; n: silence before it of GROUP_IDLE_S * 2^(n-2)
	 * seconds to twice that; 1: of less than GROUP_IDLE_S. */
	uint8_t idle_class;
	struct reset_look look; /* of a device's packet, else zero */
};

enum { GROUP_IDLE_S = 15, GROUP_IDLE_CLASSES = 12 };

/* One verdict, as far as groups need it. */
struct group_verdict {
	struct group_key key;
	struct address client, server;
	uint16_t server_port;
	uint16_t window; /* of the reset */
	uint8_t family;	 /* 4 or 6 */
	uint8_t grade;	 /* enum grade */
	uint8_t ttl;	 /* of the fatal packet; 0: not known */
	uint8_t hop;	 /* of its sender; 0: not known */
	/* An earlier verdict of the same connection has the same key: the
	 * connection is counted already. */
	bool is_further;
	uint32_t idle_ms; /* of a timer; saturates */
	int64_t time_ns;
	uint64_t frame;
};

void group_verdict_of(
	const struct incident *incident, struct group_verdict *verdict);

/* Which kind of place divides the incidents of a key. */
enum group_place group_key_place(const struct group_key *key);
/* Whether its places are clients; else they are servers. */
bool group_key_is_of_clients(const struct group_key *key);

/* Seconds of silence from which the class begins, and below which it ends; 0:
 * no end. */
uint32_t group_idle_from_s(unsigned idle_class);
uint32_t group_idle_below_s(unsigned idle_class);

/* A number for scripts to join by: equal for equal keys in any run. */
uint32_t group_key_number(const struct group_key *key);

/* Orders keys, for tables. */
int group_key_compare(const struct group_key *a, const struct group_key *b);

#endif
