/* What a probe sends and hears on a simulated path of four routers and a
 * target, the fifth, packet by packet, as its recording would hold it. No
 * wires, no clock. */
#ifndef TESTS_SUPPORT_PATH_STORY_H
#define TESTS_SUPPORT_PATH_STORY_H

#include "analysis/path/path.h"

enum {
	PATH_STORY_DISTANCE = 5,
	PATH_STORY_HOLE_LINK = 3,
	PATH_STORY_HOLE_BYTES = 1400,
	PATH_STORY_PORT = 50000, /* of the run's connection */
};

struct path_story {
	struct path *path; /* has taken all packets so far; to be freed */
	uint64_t frame;
	int64_t time_ns; /* a millisecond passes before each packet */
	uint16_t ip_id;
	uint32_t offset;
	uint8_t quoted_ttl; /* in errors; 1 unless said otherwise */
	/* of the target's segments; 60 unless said otherwise */
	uint8_t tcp_ttl;
	/* the last number of the addresses of routers that report echo; 1
	 * unless said otherwise */
	uint8_t echo_router;
	bool is_df_cleared; /* as errors quote it */
};

/* A probe of routes and sizes over IPv4, from an interface of 1500 bytes. */
struct path_story path_story_begin(void);
/* Over IPv6, with the same addresses: for segments and errors about them. */
void path_story_use_ipv6(struct path_story *story);
/* It makes this experiment too. */
void path_story_asks(
	struct path_story *story, enum probe_experiment experiment);
struct address path_story_router(unsigned hop);

/* Packets of TCP from and to the port of ours, to be handed to path_packet().
 */
struct packet path_story_ours(
	struct path_story *story, uint16_t port, uint16_t flags);
struct packet path_story_theirs(
	struct path_story *story, uint16_t port, uint16_t flags);

/* Old data on the run's connection, of so many bytes of IP; its answer, a
 * duplicate ACK that names it; an ICMP error about it. */
struct packet path_story_segment(
	struct path_story *story, uint32_t ip_bytes, uint8_t ttl);
void path_story_named(
	struct path_story *story, const struct packet *sent_probe);
void path_story_error(struct path_story *story, const struct packet *sent_probe,
	struct address from, uint8_t type, uint8_t code, uint32_t mtu);

/* Old data on another connection of ours, whose SYN had the number 0. */
struct packet path_story_segment_on(struct path_story *story, uint16_t port,
	uint32_t ip_bytes, uint8_t ttl);

/* A stray segment of that port, and the reset that answers it. */
struct packet path_story_stray(
	struct path_story *story, uint16_t port, uint32_t ip_bytes);
void path_story_reset(
	struct path_story *story, const struct packet *stray, uint8_t ttl);

/* The handshake of the run's connection; the MSS is the SYN-ACK's. */
void path_story_handshake(struct path_story *story, uint16_t mss);

/* Old data and what comes back on a path whose third link takes 1400 bytes and
 * where nobody says so; all that the experiments ask on it. */
void path_story_ask(struct path_story *story, uint32_t bytes, uint8_t ttl);
void path_story_tell_hole(struct path_story *story);

/* On any connection: what we say (with 16 bytes where PSH is set), and what the
 * server does. */
void path_story_say(struct path_story *story, uint16_t port, uint16_t flags,
	uint32_t sequence, uint16_t mss);
void path_story_hear(struct path_story *story, uint16_t port, uint16_t flags,
	uint32_t sequence, uint32_t bytes);

/* An ICMP echo request of so many bytes of IP. */
void path_story_echo(
	struct path_story *story, uint32_t bytes, bool is_answered);
/* The same with a hop limit: answered, or reported as expired by the router of
 * that hop. */
void path_story_echo_to(struct path_story *story, uint32_t bytes, uint8_t ttl,
	bool is_answered);
/* The same, and nobody says anything. */
void path_story_echo_lost(
	struct path_story *story, uint32_t bytes, uint8_t ttl);
/* One that is answered in fragments, the first of so many bytes of IP. */
void path_story_echo_cut(
	struct path_story *story, uint32_t bytes, uint32_t first_bytes);
/* One whose reply the target shortens to so many. */
void path_story_echo_short(
	struct path_story *story, uint32_t bytes, uint32_t reply_bytes);
/* A UDP packet that the target refuses, since the port is closed. */
void path_story_udp(struct path_story *story, uint32_t bytes);
/* One that nothing is heard of. */
void path_story_udp_lost(struct path_story *story, uint32_t bytes);

/* So many segments of a size, of which the first `arrived` arrive. */
void path_story_segments(struct path_story *story, uint32_t bytes,
	unsigned sent, unsigned arrived);
/* Each hop answers a small packet. */
void path_story_hops(struct path_story *story);

#endif
