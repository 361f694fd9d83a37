#include "tests/support/ssh_story.h"

#include <string.h>

#include "analysis/path/path_record.h"
#include "capture/byte_writer.h"

static const int64_t begun_ns = INT64_C(1000000000);
const char ssh_story_software[] = "SSH-2.0-OpenSSH_9.2p1 Debian\r\n";

void ssh_story_at(struct path_story *story, double seconds)
{
	story->time_ns = begun_ns + (int64_t)(seconds * 1e9);
}

struct packet ssh_story_sent(struct path_story *story,
	const struct ssh_talker *talker, uint16_t flags)
{
	struct packet packet = path_story_ours(story, talker->port, flags);

	packet.sequence = talker->ours;
	packet.acknowledged = talker->theirs;
	packet.ttl = 64;
	packet.ip_bytes = 40;
	return packet;
}

static struct packet heard(struct path_story *story,
	const struct ssh_talker *talker, uint16_t flags)
{
	struct packet packet = path_story_theirs(story, talker->port, flags);

	packet.sequence = talker->theirs;
	packet.acknowledged = talker->ours;
	packet.ttl = SSH_STORY_SERVER_TTL;
	packet.ip_bytes = 40;
	return packet;
}

static void with_bytes(
	struct packet *packet, const uint8_t *bytes, uint32_t count)
{
	packet->payload = bytes;
	packet->payload_bytes = packet->payload_captured = count;
	packet->ip_bytes = 40 + count;
}

void ssh_story_say(struct path_story *story, struct ssh_talker *talker,
	const uint8_t *bytes, uint32_t count)
{
	struct packet packet = ssh_story_sent(story, talker, TCP_ACK | TCP_PSH);

	with_bytes(&packet, bytes, count);
	path_packet(story->path, &packet);
	talker->ours += count;
}

void ssh_story_tell(struct path_story *story, struct ssh_talker *talker,
	const uint8_t *bytes, uint32_t count)
{
	struct packet packet = heard(story, talker, TCP_ACK | TCP_PSH);

	with_bytes(&packet, bytes, count);
	path_packet(story->path, &packet);
	talker->theirs += count;
}

void ssh_story_acknowledge(struct path_story *story, struct ssh_talker *talker)
{
	struct packet packet = heard(story, talker, TCP_ACK);

	path_packet(story->path, &packet);
}

void ssh_story_ended(struct path_story *story, struct ssh_talker *talker,
	uint16_t flags, uint8_t ttl)
{
	struct packet packet = heard(story, talker, flags);

	packet.ttl = ttl;
	path_packet(story->path, &packet);
	talker->theirs += flags & TCP_FIN ? 1 : 0;
}

void ssh_story_end(struct path_story *story, struct ssh_talker *talker)
{
	struct packet packet = ssh_story_sent(story, talker, TCP_FIN | TCP_ACK);

	path_packet(story->path, &packet);
	talker->ours++;
	ssh_story_ended(story, talker, TCP_FIN | TCP_ACK, SSH_STORY_SERVER_TTL);
}

void ssh_story_print(
	struct path_story *story, struct ssh_talker *talker, const char *text)
{
	ssh_story_tell(
		story, talker, (const uint8_t *)text, (uint32_t)strlen(text));
}

struct ssh_talker ssh_story_open(struct path_story *story, unsigned connection)
{
	struct ssh_talker talker = {
		(uint16_t)(SSH_STORY_FIRST_PORT + connection),
		SSH_STORY_OURS - 1, SSH_STORY_THEIRS - 1};
	struct packet syn = ssh_story_sent(story, &talker, TCP_SYN), answer;

	path_packet(story->path, &syn);
	talker.ours = SSH_STORY_OURS;
	answer = heard(story, &talker, TCP_SYN | TCP_ACK);
	path_packet(story->path, &answer);
	talker.theirs = SSH_STORY_THEIRS;
	return talker;
}

struct ssh_talker ssh_story_introduce(
	struct path_story *story, unsigned connection, enum ssh_purpose purpose)
{
	struct ssh_talker talker = ssh_story_open(story, connection);
	const char *text = ssh_rules_identification(purpose);

	ssh_story_say(
		story, &talker, (const uint8_t *)text, (uint32_t)strlen(text));
	ssh_story_acknowledge(story, &talker);
	return talker;
}

