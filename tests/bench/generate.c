/* Writes large captures for `make bench`: the same for the same seed.
 *
 *   generate mixed PACKETS FLOWS SEED    FLOWS connections at once, taken in
 *       turn at random: handshake, requests and answers, acknowledgments, FIN;
 *       one of 200 is reset, one data segment of 200 is sent again
 *   generate repeated PACKETS FLOWS SEED the same, every segment sent twice
 *   generate flood PACKETS SEED          SYNs, each of another connection
 *   generate open FLOWS SEED             FLOWS connections: handshake, a data
 *       segment and its acknowledgment; none of them ends
 *   generate unheard FLOWS SEED          FLOWS connections: a SYN, and twice
 *       the answer to it
 *   generate reset FLOWS SEED            FLOWS connections: handshake, a data
 *       segment, a reset
 *   generate planted PACKETS FLOWS SEED SSH_PERCENT TRUTH    see planted.c; the
 *       file TRUTH says which resets there are, and whose
 *
 * to standard output. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/bench/planted.h"
#include "tests/bench/segment.h"

enum {
	STEP_NS = 2000, /* between two packets of the capture */
	SEGMENT_BYTES = 1448,
	ONE_OF_RARE = 200,
	ROUNDS_LEAST = 6, /* request, four segments of answer, two ACKs */
	ROUNDS_SPREAD = 18,
	MOST_SCRIPTED = 5,
};

static const uint64_t START_NS = 1700000000000000000u;

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

enum stage {
	STAGE_SYN,
	STAGE_SYNACK,
	STAGE_ACK,
	STAGE_REQUEST,
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
	bool will_reset;
	bool is_due_again; /* `last` is sent once more in the next turn */
	struct segment last;
};

struct traffic {
	FILE *out;
	uint64_t random;
	uint64_t now_ns;
	uint32_t begun; /* conversations so far */
	bool is_repeating;
};

static void begin(struct traffic *traffic, struct conversation *conversation)
{
	uint64_t *random = &traffic->random;
	uint32_t number = traffic->begun++;

	/* The name is distinct by the number; the rest is chance. */
	*conversation = (struct conversation){
		.address = {0x0a000000 | (number * 0x9e3779b1 & 0xffffff),
			0xc6120000 | random_below(random, 4096)},
		.port = {(uint16_t)(32768 + (number >> 24) * 64 +
				    random_below(random, 64)),
			443},
		.next = {(uint32_t)next_random(random),
			(uint32_t)next_random(random)},
		.clock = {(uint32_t)next_random(random),
			(uint32_t)next_random(random)},
		.ip_id = {(uint16_t)next_random(random),
			(uint16_t)next_random(random)},
		.ttl = {64, (uint8_t)(64 - 5 - random_below(random, 12))},
		.rounds = (uint8_t)(ROUNDS_LEAST +
				    random_below(random, ROUNDS_SPREAD)),
		.will_reset = random_below(random, ONE_OF_RARE) == 0,
	};
}

static void send(struct traffic *traffic, struct conversation *conversation,
	unsigned side, uint8_t flags, uint16_t payload_bytes)
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
		.window = 502,
		.ip_id = conversation->ip_id[side]++,
		.ttl = conversation->ttl[side],
		.flags = flags,
	};

	conversation->last_clock[side] = segment.timestamp_value;
	conversation->next[side] += payload_bytes +
				    (flags & SEGMENT_SYN ? 1U : 0U) +
				    (flags & SEGMENT_FIN ? 1U : 0U);
	segment_write(&segment, traffic->out);
	conversation->last = segment;
	conversation->is_due_again =
		traffic->is_repeating ||
		(payload_bytes &&
			random_below(&traffic->random, ONE_OF_RARE) == 0);
}

static void send_again(
	struct traffic *traffic, struct conversation *conversation)
{
	struct segment *last = &conversation->last;

	last->time_ns = traffic->now_ns;
	last->ip_id++;
	segment_write(last, traffic->out);
	conversation->is_due_again = false;
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
	unsigned stage;

	if (conversation->is_due_again) {
		send_again(traffic, conversation);
		return;
	}
	stage = conversation->stage++;
	if (stage == STAGE_ACK_2 && --conversation->rounds > 0)
		conversation->stage = STAGE_REQUEST;
	if (stage == STAGE_FIN_CLIENT && conversation->will_reset) {
		conversation->stage = STAGE_OVER;
		send(traffic, conversation, 1, SEGMENT_RST | SEGMENT_ACK, 0);
		return;
	}
	send(traffic, conversation, rows[stage].side, rows[stage].flags,
		rows[stage].payload_bytes);
}

static bool write_mixed(
	struct traffic *traffic, uint64_t packets, uint32_t flows)
{
	struct conversation *all = malloc(flows * sizeof(*all));

	if (!all)
		return false;
	for (uint32_t i = 0; i < flows; i++)
		begin(traffic, &all[i]);
	for (uint64_t written = 0; written < packets; written++) {
		struct conversation *conversation =
			&all[random_below(&traffic->random, flows)];

		traffic->now_ns += random_below(&traffic->random, 2 * STEP_NS);
		step(traffic, conversation);
		if (conversation->stage == STAGE_OVER &&
			!conversation->is_due_again)
			begin(traffic, conversation);
	}
	free(all);
	return true;
}

static void write_flood(struct traffic *traffic, uint64_t packets)
{
	for (uint64_t i = 0; i < packets; i++) {
		struct conversation conversation;

		traffic->now_ns += random_below(&traffic->random, 2 * STEP_NS);
		begin(traffic, &conversation);
		step(traffic, &conversation);
	}
}

