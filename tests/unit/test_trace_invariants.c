/* What may change in a recording without changing a verdict. Every trace is
 * judged again after each of these, and must be judged alike: the same
 * incidents, facts and other readings at the same frames.
 *
 *   time      another day
 *   sequence  other initial numbers, some of which wrap at 2^32 on the way
 *   address   other addresses, so that client and server change their order
 *   seed      another seed of the hashes
 *   batch     packets handed in one by one, and in other portions
 *   text      written down and read back, line by line with addresses, and as a
 *             conversation
 *   encoding  as Ethernet frames and back
 *   ipv6      the same over IPv6: the same mechanism and parties, since
 *             identification and DSCP are evidence of IPv4 only
 *
 * `expect varies WORD...` in a trace says what its story depends on. */
#include <stdarg.h>

#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/linktype.h"
#include "tests/support/packet_encode.h"
#include "tests/support/packet_ip6.h"
#include "tests/support/packet_text.h"
#include "tests/support/trace_run.h"
#include "tests/support/trace_write.h"

enum {
	PACKETS_MOST = 512,
	DIRECTIONS_MOST = 64,
	STORY_BYTES = 1 << 16,
	FRAME_BYTES = 1 << 17,
	LINE_BYTES = 1 << 13,
};

struct workplace {
	struct packet packets[PACKETS_MOST];
	uint8_t *bytes[PACKETS_MOST]; /* frames and payloads; owned */
	struct trace *read_back;      /* owned; NULL: none */
	struct trace_manner manner;
};

/* One direction of a connection, and what is added to its numbers. */
struct numbering {
	struct address source, target;
	uint16_t source_port, target_port;
	uint32_t shift;
};

struct invariant {
	const char *word, *sentence;
	bool (*apply)(const struct trace *trace, unsigned variant,
		struct workplace *place);
	unsigned variants;
	bool is_brief; /* only mechanism, parties and frames are alike */
};

static bool shift_time(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	static const int64_t days[] = {1, 1700000000000000000, 86400000000123};

	for (unsigned i = 0; i < trace->packet_count; i++)
		place->packets[i].time_ns += days[variant];
	return true;
}

