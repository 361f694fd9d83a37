/* What is shown of an incident is true, and the same wherever it is shown: over
 * all committed captures the text report, the ladder, JSON and the annotated
 * copy mark one packet, the same; and every packet shown is as it was
 * recorded.
 *
 *   test_shown              all of tests/captures
 *   test_shown FOLDER...    others; tells how many, and each that is wrong */
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture/decode/packet_decode.h"
#include "cli/analysis_source.h"
#include "report/address_text.h"
#include "report/annotate.h"
#include "report/incident_text.h"
#include "report/seq_diagram.h"
#include "report/report_json.h"
#include "tests/support/evidence_check.h"

enum { FILES_MOST = 4096, BATCH_BYTES = 256 * 1024, FOLDERS_OPEN = 8 };

static char *paths[FILES_MOST]; /* filled by nftw, which hands on no context */
static unsigned path_count;

static const struct style style = {.columns = 100};

/* One recording, all in memory. */
struct shown {
	const char *path;
	struct recording *recording;
	struct analysis *analysis;
	struct packet *packets;
	size_t count, capacity;
	struct analysed analysed;
	struct report_source source;
	unsigned incidents, complaints;
};

static void complain(struct shown *shown, const struct incident *incident,
	const char *what, const char *detail)
{
	char flow[FLOW_TEXT];

	shown->complaints++;
	printf("# %s, %s, frame %" PRIu64 " (%s): %s\n%s", shown->path,
		flow_text(flow, &incident->flow), incident->frame,
		mechanism_word(incident->mechanism), what, detail);
}

static void read_all(struct shown *shown)
{
	struct batch *batch = batch_new(BATCH_BYTES);
	struct failure failure;
	enum reading reading;

	assert_non_null(batch);
	do {
		reading = recording_read(shown->recording, batch, &failure);
		for (uint32_t i = 0; i < batch->count; i++) {
			if (shown->count == shown->capacity) {
				shown->capacity = 2 * shown->capacity + 64;
				shown->packets = realloc(shown->packets,
					shown->capacity *
						sizeof(*shown->packets));
				assert_non_null(shown->packets);
			}
			packet_decode(&batch->frames[i], &batch->packets[i]);
			shown->packets[shown->count++] = batch->packets[i];
		}
		analysis_packets(shown->analysis, batch->packets, batch->count);
	} while (reading != READING_END);
	batch_free(batch);
	analysis_finish(shown->analysis);
}

static const struct packet *packet_of(const struct shown *shown, uint64_t frame)
{
	return frame > 0 && frame <= shown->count &&
			       shown->packets[frame - 1].frame == frame
		       ? &shown->packets[frame - 1]
		       : NULL;
}

/* Lines of `text` that begin with `mark`, and the number after the "#" of the
 * last. */
static unsigned marked(const char *text, const char *mark, uint64_t *number)
{
	unsigned count = 0;

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, mark, strlen(mark)) != 0)
			continue;
		count++;
		*number = strtoull(line + strlen(mark), NULL, 10);
	}
	return count;
}

static const char *name_of(char text[ADDRESS_TEXT],
	const struct flow_name *flow, const struct address *address)
{
	if (memcmp(address, &flow->client.address, sizeof(*address)) == 0)
		return "client";
	if (memcmp(address, &flow->server.address, sizeof(*address)) == 0)
		return "server";
	address_text(text, address, flow->family);
	return text;
}

/* Every row says from whom to whom its packet went, by the packet's own
 * addresses. Without ports client and server are one where their addresses
 * are. */
static void check_ways(
	struct shown *shown, const struct incident *incident, const char *text)
{
	const struct flow_name *flow = &incident->flow;

	if (memcmp(&flow->client.address, &flow->server.address,
		    sizeof(flow->client.address)) == 0)
		return;
	for (unsigned i = 0; i < incident->excerpt_count; i++) {
		uint64_t frame = incident->excerpts[i].frame;
		const struct packet *packet = packet_of(shown, frame);
		char mark[32], way[2 * ADDRESS_TEXT + 8], from[ADDRESS_TEXT];
		char to[ADDRESS_TEXT];

		if (!packet)
			continue; /* complained about already */
		(void)snprintf(mark, sizeof(mark), " #%" PRIu64 " ",
			report_frame(&shown->source, frame));
		(void)snprintf(way, sizeof(way), "  %s → %s  ",
			name_of(from, flow, &packet->source),
			name_of(to, flow, &packet->target));
		const char *line = strstr(text, mark);
		const char *end = line ? strchr(line, '\n') : NULL;
		const char *place = line ? strstr(line, way) : NULL;

		if (!place || place > end)
			complain(shown, incident, way, text);
	}
}

