/* Talks with TLS servers. Connection i of the experiment has port 40000 + i. */
#include <string.h>

#include "tests/support/path_talks_parts.h"
#include "tests/support/tls_story.h"

enum {
	AES = 0x1301, /* TLS_AES_128_GCM_SHA256 */
	RC4 = 0x0005,
	CAMELLIA = 0x0041,
	REQUEST = 13,
	DONE = 14,
	PROTOCOL_VERSION = 70,
	UNRECOGNIZED_NAME = 112,
	FARTHER_TTL = 50,
};

static struct ssh_talker ask(
	struct path_story *story, unsigned connection, enum tls_purpose purpose)
{
	return tls_story_ask(story, connection, purpose, tls_story_name, true);
}

static void close_after(
	struct path_story *story, struct ssh_talker *talker, double seconds)
{
	ssh_story_at(story, seconds);
	ssh_story_end(story, talker);
}

/* One that is answered with a ServerHello. */
static void answered(struct path_story *story, unsigned connection,
	enum tls_purpose purpose, uint16_t version, uint16_t suite)
{
	struct ssh_talker talker = ask(story, connection, purpose);

	tls_story_hello(story, &talker, version, suite);
	ssh_story_end(story, &talker);
}

static void alerted(struct path_story *story, unsigned connection,
	enum tls_purpose purpose, uint8_t alert)
{
	struct ssh_talker talker = ask(story, connection, purpose);

	tls_story_alert(story, &talker, alert);
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void ended(struct path_story *story, unsigned connection,
	enum tls_purpose purpose, uint16_t flags, uint8_t ttl)
{
	struct ssh_talker talker = ask(story, connection, purpose);

	ssh_story_ended(story, &talker, flags, ttl);
	ssh_story_end(story, &talker);
}

static void first(struct path_story *story)
{
	tls_story_begin(story, NULL);
	answered(story, 0, TLS_PHASES, TLS_1_3, AES);
}

static void large_answered(struct path_story *story)
{
	struct ssh_talker talker = tls_story_large(story, 1, true);

	tls_story_hello(story, &talker, TLS_1_3, AES);
	tls_story_flight(story, &talker);
	ssh_story_end(story, &talker);
}

/* All that the server says fits a small segment. */
static void large_answered_shortly(struct path_story *story)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 1, true);
	tls_story_hello(story, &talker, TLS_1_3, AES);
	ssh_story_end(story, &talker);
}

/* TLS 1.2 alone: the certificate and what follows. */
static void old(struct path_story *story, const char *name, bool is_asking)
{
	struct ssh_talker talker = ask(story, 2, TLS_OLD);

	tls_story_hello(story, &talker, TLS_1_2, TLS_STORY_RSA);
	tls_story_certificate(story, &talker, name);
	if (is_asking)
		tls_story_message(story, &talker, REQUEST);
	tls_story_message(story, &talker, DONE);
	ssh_story_end(story, &talker);
}

/* Stories are told in 1970. */
static void say_dated(struct path_story *story, struct ssh_talker *talker,
	const char *from, const char *until)
{
	tls_story_hello(story, talker, TLS_1_2, TLS_STORY_RSA);
	tls_story_dated(story, talker, from, until);
	tls_story_message(story, talker, DONE);
	ssh_story_end(story, talker);
}

static void dated(
	struct path_story *story, const char *from, const char *until)
{
	struct ssh_talker talker;

	first(story);
	talker = ask(story, 2, TLS_OLD);
	say_dated(story, &talker, from, until);
}

/* No name was sent. */
static void dated_unnamed(
	struct path_story *story, const char *from, const char *until)
{
	struct ssh_talker talker;

	tls_story_begin(story, NULL);
	talker = tls_story_ask(story, 0, TLS_PHASES, "", true);
	say_dated(story, &talker, from, until);
}

static void expired(struct path_story *story)
{
	dated(story, "600101000000Z", "691231235959Z");
}

static void expired_unnamed(struct path_story *story)
{
	dated_unnamed(story, "600101000000Z", "691231235959Z");
}

static void not_yet_valid(struct path_story *story)
{
	dated(story, "19700102000000Z", "20380101000000Z");
}

static void not_yet_valid_unnamed(struct path_story *story)
{
	dated_unnamed(story, "19700102000000Z", "20380101000000Z");
}

static void valid(struct path_story *story)
{
	dated(story, "700101000000Z", "20380101000000Z");
}

static void of_no_known_time(struct path_story *story)
{
	dated(story, "600101000000Z", "691331235959Z");
}

static void healthy(struct path_story *story)
{
	first(story);
	large_answered(story);
	old(story, tls_story_name, false);
}

static void with_a_star(struct path_story *story)
{
	first(story);
	old(story, "*.EXAMPLE.org", false);
}

static void another_name(struct path_story *story)
{
	first(story);
	old(story, "*.org", false);
}

