/* Talks about idle connections: at 22 (SSH) unless said otherwise. Connections
 * are opened together; `at` tells the seconds since then. */
#include "analysis/path/path_record.h"
#include "tests/support/path_talks_parts.h"

enum {
	FIRST_PORT = 40000, /* of connection 0 */
	OURS = 7001,	    /* our next number, on all */
	THEIRS = 9001,	    /* theirs */
	SERVER_TTL = 60,
	WANTED_S = 20,
	CONNECTIONS = 6,
};

static const int64_t opened_ns = INT64_C(1000000000);

static void at(struct path_story *story, double seconds)
{
	story->time_ns = opened_ns + (int64_t)(seconds * 1e9);
}

static uint16_t port_of(unsigned connection)
{
	return (uint16_t)(FIRST_PORT + connection);
}

static struct packet send(struct path_story *story, unsigned connection,
	uint16_t flags, uint32_t sequence, uint8_t ttl)
{
	struct packet packet =
		path_story_ours(story, port_of(connection), flags);

	packet.sequence = sequence;
	packet.ttl = ttl;
	packet.ip_bytes = 40;
	return packet;
}

static void hear_about(struct path_story *story, unsigned connection,
	uint16_t flags, uint32_t sequence, uint32_t acknowledged, uint8_t ttl)
{
	struct packet packet =
		path_story_theirs(story, port_of(connection), flags);

	packet.sequence = sequence;
	packet.acknowledged = acknowledged;
	packet.ttl = ttl;
	path_packet(story->path, &packet);
}

static void hear(struct path_story *story, unsigned connection, uint16_t flags,
	uint32_t sequence, uint8_t ttl)
{
	hear_about(story, connection, flags, sequence, OURS, ttl);
}

/* A question with this number, up to a hop or the whole way. */
static struct packet ask(struct path_story *story, unsigned connection,
	uint8_t number, uint8_t ttl)
{
	struct packet packet = send(story, connection, TCP_ACK, OURS - 1, ttl);

	packet.ip_bytes = 41;
	packet.payload_bytes = packet.payload_captured = 1;
	packet.payload = &number;
	path_packet(story->path, &packet);
	return packet;
}

static void answer(struct path_story *story, unsigned connection)
{
	hear(story, connection, TCP_ACK, THEIRS, SERVER_TTL);
}

static void lives(struct path_story *story, unsigned connection)
{
	(void)ask(story, connection, 0, 64);
	answer(story, connection);
}

static void open_one(
	struct path_story *story, unsigned connection, bool is_answering)
{
	struct packet syn = send(story, connection, TCP_SYN, OURS - 1, 64), ack;

	path_packet(story->path, &syn);
	hear(story, connection, TCP_SYN | TCP_ACK, THEIRS - 1, SERVER_TTL);
	ack = send(story, connection, TCP_ACK, OURS, 64);
	path_packet(story->path, &ack);
	(void)ask(story, connection, 0, 64);
	if (is_answering)
		answer(story, connection);
}

/* The run's own connection, hops, and the experiment's connections. */
static void begin(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_IDLE);
	story->path->comment.idle_max_s = WANTED_S;
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 64, (uint8_t)ttl);
	at(story, 0);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		open_one(story, i, true);
}

/* The run's own connection answers. */
static void kept(struct path_story *story)
{
	struct packet probe = path_story_segment(story, 64, 64);

	path_story_named(story, &probe);
}

/* So many unanswered questions from then on, the last a second later. */
static void dies(struct path_story *story, unsigned connection, double seconds,
	unsigned tries, bool is_kept)
{
	for (unsigned i = 0; i < tries; i++) {
		at(story, seconds + 0.1 * i + (i == 4 ? 0.9 : 0));
		(void)ask(story, connection, (uint8_t)i, 64);
		if (i == 2 && is_kept)
			kept(story);
	}
}

/* A reset answers the question. */
static void is_reset(struct path_story *story, unsigned connection,
	double seconds, uint8_t ttl)
{
	at(story, seconds);
	(void)ask(story, connection, 0, 64);
	hear(story, connection, TCP_RST, THEIRS, ttl);
}

static void refresh(struct path_story *story, unsigned connection, uint8_t hop)
{
	(void)ask(story, connection, 0, hop);
}

/* Connection 0 survives ten seconds; 4 and 5 are refreshed up to hop 2 and 3
 * when 5 s are over. */
static void ten_seconds(struct path_story *story)
{
	begin(story);
	at(story, 5);
	refresh(story, 4, 2);
	refresh(story, 5, 3);
	at(story, 10);
	lives(story, 0);
}

