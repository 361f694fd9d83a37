/* mutate CUTS FLIPS FILE...: each capture damaged in many ways, each of them
 * taken through the whole pipeline in this process: file, decoding, analysis,
 * both reports. CUTS: the file cut at that many places, evenly spread; FLIPS:
 * that many single bits turned over, evenly spread, each bit at most once.
 *
 * What has to hold: it is read to its end or said to be damaged, the reports
 * are valid JSON and clean text, nothing crashes or hangs. Built with the
 * sanitizers it also sees what does not crash. Prints TAP, a line for each
 * file; what kills the process is named on standard error. */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/decode/packet_decode.h"
#include "cli/analysis_source.h"
#include "report/report_json.h"
#include "report/report_text.h"
#include "tests/support/open_recording.h"
#include "tests/support/strict_json.h"

enum {
	FLOWS = 100,	 /* new tables for each damage take most of the time */
	TEXT_EVERY = 16, /* damages of which one is also told as text */
	LONGEST_S = 20,
	LARGEST_FILE_BYTES = 1 << 20,
};

/* Present in sanitized builds only. */
void __sanitizer_set_death_callback(void (*callback)(void))
	__attribute__((weak));

struct bench {
	uint8_t bytes[LARGEST_FILE_BYTES];
	size_t size;
	int file; /* in memory, holds `bytes` with one damage */
	char path[32];
	struct batch *batch;
};

static char damage[256]; /* for whoever looks at what killed us */

static void tell_damage(void)
{
	ssize_t written = write(STDERR_FILENO, damage, strlen(damage));

	(void)written; /* we are dying */
}

static void tell_hang(int signal_number)
{
	(void)signal_number;
	tell_damage();
	_exit(1);
}

static bool is_clean(const struct report_source *source, bool is_text)
{
	static const struct style style = {.columns = 80, .verbosity = 1};
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	bool is_good;

	if (!out)
		return false;
	if (is_text)
		report_text(source, &style, out);
	else
		report_json(source, out);
	if (fclose(out) != 0)
		return false;
	is_good = is_text ? strict_plain_text(text, length)
			  : strict_json_lines(text, length);
	if (!is_good)
		(void)fwrite(text, 1, length, stderr);
	free(text);
	return is_good;
}

/* One damaged file through everything; false if it is not as it should be.
 * `is_cut`: whether it was read to its end. */
static bool judge_damaged(struct bench *bench, uint64_t number, bool *is_cut)
{
	const struct analysis_options options = {
		.max_flows = FLOWS, .is_listing_flows = number % 2};
	const char *paths[] = {bench->path};
	struct failure failure = {.exit_code = EXIT_RAN};
	struct recording *recording = open_and_begin(paths, 1, &failure);
	struct analysis *analysis;
	enum reading reading;
	bool is_good;

	*is_cut = !recording;
	if (!recording)
		return failure.exit_code == EXIT_INPUT_CUT && failure.text[0];
	analysis = analysis_new(&options, &failure);
	if (!analysis)
		return false;
	while ((reading = recording_read(recording, bench->batch, &failure)) !=
		READING_END) {
		const struct batch *batch = bench->batch;

		*is_cut |= reading == READING_CUT;
		for (uint32_t i = 0; i < batch->count; i++)
			packet_decode(&batch->frames[i], &batch->packets[i]);
		analysis_packets(analysis, batch->packets, batch->count);
	}
	analysis_finish(analysis);

	struct analysed analysed = {
		.analysis = analysis, .recording = recording};
	struct report_source source =
		analysis_source(&analysed, paths, 1, *is_cut);

	is_good = is_clean(&source, false) &&
		  (number % TEXT_EVERY != 0 || is_clean(&source, true));
	analysis_free(analysis);
	recording_close(recording);
	return is_good;
}

static bool put(
	const struct bench *bench, const void *bytes, size_t size, size_t at)
{
	return pwrite(bench->file, bytes, size, (off_t)at) == (ssize_t)size;
}