static void check_text(struct shown *shown, const struct incident *incident)
{
	struct incident_block block = {
		.source = &shown->source, .incident = incident, .members = 1};
	char *text = NULL;
	size_t size = 0;
	uint64_t number = 0;
	FILE *out = open_memstream(&text, &size);
	struct layout layout = {out, &style};

	assert_non_null(out);
	incident_body(&layout, &block);
	assert_int_equal(fclose(out), 0);
	if (marked(text, "    > #", &number) != 1 ||
		number != report_frame(&shown->source, incident->frame))
		complain(shown, incident, "the report marks otherwise", text);
	check_ways(shown, incident, text);
	free(text);
}

static void check_ladder(struct shown *shown, const struct incident *incident)
{
	struct flow_packets *packets = calloc(1, sizeof(*packets));
	char *text = NULL;
	size_t size = 0;
	uint64_t number = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(packets);
	assert_non_null(out);
	flow_follower_begin(&packets->follower, &incident->flow,
		incident->began_ns, incident->frame);
	for (size_t i = 0; i < shown->count; i++) {
		enum speaker speaker = flow_follower_take(
			&packets->follower, &shown->packets[i]);

		if (speaker != SPEAKER_NOBODY)
			flow_packets_keep(
				packets, &shown->packets[i], speaker);
	}
	seq_diagram_print(&(struct packet_view){
		&shown->source, incident, packets, &style, out});
	assert_int_equal(fclose(out), 0);
	if (marked(text, "> #", &number) != 1 ||
		number != report_frame(&shown->source, incident->frame))
		complain(shown, incident, "the ladder marks otherwise", text);
	free(text);
	free(packets);
}

static void check_json(struct shown *shown, const struct incident *incident)
{
	char *text = NULL, *at;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	report_json_incident(&shown->source, incident, out);
	assert_int_equal(fclose(out), 0);
	at = strstr(text, "},\"frame\":");
	if (!at || strtoull(at + 10, NULL, 10) !=
			   report_frame(&shown->source, incident->frame))
		complain(shown, incident, "JSON names another frame", text);
	free(text);
}

/* Which is the packet that the copy has the verdict at. */
static void check_copy(
	struct shown *shown, uint64_t index, const struct incident *incident)
{
	struct failure failure;
	struct annotations *annotations =
		annotations_new(&shown->source, index, &failure);
	static char texts[ANNOTATIONS_PER_FRAME][ANNOTATION_BYTES];
	unsigned verdicts = 0;
	uint64_t at = 0;

	assert_non_null(annotations);
	for (uint64_t frame = 1; frame <= shown->count; frame++) {
		unsigned count = annotations_of(annotations, frame, texts);

		for (unsigned i = 0; i < count; i++)
			if (strncmp(texts[i], "culprit: ", 9) == 0) {
				verdicts++;
				at = frame;
				assert_int_equal(i, 0);
			} else {
				assert_memory_equal(
					texts[i], "culprit-fact: ", 14);
				assert_null(strstr(texts[i], "culprit:"));
			}
	}
	annotations_free(annotations);
	if (verdicts != 1 || at != incident->frame)
		complain(shown, incident, "the copy comments otherwise", "");
}

static bool is_as_recorded(const struct incident *incident,
	const struct packet_excerpt *row, const struct packet *packet)
{
	const struct flow_name *flow = &incident->flow;
	enum speaker speaker = flow_speaker(flow, packet);

	if (row->kind != packet->kind || row->time_ns != packet->time_ns ||
		row->ttl != packet->ttl)
		return false;
	if (row->kind == PACKET_ICMP)
		return row->icmp_type == packet->icmp_type &&
		       row->icmp_code == packet->icmp_code &&
		       row->icmp_mtu == packet->icmp_mtu &&
		       memcmp(&row->from, &packet->source, sizeof(row->from)) ==
			       0 &&
		       memcmp(&row->to, &packet->target, sizeof(row->to)) == 0;
	if ((row->tcp_flags & 0xff) != (packet->tcp_flags & 0xff) ||
		row->payload_bytes != packet->payload_bytes ||
		speaker !=
			(row->is_from_client ? SPEAKER_CLIENT : SPEAKER_SERVER))
		return false;
	return !(row->tcp_flags & TCP_RST) ||
	       (row->ip_id == packet->ip_id && row->is_df == packet->is_df &&
		       row->window == packet->window &&
		       row->has_options == (packet->options != 0));
}