static void silent(struct path_story *story)
{
	ten_seconds(story);
	dies(story, 1, 10.4, 5, true);
	dies(story, 4, 12, 5, true);
	at(story, 14);
	lives(story, 5);
}

/* The device gives it a port of another one: what is sent on it is answered
 * with that one's numbers. */
static void answer_for_another(struct path_story *story, unsigned connection)
{
	hear_about(story, connection, TCP_ACK, THEIRS + 70000, OURS + 50000,
		SERVER_TTL);
}

static void asks_another(struct path_story *story, unsigned connection,
	double seconds, bool is_kept)
{
	for (unsigned i = 0; i < 5; i++) {
		at(story, seconds + 0.1 * i);
		(void)ask(story, connection, (uint8_t)i, 64);
		answer_for_another(story, connection);
		if (i == 2 && is_kept)
			kept(story);
	}
}

/* The FIN too. */
static void answered_for_another(struct path_story *story)
{
	struct packet fin;

	silent(story);
	asks_another(story, 2, 16, true);
	fin = send(story, 2, TCP_FIN | TCP_ACK, OURS, 64);
	path_packet(story->path, &fin);
	answer_for_another(story, 2);
}

static void all_answered_for_another(struct path_story *story)
{
	ten_seconds(story);
	asks_another(story, 1, 10.4, true);
	asks_another(story, 4, 12, true);
	at(story, 14);
	lives(story, 5);
}

/* Connection 3 is as 5. */
static void all_answered_for_another_twice(struct path_story *story)
{
	ten_seconds(story);
	refresh(story, 3, 3);
	asks_another(story, 1, 10.4, true);
	asks_another(story, 4, 12, true);
	at(story, 14);
	lives(story, 3);
	lives(story, 5);
}

/* What the forgotten connection's FIN meets is no answer to the question. */
static void fin_reset_at_the_end(struct path_story *story)
{
	struct packet fin;

	all_answered_for_another_twice(story);
	at(story, 20);
	fin = send(story, 1, TCP_FIN | TCP_ACK, OURS, 64);
	path_packet(story->path, &fin);
	hear(story, 1, TCP_RST, THEIRS, SERVER_TTL);
}

static void answered_for_another_without_others(struct path_story *story)
{
	ten_seconds(story);
	asks_another(story, 1, 10.4, false);
	asks_another(story, 4, 12, false);
}

/* By chance the first of them met another one's port. */
static void first_answered_for_another(struct path_story *story)
{
	ten_seconds(story);
	asks_another(story, 1, 10.4, true);
	is_reset(story, 4, 12, SERVER_TTL);
	at(story, 14);
	lives(story, 5);
}

/* A late packet of a connection that had the port before. */
static void answered_for_both(struct path_story *story)
{
	ten_seconds(story);
	at(story, 10.4);
	(void)ask(story, 1, 0, 64);
	answer_for_another(story, 1);
	answer(story, 1);
	lives(story, 5);
}

static void silent_without_hops(struct path_story *story)
{
	begin(story);
	at(story, 10);
	lives(story, 0);
	dies(story, 1, 10.4, 5, true);
	dies(story, 2, 12, 5, true);
}

static void silent_on_one(struct path_story *story)
{
	ten_seconds(story);
	for (unsigned i = 0; i < 8; i++)
		lives(story, 0); /* loss is no explanation */
	dies(story, 1, 10.4, 5, true);
	at(story, 14);
	lives(story, 5);
}

static void all_are_silent(struct path_story *story)
{
	ten_seconds(story);
	dies(story, 1, 10.4, 5, false);
	dies(story, 2, 12, 5, false);
	at(story, 14);
	kept(story);
}

/* All fall silent, and connection 0, asked meanwhile, answers so late. */
static void another_answers(struct path_story *story, double seconds)
{
	ten_seconds(story);
	dies(story, 1, 10.4, 4, false);
	at(story, 11);
	(void)ask(story, 0, 0, 64);
	if (seconds < 12) {
		at(story, seconds);
		answer(story, 0);
	}
	at(story, 11.7);
	(void)ask(story, 1, 4, 64);
	dies(story, 2, 12, 5, false);
	if (seconds > 12) {
		at(story, seconds);
		answer(story, 0);
	}
}

static void another_answers_meanwhile(struct path_story *story)
{
	another_answers(story, 11.2);
}

static void another_answers_afterwards(struct path_story *story)
{
	another_answers(story, 14);
}

static void four_questions(struct path_story *story)
{
	ten_seconds(story);
	dies(story, 1, 10.4, 4, true);
	dies(story, 2, 12, 4, true);
}

