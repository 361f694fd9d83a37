/* Talks with SSH servers. Connection i of the experiment has port 40000 + i;
 * ssh_story_at tells the seconds since the first was opened. */
#include <string.h>

#include "analysis/path/path_record.h"

#include "tests/support/path_talks_parts.h"
#include "tests/support/ssh_story.h"

/* The first connection, as it should be, with that banner after some seconds.
 */
static void phases_of(
	struct path_story *story, double seconds, const char *software)
{
	struct ssh_talker talker = ssh_story_introduce(story, 0, SSH_PHASES);

	ssh_story_at(story, seconds);
	ssh_story_print(story, &talker, software);
	ssh_story_offer(story, &talker);
	ssh_story_offered(story, &talker, "ssh-ed25519");
	ssh_story_exchange(story, &talker, true);
	ssh_story_end(story, &talker);
}

static void phases_after(struct path_story *story, double seconds)
{
	phases_of(story, seconds, ssh_story_software);
}

/* A run on a healthy path, as far as its first connection. */
static void begin_with_phases(struct path_story *story)
{
	ssh_story_begin(story);
	phases_after(story, 0.02);
}

/* The client's SSH_STORY_KEXINIT in one large segment behind its first byte, so
 * often, with that byte each time; then the same in smaller ones, unless it is
 * acknowledged at once. */
static struct ssh_talker large(
	struct path_story *story, unsigned times, bool is_arriving)
{
	struct ssh_talker talker = ssh_story_introduce(story, 1, SSH_LARGE);
	uint8_t bytes[SSH_STORY_MOST_BYTES];
	uint32_t count = ssh_story_kexinit(bytes, "curve25519-sha256",
		"ssh-ed25519", "aes128-ctr", SSH_STORY_LARGE_BYTES + 10);
	uint32_t start;

	ssh_story_print(story, &talker, ssh_story_software);
	start = talker.ours + 1;
	for (unsigned i = 0; i < times; i++) {
		talker.ours = start - 1;
		ssh_story_say(story, &talker, bytes, 1);
		ssh_story_say(story, &talker, bytes + 1, SSH_STORY_LARGE_BYTES);
	}
	ssh_story_say(story, &talker, bytes + 1 + SSH_STORY_LARGE_BYTES,
		count - 1 - SSH_STORY_LARGE_BYTES);
	if (is_arriving) {
		ssh_story_acknowledge(story, &talker);
		return talker;
	}
	talker.ours = start;
	for (uint32_t at_byte = 1; at_byte < count; at_byte += SSH_SMALL_MSS) {
		uint32_t left = count - at_byte;

		ssh_story_say(story, &talker, bytes + at_byte,
			left < SSH_SMALL_MSS ? left : SSH_SMALL_MSS);
	}
	ssh_story_acknowledge(story, &talker);
	return talker;
}

/* The large segment of a healthy path, acknowledged at once. */
static struct ssh_talker large_after_phases(struct path_story *story)
{
	begin_with_phases(story);
	return large(story, 1, true);
}

static void large_answered(
	struct path_story *story, unsigned times, bool is_arriving)
{
	struct ssh_talker talker = large(story, times, is_arriving);

	ssh_story_offered(story, &talker, "ssh-ed25519");
	ssh_story_exchange(story, &talker, true);
	ssh_story_end(story, &talker);
}

/* So many at once with the run's own, from connection 2 on; the last is
 * accepted, or not. Those are left open. */
static struct ssh_talker startups(struct path_story *story, unsigned at_once)
{
	struct ssh_talker talker = {0};

	for (unsigned i = 1; i < at_once; i++) {
		talker = ssh_story_introduce(story, 1 + i, SSH_STARTUPS);
		ssh_story_print(story, &talker, ssh_story_software);
	}
	return talker;
}

static void healthy_until(struct path_story *story)
{
	begin_with_phases(story);
	large_answered(story, 1, true);
	ssh_story_marks(story, 0, SSH_MARKED_TIMES);
}

/* It says nothing when it refuses. */
static void healthy_and_older_until(struct path_story *story)
{
	ssh_story_begin(story);
	phases_of(story, 0.02, "SSH-2.0-OpenSSH_8.1p1 Debian\r\n");
	large_answered(story, 1, true);
	ssh_story_marks(story, 0, SSH_MARKED_TIMES);
}