static void unnamed(struct path_story *story)
{
	struct ssh_talker talker;

	tls_story_begin(story, NULL);
	talker = tls_story_ask(story, 0, TLS_PHASES, "", true);
	tls_story_hello(story, &talker, TLS_1_2, TLS_STORY_RSA);
	tls_story_certificate(story, &talker, "another.example");
	tls_story_message(story, &talker, DONE);
	ssh_story_end(story, &talker);
}

static void asking(struct path_story *story)
{
	first(story);
	old(story, tls_story_name, true);
}

static void new_only(struct path_story *story)
{
	first(story);
	alerted(story, 2, TLS_OLD, PROTOCOL_VERSION);
}

static void new_perhaps(struct path_story *story)
{
	first(story);
	alerted(story, 2, TLS_OLD, TLS_STORY_HANDSHAKE_FAILURE);
}

/* The first is refused with an alert, and another is answered. */
static void widely(struct path_story *story, uint16_t version, uint16_t suite)
{
	tls_story_begin(story, NULL);
	alerted(story, 0, TLS_PHASES, TLS_STORY_HANDSHAKE_FAILURE);
	answered(story, 1, TLS_WIDE, version, suite);
}

static void old_version(struct path_story *story)
{
	widely(story, TLS_1_0, TLS_STORY_RSA);
}

static void old_version_and_suite(struct path_story *story)
{
	widely(story, TLS_1_0, RC4);
}

static void old_version_unasked(struct path_story *story)
{
	tls_story_begin(story, NULL);
	answered(story, 0, TLS_PHASES, TLS_1_0, TLS_STORY_RSA);
}

static void no_suite(struct path_story *story)
{
	widely(story, TLS_1_2, CAMELLIA);
}

static void unknown_suite_taken(struct path_story *story)
{
	tls_story_begin(story, NULL);
	answered(story, 0, TLS_PHASES, TLS_1_2, 0xfafa);
}

static void no_group(struct path_story *story)
{
	widely(story, TLS_1_2, TLS_STORY_RSA);
}

static void alert_to_all(struct path_story *story)
{
	tls_story_begin(story, NULL);
	alerted(story, 0, TLS_PHASES, TLS_STORY_HANDSHAKE_FAILURE);
	alerted(story, 1, TLS_WIDE, TLS_STORY_HANDSHAKE_FAILURE);
	alerted(story, 2, TLS_NAMELESS, TLS_STORY_HANDSHAKE_FAILURE);
}

static void alert_to_the_name(struct path_story *story)
{
	tls_story_begin(story, NULL);
	alerted(story, 0, TLS_PHASES, TLS_STORY_HANDSHAKE_FAILURE);
	alerted(story, 1, TLS_WIDE, TLS_STORY_HANDSHAKE_FAILURE);
	answered(story, 2, TLS_NAMELESS, TLS_1_3, AES);
}

static void name_refused(struct path_story *story)
{
	tls_story_begin(story, NULL);
	alerted(story, 0, TLS_PHASES, UNRECOGNIZED_NAME);
	alerted(story, 1, TLS_NAMELESS, UNRECOGNIZED_NAME);
}

static void name_refused_alone(struct path_story *story)
{
	tls_story_begin(story, NULL);
	alerted(story, 0, TLS_PHASES, UNRECOGNIZED_NAME);
	answered(story, 1, TLS_NAMELESS, TLS_1_3, AES);
}

static void name_demanded(struct path_story *story)
{
	struct ssh_talker talker;

	tls_story_begin(story, NULL);
	talker = tls_story_ask(story, 0, TLS_PHASES, "", true);
	tls_story_alert(story, &talker, UNRECOGNIZED_NAME);
	ssh_story_end(story, &talker);
}