static void late_answer(struct path_story *story)
{
	ten_seconds(story);
	dies(story, 1, 10.4, 5, true);
	answer(story, 1);
}

static void never_answered(struct path_story *story)
{
	begin(story);
	at(story, 1);
	open_one(story, CONNECTIONS, false);
	dies(story, CONNECTIONS, 4, 5, true);
	dies(story, CONNECTIONS, 9, 5, true);
	at(story, 12);
	lives(story, 0);
}

/* Three of four questions get lost: five are too few to tell. */
static void on_lossy_path(struct path_story *story, unsigned lost)
{
	begin(story);
	for (unsigned i = 0; i < 6; i++) {
		at(story, 2 + i);
		for (unsigned j = 0; j < lost; j++)
			(void)ask(story, 0, (uint8_t)j, 64);
		(void)ask(story, 0, (uint8_t)lost, 64);
		answer(story, 0);
	}
	refresh(story, 5, 3);
	dies(story, 1, 10.4, 5, true);
	dies(story, 2, 12, 5, true);
	at(story, 14);
	lives(story, 5);
}

static void very_lossy(struct path_story *story)
{
	on_lossy_path(story, 3);
}

static void lossy(struct path_story *story)
{
	on_lossy_path(story, 1);
}

/* The router of hop 3 has a rule against it. */
static void report(struct path_story *story, unsigned connection, uint8_t type)
{
	struct packet probe = send(story, connection, TCP_ACK, OURS - 1, 64);
	struct packet error = path_story_theirs(story, 0, 0);

	error.kind = PACKET_ICMP;
	error.protocol = PROTOCOL_ICMP;
	error.source = path_story_router(3);
	error.icmp_type = type;
	error.icmp_code = 13;
	error.quoted = (struct quotation){.family = 4,
		.protocol = PROTOCOL_TCP,
		.source = probe.source,
		.target = probe.target,
		.source_port = probe.source_port,
		.target_port = probe.target_port,
		.has_ports = true,
		.has_sequence = true,
		.sequence = probe.sequence,
		.total_bytes = 41};
	path_packet(story->path, &error);
}

static void reject(struct path_story *story, unsigned connection)
{
	report(story, connection, ICMP4_UNREACHABLE);
}

/* An ICMP error of that type answers one of the two. */
static void answered_by_error(struct path_story *story, uint8_t type)
{
	ten_seconds(story);
	at(story, 10.4);
	for (unsigned connection = 1; connection < 3; connection++) {
		(void)ask(story, connection, 0, 64);
		if (connection == 2) /* routers rate-limit their errors */
			report(story, connection, type);
	}
	at(story, 10.5);
	for (uint8_t i = 1; i < 5; i++) {
		(void)ask(story, 1, i, 64);
		(void)ask(story, 2, i, 64);
		kept(story);
	}
	lives(story, 5);
}

static void rejected(struct path_story *story)
{
	answered_by_error(story, ICMP4_UNREACHABLE);
}

/* "Use the other router", of each packet after a pause: it went on. */
static void redirected(struct path_story *story)
{
	answered_by_error(story, ICMP4_REDIRECT);
}

static void rejected_as_all(struct path_story *story)
{
	ten_seconds(story);
	at(story, 10.4);
	for (uint8_t i = 0; i < 5; i++) {
		(void)ask(story, 1, i, 64);
		reject(story, 1);
	}
}

static void reset_by_box(struct path_story *story)
{
	begin(story);
	at(story, 10);
	lives(story, 0);
	is_reset(story, 1, 10.4, 62);
	is_reset(story, 2, 12, 62);
	kept(story);
}

static void reset_by_box_unasked(struct path_story *story)
{
	ten_seconds(story);
	at(story, 10.4);
	hear(story, 1, TCP_RST, THEIRS, 62);
	hear(story, 2, TCP_RST, THEIRS, 62);
	lives(story, 5);
}

static void reset_of_all(struct path_story *story)
{
	ten_seconds(story);
	is_reset(story, 1, 10.4, 62);
	is_reset(story, 2, 12, 62);
}

static void other_number(struct path_story *story)
{
	ten_seconds(story);
	at(story, 10.4);
	(void)ask(story, 1, 0, 64);
	hear(story, 1, TCP_RST, THEIRS + 5, 62);
	hear(story, 2, TCP_RST, THEIRS + 5, 62);
	kept(story);
}

static void reset_by_server(struct path_story *story)
{
	ten_seconds(story);
	is_reset(story, 1, 10.4, SERVER_TTL);
	is_reset(story, 4, 12, SERVER_TTL);
	lives(story, 5);
}

