/* An analysis in parts gives the report of the whole, byte for byte, whatever
 * the number of parts: of random conversations (SEED) and of all committed
 * captures. */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/parts.h"
#include "capture/linktype.h"
#include "cli/analysis_source.h"
#include "report/report_json.h"
#include "tests/support/open_recording.h"
#include "tests/support/packet_encode.h"
#include "tests/support/sim_talk.h"

enum {
	TALKS = 60,
	ROUNDS = 12,
	START_SPREAD_S = 300,
	FRAME_BYTES = 1 << 17,
	GROUP = 40, /* frames that are handed over together at most */
};

static const unsigned counts[] = {1, 2, 3, 8};
enum { WAYS = sizeof(counts) / sizeof(counts[0]) };

static struct packet packets[BATCH_FRAMES];
static struct sighting sighting;
static unsigned files, incidents;

static void begin(struct parts *ways[WAYS])
{
	for (unsigned i = 0; i < WAYS; i++) {
		/* another seed each: it changes nothing either */
		const struct analysis_options options = {
			.is_listing_flows = true, .seed = 7 * i};
		struct failure failure;

		ways[i] = parts_new(&options, counts[i], &failure);
		assert_non_null(ways[i]);
	}
}

/* Backwards in every second way: parts don't wait for each other. */
static void take(struct parts *ways[WAYS], const struct frame *frames,
	unsigned count)
{
	for (unsigned i = 0; i < WAYS; i++) {
		sight_frames(parts_sighter(ways[i]), frames, packets, count,
			&sighting);
		for (unsigned j = 0; j < counts[i]; j++)
			parts_take(ways[i], i % 2 ? counts[i] - 1 - j : j,
				&sighting);
	}
}

static char *report(struct parts *parts, const struct recording *recording)
{
	const char *path = "x";
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct analysis *analysis;

	assert_non_null(out);
	parts_settle(parts);
	for (unsigned i = 0; i < parts_count(parts); i++)
		parts_close(parts, i);
	analysis = parts_join(parts);
	analysis_finish(analysis);

	struct analysed analysed = {
		.analysis = analysis, .recording = recording};
	struct report_source source =
		analysis_source(&analysed, &path, 1, false);

	incidents += (unsigned)source.incident_count;
	report_json(&source, out);
	assert_int_equal(fclose(out), 0);
	analysis_free(analysis);
	return text;
}

/* Where two reports begin to differ. */
static void same(const char *one, const char *other, const char *name,
	unsigned count)
{
	size_t at = 0;

	while (one[at] && one[at] == other[at])
		at++;
	if (one[at] == other[at])
		return;
	at = at > 300 ? at - 300 : 0;
	print_error("%s, %u parts:\n%.600s\nagainst\n%.600s\n", name, count,
		other + at, one + at);
	fail();
}

static void finish(struct parts *ways[WAYS], const struct recording *recording,
	const char *name)
{
	char *first = report(ways[0], recording);

	for (unsigned i = 1; i < WAYS; i++) {
		char *other = report(ways[i], recording);

		same(first, other, name, counts[i]);
		free(other);
	}
	free(first);
}

struct scene {
	struct sim_place place;
	struct sim_talk talks[TALKS];
	struct packet next[TALKS];
	bool has_next[TALKS];
	uint64_t number;
	int64_t clock_ns; /* added to all times: it steps */
};

static uint8_t bytes[GROUP][FRAME_BYTES];

static bool next_frame(struct scene *scene, struct frame *frame, uint8_t *at)
{
	unsigned first = TALKS;
	struct packet *packet;
	size_t length;

	for (unsigned i = 0; i < TALKS; i++)
		if (scene->has_next[i] &&
			(first == TALKS || scene->next[i].time_ns <
						   scene->next[first].time_ns))
			first = i;
	if (first == TALKS)
		return false;
	packet = &scene->next[first];
	length = packet_encode(packet, LINKTYPE_ETHERNET, at, FRAME_BYTES);
	assert_true(length > 0);
	*frame = (struct frame){
		.time_ns = packet->time_ns + scene->clock_ns,
		.number = ++scene->number,
		.bytes = at,
		.captured_bytes = (uint32_t)length,
		.original_bytes = (uint32_t)length,
		.interface = scene->number % 13 == 0,
		.linktype = LINKTYPE_ETHERNET,
	};
	scene->has_next[first] =
		sim_talk_next(&scene->talks[first], packet);
	return true;
}