/* Packets that every connection sends, and how many others begin between two
 * of them. */
struct script {
	const char *name;
	uint32_t apart;
	unsigned count;
	struct {
		uint8_t side, flags;
		uint16_t payload_bytes;
		bool is_again; /* the packet before, once more */
	} packets[MOST_SCRIPTED];
};

static const struct script scripts[] = {
	{"open", 1000, 5,
		{{0, SEGMENT_SYN, 0, false},
			{1, SEGMENT_SYN | SEGMENT_ACK, 0, false},
			{0, SEGMENT_ACK, 0, false},
			{0, SEGMENT_PSH | SEGMENT_ACK, 417, false},
			{1, SEGMENT_ACK, 0, false}}},
	{"unheard", 100000, 3,
		{{0, SEGMENT_SYN, 0, false},
			{1, SEGMENT_SYN | SEGMENT_ACK, 0, false},
			{.is_again = true}}},
	{"reset", 1000, 5,
		{{0, SEGMENT_SYN, 0, false},
			{1, SEGMENT_SYN | SEGMENT_ACK, 0, false},
			{0, SEGMENT_ACK, 0, false},
			{0, SEGMENT_PSH | SEGMENT_ACK, 417, false},
			{1, SEGMENT_RST | SEGMENT_ACK, 0, false}}},
};

/* Connection `i` sends its packet `k` in turn i + k * apart, so only those
 * that are within their packets need to be remembered. */
static bool write_scripted(
	struct traffic *traffic, uint32_t flows, const struct script *script)
{
	uint64_t most = (uint64_t)script->count * script->apart;
	struct conversation *young = malloc(most * sizeof(*young));

	if (!young)
		return false;
	for (uint64_t turn = 0; turn < flows + most; turn++) {
		if (turn < flows)
			begin(traffic, &young[turn % most]);
		for (unsigned k = 0; k < script->count; k++) {
			uint64_t back = (uint64_t)k * script->apart;
			struct conversation *conversation;

			if (back > turn || turn - back >= flows)
				continue;
			conversation = &young[(turn - back) % most];
			traffic->now_ns += STEP_NS / 4;
			if (script->packets[k].is_again)
				send_again(traffic, conversation);
			else
				send(traffic, conversation,
					script->packets[k].side,
					script->packets[k].flags,
					script->packets[k].payload_bytes);
		}
	}
	free(young);
	return true;
}

static const struct script *script_of(const char *name)
{
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (strcmp(scripts[i].name, name) == 0)
			return &scripts[i];
	return NULL;
}

static int usage(void)
{
	(void)fputs("usage: generate mixed|repeated PACKETS FLOWS SEED | "
		    "flood PACKETS SEED | open|unheard|reset FLOWS SEED | "
		    "planted PACKETS FLOWS SEED SSH_PERCENT TRUTH\n",
		stderr);
	return 2;
}

static int finish(bool has_memory)
{
	if (has_memory && fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	(void)fputs(has_memory ? "generate: could not write\n"
			       : "generate: no memory\n",
		stderr);
	return 1;
}

/* generate planted PACKETS FLOWS SEED SSH_PERCENT TRUTH */
static int write_planted(char **arguments)
{
	struct planted_options options = {
		.packets = strtoull(arguments[0], NULL, 10),
		.flows = (uint32_t)strtoul(arguments[1], NULL, 10),
		.seed = strtoull(arguments[2], NULL, 10),
		.ssh_percent = (uint32_t)strtoul(arguments[3], NULL, 10),
	};
	FILE *truth;
	bool has_memory;

	if (options.flows == 0)
		return usage();
	truth = fopen(arguments[4], "we");
	if (!truth) {
		perror(arguments[4]);
		return 1;
	}
	(void)setvbuf(stdout, NULL, _IOFBF, 1 << 20); /* slower if refused */
	has_memory = planted_write(&options, stdout, truth);
	if (fclose(truth) != 0) {
		perror(arguments[4]);
		return 1;
	}
	return finish(has_memory);
}

int main(int argc, char **argv)
{
	struct traffic traffic = {.out = stdout, .now_ns = START_NS};
	uint64_t numbers[3] = {0};
	bool has_memory = true;
	const struct script *script;

	if (argc == 7 && strcmp(argv[1], "planted") == 0)
		return write_planted(argv + 2);
	if (argc < 4 || argc > 5)
		return usage();
	for (int i = 2; i < argc; i++)
		numbers[i - 2] = strtoull(argv[i], NULL, 10);
	traffic.random = numbers[argc - 3];
	(void)setvbuf(stdout, NULL, _IOFBF, 1 << 20); /* slower if refused */
	segment_begin(traffic.out);
	script = script_of(argv[1]);
	if (strcmp(argv[1], "flood") == 0 && argc == 4) {
		write_flood(&traffic, numbers[0]);
	} else if (script && argc == 4) {
		has_memory =
			write_scripted(&traffic, (uint32_t)numbers[0], script);
	} else if (argc == 5 && numbers[1] > 0 &&
		   (strcmp(argv[1], "mixed") == 0 ||
			   strcmp(argv[1], "repeated") == 0)) {
		traffic.is_repeating = argv[1][0] == 'r';
		has_memory =
			write_mixed(&traffic, numbers[0], (uint32_t)numbers[1]);
	} else {
		return usage();
	}
	return finish(has_memory);
}