/* Also those that were refreshed up to hops 2 and 3. */
static void reset_by_server_up_to_each_hop(struct path_story *story)
{
	ten_seconds(story);
	is_reset(story, 1, 10.4, SERVER_TTL);
	is_reset(story, 4, 12, SERVER_TTL);
	is_reset(story, 5, 12.2, SERVER_TTL);
	kept(story);
}

/* Connection 3 is as 5. */
static void reset_by_server_twice(struct path_story *story)
{
	ten_seconds(story);
	refresh(story, 3, 3);
	is_reset(story, 1, 10.4, SERVER_TTL);
	is_reset(story, 4, 12, SERVER_TTL);
	lives(story, 3);
	lives(story, 5);
}

static void reset_without_hops(struct path_story *story)
{
	begin(story);
	at(story, 10);
	lives(story, 0);
	is_reset(story, 1, 10.4, SERVER_TTL);
	is_reset(story, 2, 12, SERVER_TTL);
	kept(story);
}

static void server_restarts(struct path_story *story)
{
	ten_seconds(story);
	for (unsigned i = 1; i < CONNECTIONS; i++)
		is_reset(story, i, 10.4, SERVER_TTL);
}

static void closes(struct path_story *story, unsigned first, double seconds)
{
	at(story, seconds);
	for (unsigned i = first; i < CONNECTIONS; i++)
		hear(story, i, TCP_FIN | TCP_ACK, THEIRS, SERVER_TTL);
}

static void server_closes(struct path_story *story)
{
	ten_seconds(story);
	closes(story, 0, 15);
}

static void server_resets(struct path_story *story)
{
	ten_seconds(story);
	at(story, 15);
	for (unsigned i = 0; i < CONNECTIONS; i++)
		hear(story, i, TCP_RST, THEIRS, SERVER_TTL);
	kept(story);
}

/* The ends of the first two are lost: the server's kernel answers. */
static void server_closes_unheard(struct path_story *story, double seconds)
{
	ten_seconds(story);
	closes(story, 2, 15);
	is_reset(story, 1, seconds, SERVER_TTL);
	kept(story);
}

static void as_old(struct path_story *story)
{
	server_closes_unheard(story, 14.5);
}

static void younger(struct path_story *story)
{
	server_closes_unheard(story, 13);
}

static void server_closes_at_once(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_IDLE);
	story->path->comment.idle_max_s = WANTED_S;
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
	at(story, 0);
	open_one(story, 0, false);
	hear(story, 0, TCP_FIN | TCP_ACK, THEIRS, SERVER_TTL);
}

static void device_then_server(struct path_story *story)
{
	silent(story);
	closes(story, 5, 20);
}

static void all_survived(struct path_story *story)
{
	ten_seconds(story);
	at(story, 21);
	lives(story, 1);
}

static void survived_then_closed(struct path_story *story)
{
	all_survived(story);
	closes(story, 2, 22);
}

static void survived_then_silent(struct path_story *story)
{
	all_survived(story);
	dies(story, 2, 25, 5, true);
	dies(story, 3, 27, 5, true);
}

static void interrupted(struct path_story *story)
{
	ten_seconds(story);
}

/* One that rested for less dies, too. */
static void differ(struct path_story *story)
{
	ten_seconds(story);
	dies(story, 3, 5.4, 5, true);
	dies(story, 1, 12, 5, true);
	dies(story, 2, 14, 5, true);
}

static void hops_differ(struct path_story *story)
{
	ten_seconds(story);
	dies(story, 1, 10.4, 5, true);
	dies(story, 5, 12, 5, true);
	at(story, 14);
	lives(story, 4);
}

/* One of the run's own small packets is lost: so may the first question be. */
static void silent_on_a_path_that_loses(struct path_story *story)
{
	silent(story);
	(void)path_story_segment(story, 64, 64);
}

/* Every `step_s` seconds from 14 s on, `count` times. */
static void proof(struct path_story *story, double step_s, unsigned count)
{
	silent(story);
	at(story, 14.5);
	lives(story, 5);
	for (unsigned i = 1; i <= count; i++) {
		at(story, 14.5 + step_s * i);
		lives(story, 5);
	}
}

static void proved(struct path_story *story)
{
	proof(story, 3, 5);
}

static void short_proof(struct path_story *story)
{
	proof(story, 3, 4);
}

static void slow_proof(struct path_story *story)
{
	proof(story, 4.6, 5);
}

static void slower_proof(struct path_story *story)
{
	proof(story, 4.4, 5);
}

