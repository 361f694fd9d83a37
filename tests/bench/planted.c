/* Traffic whose resets are known.
 *
 * Connections of all kinds at once: HTTPS and port 22, where three of four
 * speak SSH and the fourth something else; one of five over IPv6. One data
 * segment of 200 is lost before the capture point and sent again. One of 15
 * connections is reset: by its server, by its client, or by a device on the
 * path in the server's name, after which the server goes on sending. Of a
 * server there is one distance, as there is in a network. Connections take
 * turns at random, but for what would be a symptom if it took long. */
#include "tests/bench/planted.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/segment.h"

enum {
	STEP_NS = 2000, /* between two packets of the capture */
	SEGMENT_BYTES = 1448,
	ONE_OF_LOST = 200,
	ONE_OF_RESET = 15,
	ONE_OF_V6 = 5,
	ONE_OF_OTHERS_ON_22 = 4,
	ROUNDS_LEAST = 1,
	ROUNDS_SPREAD = 6,
	SERVERS = 4096,
	FORGED_TTL = 252, /* of a device three hops away that starts at 255 */
	KEXINIT_BYTES = 360,
};

static const uint64_t START_NS = 1700000000000000000u;

enum party { PARTY_CLIENT, PARTY_SERVER, PARTY_MIDDLEBOX, PARTY_NONE };

static const char *const party_words[] = {"client", "server", "middlebox"};

enum stage {
	STAGE_SYN,
	STAGE_SYNACK,
	STAGE_ACK,
	STAGE_BANNER_SERVER, /* to STAGE_NEWKEYS_CLIENT: SSH only */
	STAGE_BANNER_CLIENT,
	STAGE_KEXINIT_SERVER,
	STAGE_KEXINIT_CLIENT,
	STAGE_NEWKEYS_SERVER,
	STAGE_NEWKEYS_CLIENT,
	STAGE_REQUEST, /* from here on as often as there are rounds */
	STAGE_DATA_1,
	STAGE_DATA_2,
	STAGE_ACK_1,
	STAGE_DATA_3,
	STAGE_DATA_4,
	STAGE_ACK_2,
	STAGE_FIN_CLIENT,
	STAGE_FIN_SERVER,
	STAGE_LAST_ACK,
	STAGE_OVER,
};

struct conversation {
	uint32_t address[2]; /* of client and server, as below */
	uint16_t port[2];
	uint32_t next[2];
	uint32_t clock[2];	/* offset of its timestamps */
	uint32_t last_clock[2]; /* last timestamp sent */
	uint16_t ip_id[2];
	uint8_t ttl[2];
	uint8_t stage; /* enum stage, what comes next */
	uint8_t rounds;
	uint8_t reset_by; /* enum party */
	bool is_v6, is_ssh;
	bool is_alive_after; /* the server sends once more, after the forgery */
	bool has_lost;	     /* `lost` is sent again after the next segment */
	struct segment lost;
};

struct traffic {
	const struct planted_options *options;
	FILE *out, *truth;
	uint64_t random;
	uint64_t now_ns;
	uint64_t frame; /* of the last that was written */
	uint32_t begun; /* conversations so far */
	uint8_t kexinit[KEXINIT_BYTES];
};

/* Vigna's splitmix64: enough of a generator for traffic. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static uint32_t random_below(uint64_t *state, uint32_t limit)
{
	return (uint32_t)((next_random(state) >> 32) * limit >> 32);
}

/* A KEXINIT packet of RFC 4253, 7.1: eight lists of one name each. */
static void make_kexinit(uint8_t bytes[KEXINIT_BYTES])
{
	static const char *const names[] = {"curve25519-sha256", "ssh-ed25519",
		"aes128-ctr", "aes128-ctr", "hmac-sha2-256", "hmac-sha2-256",
		"none", "none"};
	uint8_t *at = bytes + 4 + 1 + 1 + 16;

	memset(bytes, 0, KEXINIT_BYTES);
	bytes[2] = (KEXINIT_BYTES - 4) >> 8;
	bytes[3] = (KEXINIT_BYTES - 4) & 0xff;
	bytes[5] = 20; /* SSH_MSG_KEXINIT */
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i]);

		at[3] = (uint8_t)length;
		memcpy(at + 4, names[i], length);
		at += 4 + length;
	}
}