static void healthy(struct path_story *story)
{
	healthy_until(story);
	(void)startups(story, SSH_STORY_AT_ONCE);
}

static void few_at_once(struct path_story *story)
{
	healthy_until(story);
	(void)startups(story, SSH_STORY_AT_ONCE - 1);
}

static void refuse_beside(struct path_story *story, const char *text)
{
	struct ssh_talker talker;

	(void)startups(story, 4);
	talker = ssh_story_introduce(story, 9, SSH_STARTUPS);
	if (text)
		ssh_story_print(story, &talker, text);
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void refused_beside(struct path_story *story, const char *text)
{
	healthy_until(story);
	refuse_beside(story, text);
}

static void max_startups(struct path_story *story)
{
	refused_beside(story, "Exceeded MaxStartups\r\n");
}

static void not_allowed_beside(struct path_story *story)
{
	refused_beside(story, "Not allowed at this time\r\n");
}

static void closed_beside(struct path_story *story)
{
	healthy_and_older_until(story);
	refuse_beside(story, NULL);
}

static void closed_beside_by_a_later_one(struct path_story *story)
{
	refused_beside(story, NULL);
}

static void refused_first(struct path_story *story, const char *text)
{
	struct ssh_talker talker;

	ssh_story_begin_with(story, NULL);
	talker = ssh_story_introduce(story, 0, SSH_PHASES);
	ssh_story_print(story, &talker, text);
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
}

static void max_startups_first(struct path_story *story)
{
	refused_first(story, "Exceeded MaxStartups\r\n");
}

/* Of a run without the experiment: its connection of that number is refused. */
static void refused_of_a_run(struct path_story *story, unsigned count)
{
	struct ssh_talker talker;

	for (unsigned i = 0; i < count; i++)
		talker = ssh_story_open(story, i);
	ssh_story_print(story, &talker, "Exceeded MaxStartups\r\n");
}

static void ninth_of_a_run(struct path_story *story)
{
	refused_of_a_run(story, 9);
}

static void tenth_of_a_run(struct path_story *story)
{
	refused_of_a_run(story, 10);
}

static void not_allowed_first(struct path_story *story)
{
	refused_first(story, "Not allowed at this time\r\n");
}

static void closed_unsaid(struct path_story *story, unsigned connections,
	uint16_t flags, uint8_t ttl)
{
	ssh_story_begin_with(story, NULL);
	for (unsigned i = 0; i < connections; i++) {
		struct ssh_talker talker = ssh_story_introduce(
			story, i, i ? SSH_LARGE : SSH_PHASES);

		ssh_story_at(story, 5 * (i + 1));
		ssh_story_ended(story, &talker, flags, ttl);
	}
}

static void wrappers(struct path_story *story)
{
	closed_unsaid(story, 2, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
}

static void wrappers_reset(struct path_story *story)
{
	closed_unsaid(story, 2, TCP_RST | TCP_ACK, SSH_STORY_SERVER_TTL);
}

static void wrappers_once(struct path_story *story)
{
	closed_unsaid(story, 1, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
}

static void reset_by_device(struct path_story *story)
{
	closed_unsaid(story, 2, TCP_RST | TCP_ACK, SSH_STORY_SERVER_TTL + 2);
}

static void reset_by_device_behind(struct path_story *story)
{
	closed_unsaid(story, 2, TCP_RST | TCP_ACK, 165);
}

/* The first by the server, the second by a device. */
static void closed_and_cut(struct path_story *story)
{
	struct ssh_talker talker;

	closed_unsaid(story, 1, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	talker = ssh_story_introduce(story, 1, SSH_LARGE);
	ssh_story_at(story, 10);
	ssh_story_ended(story, &talker, TCP_RST | TCP_ACK, 165);
}

static void cut_beside(struct path_story *story)
{
	struct ssh_talker talker;

	healthy_until(story);
	(void)startups(story, 4);
	talker = ssh_story_introduce(story, 9, SSH_STARTUPS);
	ssh_story_ended(story, &talker, TCP_RST | TCP_ACK, 165);
}

static void silent(struct path_story *story)
{
	struct ssh_talker talker;

	ssh_story_begin_with(story, NULL);
	talker = ssh_story_introduce(story, 0, SSH_PHASES);
	ssh_story_at(story, SSH_BANNER_WAIT_S);
	ssh_story_end(story, &talker);
}

static void silent_shortly(struct path_story *story)
{
	struct ssh_talker talker;

	ssh_story_begin_with(story, NULL);
	talker = ssh_story_introduce(story, 0, SSH_PHASES);
	ssh_story_at(story, SSH_BANNER_WAIT_S - 2);
	ssh_story_end(story, &talker);
}

/* Not even the kernel acknowledges. */
static void deaf(struct path_story *story)
{
	struct ssh_talker talker;
	const char *text = ssh_rules_identification(SSH_PHASES);

	ssh_story_begin_with(story, NULL);
	talker = ssh_story_open(story, 0);
	ssh_story_say(
		story, &talker, (const uint8_t *)text, (uint32_t)strlen(text));
	ssh_story_at(story, SSH_BANNER_WAIT_S);
	struct packet packet =
		ssh_story_sent(story, &talker, TCP_FIN | TCP_ACK);

	path_packet(story->path, &packet);
}

static void slow(struct path_story *story)
{
	ssh_story_begin(story);
	phases_after(story, 5);
	struct ssh_talker talker = ssh_story_introduce(story, 1, SSH_LARGE);

	ssh_story_at(story, 10.1);
	ssh_story_print(story, &talker, ssh_story_software);
	ssh_story_end(story, &talker);
}

static void slow_once(struct path_story *story)
{
	ssh_story_begin(story);
	phases_after(story, 3.2);
	large_answered(story, 1, true);
}

static void not_so_slow(struct path_story *story)
{
	ssh_story_begin(story);
	phases_after(story, 2.8);
}

/* The first connection, as far as the server's SSH_STORY_KEXINIT, which offers
 * that kind of host key. */
static struct ssh_talker offered(struct path_story *story, const char *key)
{
	struct ssh_talker talker;

	ssh_story_begin(story);
	talker = ssh_story_introduce(story, 0, SSH_PHASES);
	ssh_story_print(story, &talker, ssh_story_software);
	ssh_story_offer(story, &talker);
	ssh_story_offered(story, &talker, key);
	return talker;
}

/* As far as the client's part of the exchange. */
static struct ssh_talker exchanging(struct path_story *story)
{
	struct ssh_talker talker = offered(story, "ssh-ed25519");

	ssh_story_exchange(story, &talker, false);
	return talker;
}

static void no_common(struct path_story *story, const char *key)
{
	struct ssh_talker talker = offered(story, key);

	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void old_host_key(struct path_story *story)
{
	no_common(story, "ssh-rsa");
}

static void new_host_key(struct path_story *story)
{
	no_common(story, "ssh-of-2040");
}

static void no_reply(struct path_story *story)
{
	struct ssh_talker talker = exchanging(story);

	ssh_story_at(story, SSH_MESSAGE_WAIT_S);
	ssh_story_end(story, &talker);
}

static void exchange_cut_off(struct path_story *story)
{
	struct ssh_talker talker = exchanging(story);

	ssh_story_at(story, SSH_MESSAGE_WAIT_S - 2);
	ssh_story_end(story, &talker);
}

/* After so long that it could have answered. */
static void closed_after_waiting(struct path_story *story)
{
	struct ssh_talker talker = exchanging(story);

	ssh_story_at(story, SSH_MESSAGE_WAIT_S);
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void ended_in_exchange(
	struct path_story *story, uint16_t flags, uint8_t ttl)
{
	struct ssh_talker talker = exchanging(story);

	ssh_story_ended(story, &talker, flags, ttl);
	ssh_story_end(story, &talker);
}

static void closed_in_exchange(struct path_story *story)
{
	ended_in_exchange(story, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
}

static void reset_in_exchange(struct path_story *story)
{
	ended_in_exchange(story, TCP_RST | TCP_ACK, SSH_STORY_SERVER_TTL);
}

/* 255 - 165 routers, where the server's packets pass four. */
static void reset_in_exchange_by_device(struct path_story *story)
{
	ended_in_exchange(story, TCP_RST | TCP_ACK, 165);
}

/* The server still has the connection, and lives for so long. */
static void reset_nearer_in_exchange(struct path_story *story)
{
	ended_in_exchange(story, TCP_RST | TCP_ACK, SSH_STORY_SERVER_TTL + 2);
}

static void no_exchange(struct path_story *story)
{
	struct ssh_talker talker = offered(story, "ssh-ed25519");

	ssh_story_end(story, &talker);
}

static void large_lost_times(struct path_story *story, unsigned times)
{
	begin_with_phases(story);
	ssh_story_marks(story, 0, SSH_MARKED_TIMES);
	large_answered(story, times, false);
}

static void large_lost(struct path_story *story)
{
	large_lost_times(story, 5);
}

static void large_lost_thrice(struct path_story *story)
{
	large_lost_times(story, 3);
}

static void large_lost_twice(struct path_story *story)
{
	large_lost_times(story, 2);
}

static void large_lost_on_lossy(struct path_story *story)
{
	begin_with_phases(story);
	ssh_story_marks(story, SSH_STORY_NONE_LOST, SSH_MARKED_TIMES);
	large_answered(story, 4, false);
}

static void large_lost_surely(struct path_story *story)
{
	begin_with_phases(story);
	for (int i = 0; i < 4; i++)
		ssh_story_marks(story, 0, SSH_MARKED_TIMES);
	large_answered(story, 5, false);
}

/* A PTB came for a segment of the run's connection. */
static void large_lost_though_reported(
	struct path_story *story, uint32_t ip_bytes)
{
	struct packet packet;

	large_lost_surely(story);
	packet = path_story_segment(story, ip_bytes, 64);
	path_story_error(story, &packet, path_story_router(2), 3, 4, 1400);
}

static void large_lost_though_its_size_reported(struct path_story *story)
{
	large_lost_though_reported(story, 40 + SSH_STORY_LARGE_BYTES);
}

static void large_lost_though_less_reported(struct path_story *story)
{
	large_lost_though_reported(story, 39 + SSH_STORY_LARGE_BYTES);
}

static void report_large(struct path_story *story)
{
	struct ssh_talker talker = {
		SSH_STORY_FIRST_PORT + 1, SSH_STORY_OURS, SSH_STORY_THEIRS};
	struct packet packet;

	packet = ssh_story_sent(story, &talker, TCP_ACK | TCP_PSH);
	packet.sequence =
		SSH_STORY_OURS +
		(uint32_t)strlen(ssh_rules_identification(SSH_LARGE)) + 1;
	packet.payload_bytes = SSH_STORY_LARGE_BYTES;
	packet.ip_bytes = 40 + SSH_STORY_LARGE_BYTES;
	path_story_error(story, &packet, path_story_router(2), 3, 4, 1400);
}

static void large_reported(struct path_story *story)
{
	begin_with_phases(story);
	large_answered(story, 3, false);
	report_large(story);
}

/* And nothing comes back. */
static void large_reported_only(struct path_story *story)
{
	struct ssh_talker talker;

	begin_with_phases(story);
	talker = large(story, 3, false);
	report_large(story);
	ssh_story_at(story, SSH_MESSAGE_WAIT_S + 1);
	ssh_story_end(story, &talker);
}

/* The run ended before the server had time to answer. */
static void large_cut_off(struct path_story *story)
{
	struct ssh_talker talker = large_after_phases(story);

	ssh_story_at(story, SSH_MESSAGE_WAIT_S - 2);
	ssh_story_end(story, &talker);
}

static void large_reply_lost(struct path_story *story)
{
	struct ssh_talker talker = large_after_phases(story);

	ssh_story_at(story, SSH_MESSAGE_WAIT_S + 1);
	ssh_story_end(story, &talker);
}

static void large_closed(struct path_story *story)
{
	struct ssh_talker talker = large_after_phases(story);

	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void large_cut(struct path_story *story)
{
	struct ssh_talker talker = large_after_phases(story);

	ssh_story_at(story, SSH_MESSAGE_WAIT_S + 1);
	ssh_story_ended(story, &talker, TCP_RST | TCP_ACK, 165);
	ssh_story_end(story, &talker);
}

static void large_closed_late(struct path_story *story)
{
	struct ssh_talker talker = large_after_phases(story);

	ssh_story_at(story, SSH_MESSAGE_WAIT_S + 1);
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

/* At the third time. */
static void large_repeated(struct path_story *story)
{
	begin_with_phases(story);
	large_answered(story, 3, true);
}

/* A connection that has both banners, and says no more. */
static struct ssh_talker waiting(struct path_story *story)
{
	struct ssh_talker talker;

	begin_with_phases(story);
	talker = ssh_story_introduce(story, 2, SSH_STARTUPS);
	ssh_story_print(story, &talker, ssh_story_software);
	return talker;
}

static void grace_of(struct path_story *story, double seconds, bool is_ended)
{
	struct ssh_talker talker = waiting(story);

	ssh_story_at(story, seconds);
	if (is_ended)
		ssh_story_ended(story, &talker, TCP_FIN | TCP_ACK,
			SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void cut_after_grace(struct path_story *story)
{
	struct ssh_talker talker = waiting(story);

	ssh_story_at(story, 60);
	ssh_story_ended(story, &talker, TCP_RST | TCP_ACK, 165);
}

static void grace(struct path_story *story)
{
	grace_of(story, 120, true);
}

static void ended_at_once(struct path_story *story)
{
	grace_of(story, 0.9, true);
}

static void ended_soon(struct path_story *story)
{
	grace_of(story, 1.1, true);
}

static void outlived(struct path_story *story)
{
	grace_of(story, 130, false);
}

static void nearly_outlived(struct path_story *story)
{
	grace_of(story, 122, false);
}

static void dscp_lost(struct path_story *story)
{
	begin_with_phases(story);
	ssh_story_marks(story, SSH_STORY_AF21_LOST, SSH_MARKED_TIMES);
}

static void dscp_lost_surely(struct path_story *story)
{
	begin_with_phases(story);
	ssh_story_marks(story, SSH_STORY_AF21_LOST, 5 * SSH_MARKED_TIMES);
}

static void dscp_lost_less_often(struct path_story *story)
{
	begin_with_phases(story);
	ssh_story_marks(story, SSH_STORY_AF21_LOST, SSH_MARKED_TIMES - 1);
}

/* Nothing gets there any more, marked or not. */
static void all_lost(struct path_story *story)
{
	begin_with_phases(story);
	ssh_story_marks(story, SSH_STORY_AF21_LOST | SSH_STORY_NONE_LOST,
		SSH_MARKED_TIMES);
}

static void not_spoken(struct path_story *story)
{
	ssh_story_begin_with(story, NULL);
}

static void another_protocol(struct path_story *story)
{
	ssh_story_begin_with(story, "220 mail.example\r\n");
}

static void several_missing(struct path_story *story, const char *kex,
	const char *key, const char *cipher)
{
	struct ssh_talker talker;
	uint8_t bytes[SSH_STORY_MOST_BYTES];

	ssh_story_begin(story);
	talker = ssh_story_introduce(story, 0, SSH_PHASES);
	ssh_story_print(story, &talker, ssh_story_software);
	ssh_story_offer(story, &talker);
	ssh_story_tell(story, &talker, bytes,
		ssh_story_kexinit(bytes, kex, key, cipher, 0));
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void three_lines_for_the_client(struct path_story *story)
{
	several_missing(
		story, "diffie-hellman-group1-sha1", "ssh-rsa", "aes256-cbc");
}

static void lines_for_both(struct path_story *story)
{
	several_missing(
		story, "kex-of-2040", "rsa-sha2-512", "aes128-cbc,3des-cbc");
}

/* A server that refuses in two segments, in a run without this experiment. */
static void refused_elsewhere(
	struct path_story *story, const char *text, const char *rest)
{
	struct ssh_talker talker;

	ssh_story_begin_with(story, NULL);
	story->path->comment.experiments &=
		~probe_experiment_bit(EXPERIMENT_SSH);
	talker = ssh_story_open(story, 0);
	ssh_story_print(story, &talker, text);
	ssh_story_print(story, &talker, rest);
	ssh_story_ended(
		story, &talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
	ssh_story_end(story, &talker);
}

static void startups_elsewhere(struct path_story *story)
{
	refused_elsewhere(story, "Exceeded", " MaxStartups\r\n");
}

static void not_allowed_elsewhere(struct path_story *story)
{
	refused_elsewhere(story, "Not allowed at th", "is time\r\n");
}

static void allowed_elsewhere(struct path_story *story)
{
	refused_elsewhere(story, "Not allowed at th", "e time\r\n");
}

#define PARTS (PATH_LINES_ADVICE | PATH_LINES_OPEN)
const struct path_talk path_talks_ssh[] = {
#include "tests/support/path_talks_ssh.def"
};
const unsigned path_talks_ssh_count =
	sizeof(path_talks_ssh) / sizeof(path_talks_ssh[0]);