static bool is_same(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* The numbering of a direction; `first` is a number of it, where it is met
 * for the first time. */
static uint32_t shift_of(struct numbering *all, unsigned *count,
	const struct numbering *wanted, uint32_t first, unsigned variant)
{
	static const uint32_t begins[] = {
		UINT32_MAX, UINT32_MAX - 7, UINT32_MAX - 1500, 0x7fffffff};

	for (unsigned i = 0; i < *count; i++)
		if (is_same(&all[i].source, &wanted->source) &&
			is_same(&all[i].target, &wanted->target) &&
			all[i].source_port == wanted->source_port &&
			all[i].target_port == wanted->target_port)
			return all[i].shift;
	if (*count == DIRECTIONS_MOST)
		abort();
	all[*count] = *wanted;
	all[*count].shift = begins[(variant + *count) % 4] - first;
	return all[(*count)++].shift;
}

static struct numbering reversed(const struct numbering *direction)
{
	return (struct numbering){direction->target, direction->source,
		direction->target_port, direction->source_port, 0};
}

/* A refusal's 0 and the acknowledgment of a packet without ACK are no numbers
 * of the connection. */
static bool shift_sequence(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	struct numbering all[DIRECTIONS_MOST];
	unsigned count = 0;

	for (unsigned i = 0; i < trace->packet_count; i++) {
		struct packet *packet = &place->packets[i];
		struct quotation *quoted = &packet->quoted;
		struct numbering there = {packet->source, packet->target,
			packet->source_port, packet->target_port, 0};
		struct numbering back = reversed(&there);

		if (packet->kind == PACKET_ICMP && quoted->has_sequence) {
			struct numbering named = {quoted->source,
				quoted->target, quoted->source_port,
				quoted->target_port, 0};

			quoted->sequence += shift_of(
				all, &count, &named, quoted->sequence, variant);
		}
		if (packet->kind != PACKET_TCP)
			continue;
		if (packet->acknowledged || packet->tcp_flags & TCP_ACK) {
			uint32_t shift = shift_of(all, &count, &back,
				packet->acknowledged, variant);

			packet->acknowledged += shift;
			for (unsigned j = 0; j < packet->sack_count; j++) {
				packet->sack[j].start += shift;
				packet->sack[j].end += shift;
			}
		}
		if (packet->sequence || !(packet->tcp_flags & TCP_RST))
			packet->sequence += shift_of(
				all, &count, &there, packet->sequence, variant);
	}
	return true;
}

/* Keeps what is next door next door, and public what is public; what was
 * larger becomes smaller. */
static void move_address(struct address *address, uint8_t family)
{
	uint8_t *b = address->bytes;

	if (family == 6) {
		for (unsigned i = 2; i < 16; i++)
			b[i] = (uint8_t)~b[i];
	} else if (b[0] == 10) {
		b[0] = 192, b[1] = 168, b[2] = (uint8_t)~b[2];
		b[3] = (uint8_t)~b[3];
	} else if (b[0] == 192 && b[1] == 168) {
		b[0] = 10, b[2] = (uint8_t)~b[2], b[3] = (uint8_t)~b[3];
	} else {
		b[0] = (uint8_t)(b[0] - 184); /* 192, 198, 203: 8, 14, 19 */
	}
}

static bool move_addresses(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	(void)variant;
	for (unsigned i = 0; i < trace->packet_count; i++) {
		struct packet *packet = &place->packets[i];

		move_address(&packet->source, packet->family);
		move_address(&packet->target, packet->family);
		if (packet->kind == PACKET_ICMP && packet->quoted.family) {
			move_address(
				&packet->quoted.source, packet->quoted.family);
			move_address(
				&packet->quoted.target, packet->quoted.family);
		}
	}
	return true;
}

static bool change_seed(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	(void)trace;
	place->manner.seed = 0x9e3779b97f4a7c15u * (variant + 2);
	return true;
}

static bool change_batch(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	static const unsigned portions[] = {1, 3, 17, 512};

	(void)trace;
	place->manner.batch = portions[variant];
	return true;
}

static bool write_and_read_lines(
	const struct trace *trace, struct workplace *place)
{
	for (unsigned i = 0; i < trace->packet_count; i++) {
		char line[LINE_BYTES], again[LINE_BYTES];
		struct packet parsed;
		struct text_error error;
		size_t length =
			packet_format(&place->packets[i], line, sizeof(line));

		place->bytes[i] = malloc(length + 1);
		if (length == 0 || !place->bytes[i] ||
			!packet_parse(
				line, length, place->bytes[i], &parsed, &error))
			return false;
		if (packet_format(&parsed, again, sizeof(again)) != length ||
			memcmp(line, again, length) != 0)
			return false;
		parsed.frame = place->packets[i].frame;
		place->packets[i] = parsed;
	}
	return true;
}

static bool write_and_read(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	struct trace_writing writing = {
		.packets = trace->packets, .count = trace->packet_count};
	size_t length, again_length;
	struct failure failure;
	char *text, *again;
	bool is_good;

	if (variant == 0)
		return write_and_read_lines(trace, place);
	text = trace_write_text(&writing, &length, &failure);
	if (text)
		place->read_back = trace_parse(text, length, "text", &failure);
	if (!place->read_back ||
		place->read_back->packet_count != trace->packet_count) {
		free(text);
		return false;
	}
	memcpy(place->packets, place->read_back->packets,
		trace->packet_count * sizeof(struct packet));
	writing.packets = place->packets;
	again = trace_write_text(&writing, &again_length, &failure);
	is_good = text && again && length == again_length &&
		  (length == 0 || memcmp(text, again, length) == 0);
	free(text);
	free(again);
	return is_good;
}

static bool encode_and_decode(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	(void)variant;
	for (unsigned i = 0; i < trace->packet_count; i++) {
		struct packet *packet = &place->packets[i];
		struct frame frame = {.time_ns = packet->time_ns,
			.number = packet->frame,
			.linktype = LINKTYPE_ETHERNET};
		size_t length;

		place->bytes[i] = malloc(FRAME_BYTES);
		if (!place->bytes[i])
			return false;
		length = packet_encode(packet, LINKTYPE_ETHERNET,
			place->bytes[i], FRAME_BYTES);
		if (length == 0)
			return false;
		frame.bytes = place->bytes[i];
		frame.captured_bytes = frame.original_bytes = (uint32_t)length;
		packet_decode(&frame, packet);
	}
	return true;
}

static bool make_ipv6(
	const struct trace *trace, unsigned variant, struct workplace *place)
{
	(void)variant;
	for (unsigned i = 0; i < trace->packet_count; i++)
		packet_make_ip6(&place->packets[i]);
	return true;
}

static size_t add(char *story, size_t used, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static size_t add(char *story, size_t used, const char *format, ...)
{
	va_list values;
	int wrote;

	va_start(values, format);
	wrote = vsnprintf(story + used, STORY_BYTES - used, format, values);
	va_end(values);
	if (wrote < 0 || (size_t)wrote >= STORY_BYTES - used)
		abort();
	return used + (size_t)wrote;
}

/* All that may not change, in words. */
static void tell(
	const struct trace_verdict *verdict, bool is_brief, char *story)
{
	size_t used = add(story, 0, "%u incidents\n", verdict->count);

	for (unsigned i = 0; i < verdict->count && i < TRACE_INCIDENTS; i++) {
		const struct incident *incident = &verdict->incidents[i];
		char line[512];

		if (is_brief) {
			used = add(story, used,
				"%s sender %s culprit %s frame %llu\n",
				mechanism_word(incident->mechanism),
				party_word(incident->sender),
				party_word(incident->culprit),
				(unsigned long long)incident->frame);
			continue;
		}
		trace_describe(incident, line, sizeof(line));
		used = add(story, used, "%s\n", line);
		for (unsigned j = 0; j < incident->evidence_count; j++)
			used = add(story, used, "  %s %d frame %llu\n",
				incident->evidence[j].fact,
				(int)incident->evidence[j].holds,
				(unsigned long long)incident->evidence[j]
					.frame);
		for (unsigned j = 0; j < incident->also_count; j++)
			used = add(story, used, "  also %s %s\n",
				mechanism_word(incident->also[j].mechanism),
				party_word(incident->also[j].culprit));
	}
	if (!is_brief)
		(void)add(story, used, "%llu orderly, %llu harmless\n",
			(unsigned long long)verdict->totals.orderly,
			(unsigned long long)verdict->totals.benign_resets);
}

static bool varies(const struct trace *trace, const char *word)
{
	for (unsigned i = 0; i < trace->expectation_count; i++)
		if (strncmp(trace->expectations[i].text, "varies", 6) == 0 &&
			strstr(trace->expectations[i].text, word))
			return true;
	return false;
}

/* Judges a changed trace; false and a complaint when it is judged otherwise. */
static bool is_judged_alike(const struct trace_file *file,
	const struct invariant *invariant, unsigned variant)
{
	static struct workplace place;
	static struct trace_verdict before, after;
	static char expected[STORY_BYTES], found[STORY_BYTES];
	const struct trace *trace = file->trace;
	const struct trace_manner plain = {.seed = 1};
	bool is_good;

	if (trace->packet_count > PACKETS_MOST)
		return false;
	memset(&place, 0, sizeof(place));
	place.manner = plain;
	memcpy(place.packets, trace->packets,
		trace->packet_count * sizeof(struct packet));
	is_good = invariant->apply(trace, variant, &place) &&
		  trace_judge(trace->packets, trace->packet_count, &plain,
			  &before) &&
		  trace_judge(place.packets, trace->packet_count, &place.manner,
			  &after);
	for (unsigned i = 0; i < trace->packet_count; i++)
		free(place.bytes[i]);
	trace_free(place.read_back);
	if (!is_good) {
		printf("# %s can't be changed in %s %u\n", file->name,
			invariant->word, variant);
		return false;
	}
	tell(&before, invariant->is_brief, expected);
	tell(&after, invariant->is_brief, found);
	if (strcmp(expected, found) == 0)
		return true;
	printf("# %s, %s %u: expected\n%s# found\n%s", file->name,
		invariant->word, variant, expected, found);
	return false;
}

int main(void)
{
	static const struct invariant invariants[] = {
		{"time", "another day", shift_time, 3, false},
		{"sequence", "other initial numbers", shift_sequence, 4, false},
		{"address", "other addresses in another order", move_addresses,
			1, false},
		{"seed", "another hash seed", change_seed, 3, false},
		{"batch", "other portions", change_batch, 4, false},
		{"text", "writing down and reading back", write_and_read, 2,
			false},
		{"encoding", "a way as Ethernet frames", encode_and_decode, 1,
			false},
		{"ipv6", "another IP version", make_ipv6, 1, true},
	};
	static struct trace_files files;
	unsigned unreadable = trace_files_read(&files), failed = 0;
	unsigned count = sizeof(invariants) / sizeof(invariants[0]);

	for (unsigned i = 0; i < count; i++) {
		unsigned wrong = unreadable, tried = 0;

		for (unsigned j = 0; j < files.count; j++) {
			const struct trace_file *file = &files.file[j];

			if (varies(file->trace, invariants[i].word))
				continue;
			for (unsigned k = 0; k < invariants[i].variants; k++)
				wrong += !is_judged_alike(
					file, &invariants[i], k);
			tried++;
		}
		printf("%sok %u - %u traces are judged alike after %s\n",
			wrong || tried == 0 ? "not " : "", i + 1, tried,
			invariants[i].sentence);
		failed += wrong || tried == 0;
	}
	printf("1..%u\n", count);
	trace_files_free(&files);
	return failed != 0;
}