static void begin(struct traffic *traffic, struct conversation *conversation)
{
	static const enum party parties[] = {
		PARTY_CLIENT, PARTY_SERVER, PARTY_MIDDLEBOX};
	uint64_t *random = &traffic->random;
	uint32_t number = traffic->begun++;
	uint32_t server = random_below(random, SERVERS);
	bool is_22 = random_below(random, 100) < traffic->options->ssh_percent;

	/* The name is distinct by the number; the rest is chance. */
	*conversation = (struct conversation){
		.address = {0x0a000000 | (number * 0x9e3779b1 & 0xffffff),
			0xc6120000 | server},
		.port = {(uint16_t)(32768 + (number >> 24) * 64 +
				    random_below(random, 64)),
			is_22 ? 22 : 443},
		.next = {(uint32_t)next_random(random),
			(uint32_t)next_random(random)},
		.clock = {(uint32_t)next_random(random),
			(uint32_t)next_random(random)},
		.ip_id = {(uint16_t)next_random(random),
			(uint16_t)next_random(random)},
		.ttl = {64, (uint8_t)(64 - 5 - server % 12)},
		.rounds = (uint8_t)(ROUNDS_LEAST +
				    random_below(random, ROUNDS_SPREAD)),
		.reset_by = (uint8_t)(random_below(random, ONE_OF_RESET) == 0
					      ? parties[random_below(random, 3)]
					      : PARTY_NONE),
		.is_v6 = random_below(random, ONE_OF_V6) == 0,
		.is_ssh =
			is_22 && random_below(random, ONE_OF_OTHERS_ON_22) > 0,
	};
}

static void write_segment(
	struct traffic *traffic, const struct segment *segment)
{
	segment_write(segment, traffic->out);
	traffic->frame++;
}

static void send(struct traffic *traffic, struct conversation *conversation,
	unsigned side, uint8_t flags, uint16_t payload_bytes,
	const void *payload)
{
	struct segment segment = {
		.time_ns = traffic->now_ns,
		.source = conversation->address[side],
		.target = conversation->address[!side],
		.source_port = conversation->port[side],
		.target_port = conversation->port[!side],
		.sequence = conversation->next[side],
		.acknowledged =
			flags & SEGMENT_ACK ? conversation->next[!side] : 0,
		.timestamp_value = conversation->clock[side] +
				   (uint32_t)(traffic->now_ns / 1000000),
		.timestamp_echo = conversation->last_clock[!side],
		.payload_bytes = payload_bytes,
		.payload = payload,
		.window = 502,
		.ip_id = conversation->ip_id[side]++,
		.ttl = conversation->ttl[side],
		.flags = flags,
		.is_v6 = conversation->is_v6,
	};

	conversation->last_clock[side] = segment.timestamp_value;
	conversation->next[side] += payload_bytes +
				    (flags & SEGMENT_SYN ? 1U : 0U) +
				    (flags & SEGMENT_FIN ? 1U : 0U);
	/* only where another segment of its side follows at once */
	if ((conversation->stage == STAGE_DATA_1 ||
		    conversation->stage == STAGE_DATA_3) &&
		random_below(&traffic->random, ONE_OF_LOST) == 0) {
		conversation->lost = segment;
		conversation->has_lost = true;
		return;
	}
	write_segment(traffic, &segment);
}

/* The lost segment again, after the one that shows the loss. */
static void send_again(
	struct traffic *traffic, struct conversation *conversation)
{
	struct segment *lost = &conversation->lost;

	lost->time_ns = traffic->now_ns;
	lost->ip_id = conversation->ip_id[1]++;
	conversation->has_lost = false;
	write_segment(traffic, lost);
}

static void reset(struct traffic *traffic, struct conversation *conversation)
{
	enum party party = (enum party)conversation->reset_by;
	unsigned side = party == PARTY_CLIENT ? 0 : 1;
	uint8_t ttl = conversation->ttl[side];
	uint16_t ip_id = conversation->ip_id[side];

	if (party == PARTY_MIDDLEBOX) {
		conversation->ttl[side] = FORGED_TTL;
		conversation->ip_id[side] = 0;
		conversation->is_alive_after = true;
	}
	send(traffic, conversation, side, SEGMENT_RST | SEGMENT_ACK, 0, NULL);
	conversation->ttl[side] = ttl;
	if (party == PARTY_MIDDLEBOX)
		conversation->ip_id[side] = ip_id;
	(void)fprintf(traffic->truth, "%" PRIu64 " %s %u\n", traffic->frame,
		party_words[party], conversation->port[1]);
}