/* All rows, and the time that the incident names. */
static void check_rows(struct shown *shown, const struct incident *incident)
{
	const struct packet *fatal = packet_of(shown, incident->frame);
	unsigned found = 0;

	for (unsigned i = 0; i < incident->excerpt_count; i++) {
		const struct packet_excerpt *row = &incident->excerpts[i];
		const struct packet *packet = packet_of(shown, row->frame);
		char detail[64];

		(void)snprintf(detail, sizeof(detail),
			"#   row %u: frame %" PRIu64 "\n", i, row->frame);
		found += row->frame == incident->frame;
		if (!packet || !is_as_recorded(incident, row, packet))
			complain(shown, incident,
				"a packet is not shown as it was", detail);
	}
	if (found != 1)
		complain(shown, incident,
			"the fatal packet is not one of those shown", "");
	if (!fatal || fatal->time_ns != incident->time_ns)
		complain(shown, incident, "it has another time", "");
}

static void check_incident(struct shown *shown, uint64_t index)
{
	struct incident incident;

	analysis_incident(shown->analysis, index, &incident);
	shown->incidents++;
	if (evidence_contradiction(&incident))
		complain(shown, &incident, "evidence contradicts itself",
			evidence_contradiction(&incident));
	check_rows(shown, &incident);
	check_text(shown, &incident);
	check_ladder(shown, &incident);
	check_json(shown, &incident);
	check_copy(shown, index, &incident);
}

/* Adds to the counts; a recording that can't be opened has no incidents. */
static void check_file(const char *path, unsigned *incidents, unsigned *wrong)
{
	static const struct analysis_options options;
	struct shown shown = {.path = path};
	struct failure failure;

	shown.recording = recording_open(&path, 1, &failure);
	if (!shown.recording)
		return;
	shown.analysis = analysis_new(&options, &failure);
	assert_non_null(shown.analysis);
	read_all(&shown);
	shown.analysed = (struct analysed){
		.analysis = shown.analysis, .recording = shown.recording};
	shown.source = analysis_source(&shown.analysed, &path, 1, false);
	for (uint64_t i = 0; i < shown.source.incident_count; i++)
		check_incident(&shown, i);
	*incidents += shown.incidents;
	*wrong += shown.complaints;
	analysis_free(shown.analysis);
	recording_close(shown.recording);
	free(shown.packets);
}

static int note_path(
	const char *path, const struct stat *state, int type, struct FTW *place)
{
	(void)state;
	(void)place;
	if (type == FTW_F && strstr(path, "cap") && path_count < FILES_MOST) {
		paths[path_count] = strdup(path);
		assert_non_null(paths[path_count++]);
	}
	return 0;
}

static void check_folder(
	const char *folder, unsigned *incidents, unsigned *wrong)
{
	path_count = 0;
	assert_int_equal(nftw(folder, note_path, FOLDERS_OPEN, FTW_PHYS), 0);
	for (unsigned i = 0; i < path_count; i++) {
		check_file(paths[i], incidents, wrong);
		free(paths[i]);
	}
}

static void one_packet_is_fatal_wherever_it_is_shown(void **state)
{
	unsigned incidents = 0, wrong = 0;

	(void)state;
	check_folder("tests/captures", &incidents, &wrong);
	assert_true(incidents > 400);
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_packet_is_fatal_wherever_it_is_shown),
	};
	unsigned incidents = 0, wrong = 0;

	if (argc < 2)
		return cmocka_run_group_tests(tests, NULL, NULL);
	for (int i = 1; i < argc; i++)
		check_folder(argv[i], &incidents, &wrong);
	printf("%u incidents, %u complaints\n", incidents, wrong);
	return wrong != 0;
}
