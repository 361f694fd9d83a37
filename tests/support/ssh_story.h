/* Talks with SSH servers (tests/support/path_story.h): what both sides say on a
 * connection, byte by byte. */
#ifndef TESTS_SUPPORT_SSH_STORY_H
#define TESTS_SUPPORT_SSH_STORY_H

#include "probe/protocol/ssh_rules.h"
#include "tests/support/path_story.h"

enum {
	SSH_STORY_FIRST_PORT = 40000,
	SSH_STORY_OURS = 7001,	 /* our first byte */
	SSH_STORY_THEIRS = 9001, /* theirs */
	SSH_STORY_SERVER_TTL = 60,
	SSH_STORY_MOST_BYTES = 2048,
	SSH_STORY_KEXINIT = 20,
	SSH_STORY_LISTS = 10,
	SSH_STORY_LARGE_BYTES = 1460,
	SSH_STORY_AT_ONCE = 8,
	SSH_STORY_MARKS = SSH_MARKS + 1, /* and none */
	SSH_STORY_AF21_LOST = 1 << 2,
	SSH_STORY_NONE_LOST = 1 << SSH_MARKS,
};

/* The server's identification. */
extern const char ssh_story_software[];

/* One connection: what both have said. */
struct ssh_talker {
	uint16_t port;
	uint32_t ours, theirs; /* next numbers */
};

/* So many seconds after the first connection of the experiment is opened. */
void ssh_story_at(struct path_story *story, double seconds);
/* A packet of ours, to be filled in; what we say; the server's ACK. */
struct packet ssh_story_sent(struct path_story *story,
	const struct ssh_talker *talker, uint16_t flags);
void ssh_story_say(struct path_story *story, struct ssh_talker *talker,
	const uint8_t *bytes, uint32_t count);
void ssh_story_acknowledge(struct path_story *story, struct ssh_talker *talker);
/* The server ends it; we do, and the server after us. */
void ssh_story_ended(struct path_story *story, struct ssh_talker *talker,
	uint16_t flags, uint8_t ttl);
void ssh_story_end(struct path_story *story, struct ssh_talker *talker);
/* The server's bytes; its text. */
void ssh_story_tell(struct path_story *story, struct ssh_talker *talker,
	const uint8_t *bytes, uint32_t count);
void ssh_story_print(
	struct path_story *story, struct ssh_talker *talker, const char *text);
/* A connection; one on which we have said who we are. */
struct ssh_talker ssh_story_open(struct path_story *story, unsigned connection);
struct ssh_talker ssh_story_introduce(struct path_story *story,
	unsigned connection, enum ssh_purpose purpose);
/* The run's own connection, with a greeting or (NULL) without, and with the
 * server's identification. */
void ssh_story_begin_with(struct path_story *story, const char *greeting);
void ssh_story_begin(struct path_story *story);
/* Old data on it, with each DSCP and, behind those, without; `lost` has a bit
 * for each of them that is not answered. */
void ssh_story_marks(struct path_story *story, unsigned lost, unsigned times);
/* A KEXINIT of `least` bytes at least, with one name in each list; its bytes.
 */
uint32_t ssh_story_kexinit(uint8_t bytes[SSH_STORY_MOST_BYTES], const char *kex,
	const char *key, const char *cipher, uint32_t least);
/* Our algorithms; the server's, with one host key; the key exchange. */
void ssh_story_offer(struct path_story *story, struct ssh_talker *talker);
void ssh_story_offered(
	struct path_story *story, struct ssh_talker *talker, const char *key);
void ssh_story_exchange(
	struct path_story *story, struct ssh_talker *talker, bool is_answered);

#endif