static void closed(struct path_story *story)
{
	tls_story_begin(story, NULL);
	ended(story, 0, TLS_PHASES, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ended(story, 1, TLS_WIDE, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ended(story, 2, TLS_NAMELESS, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
}

static void reset(struct path_story *story)
{
	tls_story_begin(story, NULL);
	ended(story, 0, TLS_PHASES, TCP_RST | TCP_ACK, SSH_STORY_SERVER_TTL);
}

static void reset_from(struct path_story *story, uint8_t ttl)
{
	tls_story_begin(story, NULL);
	ended(story, 0, TLS_PHASES, TCP_RST | TCP_ACK, ttl);
}

static void reset_by_a_device(struct path_story *story)
{
	reset_from(story, 62);
}

static void reset_from_farther(struct path_story *story)
{
	reset_from(story, FARTHER_TTL);
}

static void closed_for_the_name(struct path_story *story)
{
	tls_story_begin(story, NULL);
	ended(story, 0, TLS_PHASES, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ended(story, 1, TLS_WIDE, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	answered(story, 2, TLS_NAMELESS, TLS_1_3, AES);
}

static void closed_for_the_suite(struct path_story *story)
{
	tls_story_begin(story, NULL);
	ended(story, 0, TLS_PHASES, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	answered(story, 1, TLS_WIDE, TLS_1_2, RC4);
}

static void silent_for(
	struct path_story *story, double seconds, bool is_acknowledged)
{
	struct ssh_talker talker;
	struct packet packet;

	tls_story_begin(story, NULL);
	talker = tls_story_ask(
		story, 0, TLS_PHASES, tls_story_name, is_acknowledged);
	ssh_story_at(story, seconds);
	packet = ssh_story_sent(story, &talker, TCP_FIN | TCP_ACK);
	path_packet(story->path, &packet);
}

static void silent(struct path_story *story)
{
	silent_for(story, 6.1, true);
}

static void silent_for_less(struct path_story *story)
{
	silent_for(story, 4.5, true);
}

static void hello_lost(struct path_story *story)
{
	silent_for(story, 6.1, false);
}

static void hello_lost_in_less(struct path_story *story)
{
	silent_for(story, 4.5, false);
}

static void not_awaited_and_nameless(struct path_story *story)
{
	silent_for(story, 4.5, true);
	answered(story, 1, TLS_NAMELESS, TLS_1_3, AES);
}

static void suite_before_name(struct path_story *story)
{
	widely(story, TLS_1_2, RC4);
	answered(story, 2, TLS_NAMELESS, TLS_1_3, AES);
}

static void dropped_for_the_name(struct path_story *story)
{
	silent_for(story, 6.1, false);
	answered(story, 1, TLS_NAMELESS, TLS_1_3, AES);
}

static void silent_for_the_name(struct path_story *story)
{
	silent_for(story, 6.1, true);
	answered(story, 1, TLS_NAMELESS, TLS_1_3, AES);
}

static void http(struct path_story *story)
{
	struct ssh_talker talker;

	tls_story_begin(story, NULL);
	talker = ask(story, 0, TLS_PHASES);
	ssh_story_print(story, &talker, "HTTP/1.1 400 Bad Request\r\n\r\n");
	ssh_story_end(story, &talker);
}

static void greeting(struct path_story *story)
{
	tls_story_begin(story, ssh_story_software);
}

static void nothing_said(struct path_story *story)
{
	tls_story_begin(story, NULL);
}

static void large_lost(struct path_story *story)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 4, false);
	tls_story_hello(story, &talker, TLS_1_3, AES);
	tls_story_flight(story, &talker);
	ssh_story_end(story, &talker);
}

/* A PTB came for a segment of the run's connection. */
static void large_lost_though_reported(struct path_story *story)
{
	struct packet packet;

	large_lost(story);
	packet = path_story_segment(story, 1500, 64);
	path_story_error(story, &packet, path_story_router(2), 3, 4, 1400);
}

static void large_lost_twice(struct path_story *story)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 2, false);
	tls_story_hello(story, &talker, TLS_1_3, AES);
	tls_story_flight(story, &talker);
	ssh_story_end(story, &talker);
}

static void large_unanswered(struct path_story *story)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 1, true);
	close_after(story, &talker, 8);
}

static void large_closed(struct path_story *story)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 1, true);
	ssh_story_at(story, 8);
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void large_arrives_late(struct path_story *story)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 4, true);
	tls_story_hello(story, &talker, TLS_1_3, AES);
	tls_story_flight(story, &talker);
	ssh_story_end(story, &talker);
}

static void large_lost_and_unanswered(struct path_story *story)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 2, false);
	close_after(story, &talker, 8);
}

/* A router says that it is too big for the next link. */
static void report_large(struct path_story *story)
{
	struct ssh_talker talker = {
		SSH_STORY_FIRST_PORT + 1, SSH_STORY_OURS, SSH_STORY_THEIRS};
	struct packet packet =
		ssh_story_sent(story, &talker, TCP_ACK | TCP_PSH);

	packet.sequence = SSH_STORY_OURS + 1;
	packet.payload_bytes = SSH_STORY_LARGE_BYTES;
	packet.ip_bytes = 40 + SSH_STORY_LARGE_BYTES;
	path_story_error(story, &packet, path_story_router(2), 3, 4, 1400);
}

static void reported(struct path_story *story, bool is_answered)
{
	struct ssh_talker talker;

	first(story);
	talker = tls_story_large(story, 4, false);
	report_large(story);
	if (is_answered) {
		tls_story_hello(story, &talker, TLS_1_3, AES);
		tls_story_flight(story, &talker);
	}
	close_after(story, &talker, 8);
}

static void large_reported(struct path_story *story)
{
	reported(story, true);
}

static void large_reported_unanswered(struct path_story *story)
{
	reported(story, false);
}

#define PARTS PATH_LINES_ADVICE
const struct path_talk path_talks_tls[] = {
#include "tests/support/path_talks_tls.def"
};
const unsigned path_talks_tls_count =
	sizeof(path_talks_tls) / sizeof(path_talks_tls[0]);