/* The run's own connection, which hears an identification. */
void ssh_story_begin_with(struct path_story *story, const char *greeting)
{
	struct packet packet;

	path_story_asks(story, EXPERIMENT_SSH);
	ssh_story_at(story, -0.1);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	packet = path_story_theirs(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK);
	packet.acknowledged = 1;
	packet.ttl = SSH_STORY_SERVER_TTL;
	path_packet(story->path, &packet);
	if (greeting) {
		packet = path_story_theirs(story, PATH_STORY_PORT, TCP_ACK);
		packet.sequence = packet.acknowledged = 1;
		packet.ttl = SSH_STORY_SERVER_TTL;
		with_bytes(&packet, (const uint8_t *)greeting,
			(uint32_t)strlen(greeting));
		path_packet(story->path, &packet);
	}
	ssh_story_at(story, 0);
}

void ssh_story_begin(struct path_story *story)
{
	ssh_story_begin_with(story, ssh_story_software);
}

/* Old data on it, with each DSCP and, behind those, without; `lost` has a bit
 * for each of them that is not answered. */
void ssh_story_marks(struct path_story *story, unsigned lost, unsigned times)
{
	for (unsigned i = 0; i < times * SSH_STORY_MARKS; i++) {
		unsigned mark = i % SSH_STORY_MARKS;
		struct packet packet =
			path_story_ours(story, PATH_STORY_PORT, TCP_ACK);

		packet.ip_bytes = 64;
		packet.payload_bytes = 24;
		packet.sequence = 100000 - 24 - story->offset++;
		packet.ttl = 64;
		packet.ip_id = ++story->ip_id;
		packet.tos = mark < SSH_MARKS ? ssh_marks[mark] : 0;
		path_packet(story->path, &packet);
		if (!(lost >> mark & 1))
			path_story_named(story, &packet);
	}
}

/* A SSH_STORY_KEXINIT with one name in each list; `kex` and `key` are those of
 * the first two. It has `least` bytes at least. */
uint32_t ssh_story_kexinit(uint8_t bytes[SSH_STORY_MOST_BYTES], const char *kex,
	const char *key, const char *cipher, uint32_t least)
{
	const char *names[SSH_STORY_LISTS] = {kex, key, cipher, cipher,
		"hmac-sha2-256", "hmac-sha2-256", "none", "none", "", ""};
	struct byte_writer writer = {bytes, SSH_STORY_MOST_BYTES, 0, false};
	struct byte_writer length = write_reserve(&writer, 4);

	write_u8(&writer, 4);
	write_u8(&writer, SSH_STORY_KEXINIT);
	write_zeros(&writer, 16);
	for (int i = 0; i < SSH_STORY_LISTS; i++) {
		write_u32(&writer, (uint32_t)strlen(names[i]));
		write_bytes(&writer, names[i], strlen(names[i]));
	}
	if (writer.used < least)
		write_zeros(&writer, least - writer.used);
	write_zeros(&writer, 9);
	write_u32(&length, (uint32_t)writer.used - 4);
	return (uint32_t)writer.used;
}

/* A message without content. */
static uint32_t message(uint8_t bytes[SSH_STORY_MOST_BYTES], uint8_t type)
{
	struct byte_writer writer = {bytes, SSH_STORY_MOST_BYTES, 0, false};

	write_u32(&writer, 60);
	write_u8(&writer, 4);
	write_u8(&writer, type);
	write_zeros(&writer, 58);
	return (uint32_t)writer.used;
}

void ssh_story_offer(struct path_story *story, struct ssh_talker *talker)
{
	uint8_t bytes[SSH_STORY_MOST_BYTES];

	ssh_story_say(story, talker, bytes,
		ssh_story_kexinit(bytes, "curve25519-sha256", "ssh-ed25519",
			"aes128-ctr", 0));
}

void ssh_story_offered(
	struct path_story *story, struct ssh_talker *talker, const char *key)
{
	uint8_t bytes[SSH_STORY_MOST_BYTES];

	ssh_story_tell(story, talker, bytes,
		ssh_story_kexinit(
			bytes, "curve25519-sha256", key, "aes128-ctr", 0));
}

void ssh_story_exchange(
	struct path_story *story, struct ssh_talker *talker, bool is_answered)
{
	uint8_t bytes[SSH_STORY_MOST_BYTES];

	ssh_story_say(story, talker, bytes, message(bytes, 30));
	if (is_answered)
		ssh_story_tell(story, talker, bytes, message(bytes, 31));
	else
		ssh_story_acknowledge(story, talker);
}