static uint64_t greatest_divisor(uint64_t a, uint64_t b)
{
	return b ? greatest_divisor(b, a % b) : a;
}

/* A step that meets each of `count` once before it meets one again, and goes
 * about them in no order. */
static uint64_t step_through(uint64_t count)
{
	uint64_t step = count / 5 * 3 + 1;

	while (greatest_divisor(step, count) != 1)
		step++;
	return step;
}

/* Number of damages that went wrong; tells the first. */
static unsigned mutate(struct bench *bench, const char *name, uint64_t cuts,
	uint64_t flips, uint64_t *tried)
{
	uint64_t bits = (uint64_t)bench->size * 8, step = step_through(bits);
	unsigned wrong = 0;
	bool is_cut;

	(void)snprintf(damage, sizeof(damage), "# %s undamaged\n", name);
	if (!judge_damaged(bench, 0, &is_cut) || is_cut) {
		printf("%s", damage);
		return 1;
	}
	for (uint64_t i = 0; i < cuts && i < bench->size; i++) {
		size_t kept =
			(size_t)(i * bench->size /
				 (cuts < bench->size ? cuts : bench->size));

		(void)snprintf(damage, sizeof(damage),
			"# %s cut to %zu bytes\n", name, kept);
		(void)alarm(LONGEST_S);
		++*tried;
		if (ftruncate(bench->file, (off_t)kept) != 0 ||
			!judge_damaged(bench, i, &is_cut) ||
			!put(bench, bench->bytes, bench->size, 0)) {
			printf("%s", wrong++ ? "" : damage);
		}
	}
	for (uint64_t i = 0; i < flips && i < bits; i++) {
		uint64_t bit = i * step % bits;
		uint8_t flipped =
			bench->bytes[bit / 8] ^ (uint8_t)(1u << (bit & 7));

		(void)snprintf(damage, sizeof(damage),
			"# %s, bit %" PRIu64 " of byte %" PRIu64 " flipped\n",
			name, bit & 7, bit / 8);
		(void)alarm(LONGEST_S);
		++*tried;
		if (!put(bench, &flipped, 1, bit / 8) ||
			!judge_damaged(bench, i, &is_cut) ||
			!put(bench, &bench->bytes[bit / 8], 1, bit / 8))
			printf("%s", wrong++ ? "" : damage);
	}
	(void)alarm(0);
	return wrong;
}

static bool read_file(struct bench *bench, const char *path)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return false;
	bench->size = fread(bench->bytes, 1, sizeof(bench->bytes), file);
	(void)fclose(file); /* it was only read */
	return bench->size > 0 && bench->size < sizeof(bench->bytes) &&
	       ftruncate(bench->file, (off_t)bench->size) == 0 &&
	       put(bench, bench->bytes, bench->size, 0);
}

int main(int argument_count, char **arguments)
{
	static struct bench bench;
	uint64_t cuts, flips;
	unsigned failed = 0;

	if (argument_count < 4) {
		fprintf(stderr, "usage: mutate CUTS FLIPS FILE...\n");
		return 2;
	}
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(tell_damage);
	(void)signal(SIGALRM, tell_hang);
	cuts = strtoull(arguments[1], NULL, 10);
	flips = strtoull(arguments[2], NULL, 10);
	bench.batch = batch_new(0);
	bench.file = memfd_create("damaged", MFD_CLOEXEC);
	if (!bench.batch || bench.file < 0) {
		perror("mutate");
		return 1;
	}
	(void)snprintf(
		bench.path, sizeof(bench.path), "/proc/self/fd/%d", bench.file);
	for (int i = 3; i < argument_count; i++) {
		uint64_t tried = 0;
		bool is_good =
			read_file(&bench, arguments[i]) &&
			mutate(&bench, arguments[i], cuts, flips, &tried) == 0;

		failed += !is_good;
		printf("%sok %d - %s survives %" PRIu64 " damages\n",
			is_good ? "" : "not ", i - 2, arguments[i], tried);
		(void)fflush(stdout);
	}
	batch_free(bench.batch);
	close(bench.file);
	return failed != 0;
}