static void send_ssh(struct traffic *traffic, struct conversation *conversation,
	unsigned stage)
{
	static const char banner[] = "SSH-2.0-OpenSSH_9.2\r\n";
	static const uint8_t newkeys[16] = {0, 0, 0, 12, 10, 21};
	unsigned side = stage == STAGE_BANNER_CLIENT ||
			stage == STAGE_KEXINIT_CLIENT ||
			stage == STAGE_NEWKEYS_CLIENT;
	const void *payload = banner;
	uint16_t bytes = sizeof(banner) - 1;

	if (stage == STAGE_KEXINIT_SERVER || stage == STAGE_KEXINIT_CLIENT) {
		payload = traffic->kexinit;
		bytes = KEXINIT_BYTES;
	} else if (stage > STAGE_KEXINIT_CLIENT) {
		payload = newkeys;
		bytes = sizeof(newkeys);
	}
	send(traffic, conversation, !side, SEGMENT_PSH | SEGMENT_ACK, bytes,
		payload);
}

/* The next packet of a conversation. */
static void step(struct traffic *traffic, struct conversation *conversation)
{
	static const struct {
		uint8_t side, flags;
		uint16_t payload_bytes;
	} rows[STAGE_OVER] = {
		[STAGE_SYN] = {0, SEGMENT_SYN, 0},
		[STAGE_SYNACK] = {1, SEGMENT_SYN | SEGMENT_ACK, 0},
		[STAGE_ACK] = {0, SEGMENT_ACK, 0},
		[STAGE_REQUEST] = {0, SEGMENT_PSH | SEGMENT_ACK, 417},
		[STAGE_DATA_1] = {1, SEGMENT_ACK, SEGMENT_BYTES},
		[STAGE_DATA_2] = {1, SEGMENT_PSH | SEGMENT_ACK, SEGMENT_BYTES},
		[STAGE_ACK_1] = {0, SEGMENT_ACK, 0},
		[STAGE_DATA_3] = {1, SEGMENT_ACK, SEGMENT_BYTES},
		[STAGE_DATA_4] = {1, SEGMENT_PSH | SEGMENT_ACK, 611},
		[STAGE_ACK_2] = {0, SEGMENT_ACK, 0},
		[STAGE_FIN_CLIENT] = {0, SEGMENT_FIN | SEGMENT_ACK, 0},
		[STAGE_FIN_SERVER] = {1, SEGMENT_FIN | SEGMENT_ACK, 0},
		[STAGE_LAST_ACK] = {0, SEGMENT_ACK, 0},
	};
	unsigned stage = conversation->stage;

	if (conversation->has_lost &&
		(stage == STAGE_ACK_1 || stage == STAGE_ACK_2)) {
		send_again(traffic, conversation);
		return;
	}
	if (stage == STAGE_FIN_CLIENT && conversation->reset_by != PARTY_NONE) {
		if (conversation->is_alive_after) {
			send(traffic, conversation, 1,
				SEGMENT_PSH | SEGMENT_ACK, 611, NULL);
			conversation->stage = STAGE_OVER;
			return;
		}
		reset(traffic, conversation);
		if (!conversation->is_alive_after)
			conversation->stage = STAGE_OVER;
		return;
	}
	if (stage >= STAGE_BANNER_SERVER && stage <= STAGE_NEWKEYS_CLIENT)
		send_ssh(traffic, conversation, stage);
	else
		send(traffic, conversation, rows[stage].side, rows[stage].flags,
			rows[stage].payload_bytes, NULL);
	conversation->stage++;
	if (stage == STAGE_ACK && !conversation->is_ssh)
		conversation->stage = STAGE_REQUEST;
	if (stage == STAGE_ACK_2 && --conversation->rounds > 0)
		conversation->stage = STAGE_REQUEST;
}

/* What follows is no matter of seconds, however many others there are: the
 * handshake, and a reset after the last answer. */
static bool is_at_once(const struct conversation *conversation)
{
	unsigned stage = conversation->stage;

	return (stage > STAGE_SYN && stage < STAGE_REQUEST) ||
	       (stage == STAGE_FIN_CLIENT &&
		       conversation->reset_by != PARTY_NONE);
}

bool planted_write(
	const struct planted_options *options, FILE *out, FILE *truth)
{
	struct traffic traffic = {.options = options,
		.out = out,
		.truth = truth,
		.random = options->seed,
		.now_ns = START_NS};
	struct conversation *all = calloc(options->flows, sizeof(*all));

	if (!all)
		return false;
	make_kexinit(traffic.kexinit);
	segment_begin(out);
	for (uint32_t i = 0; i < options->flows; i++)
		begin(&traffic, &all[i]);
	while (traffic.frame < options->packets) {
		struct conversation *conversation =
			&all[random_below(&traffic.random, options->flows)];

		traffic.now_ns += random_below(&traffic.random, 2 * STEP_NS);
		do
			step(&traffic, conversation);
		while (is_at_once(conversation));
		if (conversation->stage == STAGE_OVER)
			begin(&traffic, conversation);
	}
	free(all);
	return true;
}