static void play(uint64_t seed)
{
	static struct scene scene;
	struct sim_random random = {seed};
	struct frame frames[GROUP];
	struct parts *ways[WAYS];
	bool has_more = true;
	char name[32];

	memset(&scene, 0, sizeof(scene));
	scene.place.seed = seed;
	for (unsigned i = 0; i < TALKS; i++) {
		sim_talk_begin(&scene.talks[i], &scene.place, i,
			1700000000 * SECOND_NS +
				sim_random_in(&random, 0,
					START_SPREAD_S * SECOND_NS));
		scene.has_next[i] =
			sim_talk_next(&scene.talks[i], &scene.next[i]);
	}
	begin(ways);
	while (has_more) {
		unsigned group = (unsigned)sim_random_in(&random, 1, GROUP);
		unsigned count = 0;

		/* in every third recording somebody sets the clock */
		if (seed % 3 == 0 && sim_random_is(&random, 5))
			scene.clock_ns = sim_random_in(&random,
				-200 * SECOND_NS, 200 * SECOND_NS);
		while (count < group &&
			(has_more = next_frame(
				 &scene, &frames[count], bytes[count])))
			count++;
		take(ways, frames, count);
	}
	(void)snprintf(name, sizeof(name), "SEED=%llu",
		(unsigned long long)seed);
	finish(ways, NULL, name);
}

static void parts_of_random_conversations_make_the_whole(void **state)
{
	const char *seed = getenv("SEED");
	uint64_t first = seed ? strtoull(seed, NULL, 10) : 1;

	(void)state;
	incidents = 0;
	for (uint64_t i = 0; i < ROUNDS; i++)
		play(first + i);
	assert_true(incidents > ROUNDS * WAYS * 5);
}

static void read_file(const char *path)
{
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	struct failure failure;
	struct recording *recording = open_and_begin(&path, 1, &failure);
	enum reading reading = READING_MORE;
	struct parts *ways[WAYS];

	assert_non_null(batch);
	begin(ways);
	while (recording && reading != READING_END) {
		reading = recording_read(recording, batch, &failure);
		take(ways, batch->frames, batch->count);
	}
	files += recording != NULL;
	finish(ways, recording, path);
	recording_close(recording);
	batch_free(batch);
}

static int note_path(
	const char *path, const struct stat *state, int type, struct FTW *place)
{
	(void)state;
	(void)place;
	if (type == FTW_F && strstr(path, "pcap"))
		read_file(path);
	return 0;
}

static void parts_of_every_committed_capture_make_the_whole(void **state)
{
	enum { FOLDERS_OPEN = 16 };

	(void)state;
	incidents = 0;
	assert_int_equal(
		nftw("tests/captures", note_path, FOLDERS_OPEN, FTW_PHYS), 0);
	assert_true(files > 400);
	assert_true(incidents > 400 * WAYS);
}

static void parts_are_as_many_as_memory_is_for(void **state)
{
	(void)state;
	assert_int_equal(parts_within(32000000), 1);
	assert_int_equal(parts_within(191999999), 1);
	assert_int_equal(parts_within(192000000), 2);
	assert_int_equal(parts_within(0), 2); /* ANALYSIS_MEMORY_LEAST */
	assert_int_equal(parts_within(UINT64_MAX), PARTS_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_of_random_conversations_make_the_whole),
		cmocka_unit_test(
			parts_of_every_committed_capture_make_the_whole),
		cmocka_unit_test(parts_are_as_many_as_memory_is_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