/* And a router rejects the other one's packets. */
static void answered_for_another_or_rejected(struct path_story *story)
{
	ten_seconds(story);
	asks_another(story, 1, 10.4, true);
	for (uint8_t i = 0; i < 5; i++) {
		at(story, 12 + 0.1 * i);
		(void)ask(story, 4, i, 64);
		reject(story, 4);
		kept(story);
	}
	at(story, 14);
	lives(story, 5);
}

static void web_server(struct path_story *story)
{
	story->path->comment.port = 80;
	silent(story);
}

static void web_server_soon(struct path_story *story)
{
	story->path->comment.port = 80;
	begin(story);
	at(story, 0.5);
	lives(story, 0);
	dies(story, 1, 0.9, 5, true);
	dies(story, 2, 2.4, 5, true);
}

static void no_connection(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_IDLE);
	story->path->comment.idle_max_s = WANTED_S;
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
}

static void short_time(struct path_story *story)
{
	begin(story);
	at(story, 0.5);
	lives(story, 0);
	dies(story, 1, 0.9, 5, true);
	dies(story, 2, 2.4, 5, true);
}

static void speaks(struct path_story *story)
{
	ten_seconds(story);
	for (unsigned i = 1; i < 3; i++) {
		struct packet data = send(story, i, TCP_ACK, OURS, 64);

		data.payload_bytes = 20;
		path_packet(story->path, &data);
		dies(story, i, 10.4 + 2 * i, 5, true);
	}
}

/* Connections 1 and 2 have a packet at 4 s; where they are idle for half of
 * what connection 0 survives they die. */
static void ones_with_less_die(struct path_story *story, unsigned count)
{
	begin(story);
	at(story, 4);
	lives(story, 1);
	lives(story, 2);
	for (unsigned i = 1; i <= count; i++)
		is_reset(story, i, 9.2 + 0.2 * i, SERVER_TTL);
	at(story, 10);
	lives(story, 0);
}

static void outlived(struct path_story *story)
{
	ones_with_less_die(story, 2);
}

static void one_is_outlived(struct path_story *story)
{
	ones_with_less_die(story, 1);
	kept(story);
}

/* Connection 0 is asked before the others' death, and a new one answers after
 * it, too. */
static void outlived_before(struct path_story *story, bool is_kept)
{
	begin(story);
	at(story, 4);
	lives(story, 1);
	lives(story, 2);
	at(story, 9);
	lives(story, 0);
	is_reset(story, 1, 9.4, SERVER_TTL);
	is_reset(story, 2, 9.6, SERVER_TTL);
	at(story, 9.8);
	open_one(story, CONNECTIONS, true);
	if (is_kept)
		kept(story);
}

static void server_begins_anew(struct path_story *story)
{
	outlived_before(story, false);
}

static void outlived_and_kept(struct path_story *story)
{
	outlived_before(story, true);
}

/* By one that was opened when they had had their last packet. */
static void outlived_by_a_new_one(struct path_story *story)
{
	begin(story);
	at(story, 3);
	open_one(story, CONNECTIONS, true);
	lives(story, 0);
	is_reset(story, 1, 5, SERVER_TTL);
	is_reset(story, 2, 5.2, SERVER_TTL);
	at(story, 6);
	lives(story, 0);
	at(story, 8.5);
	lives(story, CONNECTIONS);
	kept(story);
}

static void refreshed_ones_are_outlived(struct path_story *story)
{
	begin(story);
	at(story, 5);
	refresh(story, 4, 2);
	refresh(story, 5, 2);
	is_reset(story, 4, 9.4, SERVER_TTL);
	is_reset(story, 5, 9.6, SERVER_TTL);
	at(story, 10);
	lives(story, 0);
}

static void outlived_in_silence(struct path_story *story, bool is_kept)
{
	begin(story);
	at(story, 4);
	lives(story, 1);
	lives(story, 2);
	dies(story, 1, 9.4, 5, is_kept);
	dies(story, 2, 11, 5, is_kept);
	at(story, 13);
	lives(story, 0);
}

static void outlived_silently(struct path_story *story)
{
	outlived_in_silence(story, true);
}

static void path_fails_for_a_while(struct path_story *story)
{
	outlived_in_silence(story, false);
}

#define LINES PATH_LINES_ADVICE
#define OPEN PATH_LINES_OPEN
const struct path_talk path_talks_idle[] = {
#include "tests/support/path_talks_idle.def"
};
const unsigned path_talks_idle_count =
	sizeof(path_talks_idle) / sizeof(path_talks_idle[0]);
