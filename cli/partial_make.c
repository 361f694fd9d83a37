#include "cli/partial_make.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/decode/packet_decode.h"
#include "capture/quotation.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/output_file.h"
#include "cli/task_apart.h"
#include "probe/protocol/section_comment.h"

/* Of a frame that holds no payload, as far as is known: enough for headers
 * in headers, nearly always. */
enum { OTHER_BYTES = 128 };

bool partial_make_open(struct partial_make *make, struct command_run *run,
	struct failure *failure)
{
	make->descriptor = -1;
	make->first_ns = make->last_ns = INT64_MIN;
	if (make->expression) {
		make->filter =
			filter_new(make->expression, &task_apart, failure);
		if (!make->filter)
			return false;
	}
	make->recording =
		recording_open(run->operands, run->operand_count, failure);
	make->need = payload_need_new();
	make->is_named = calloc(run->operand_count, sizeof(*make->is_named));
	if (!make->recording)
		return false;
	if (!make->need || !make->is_named)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory for a partial result");
	return run_files_add_inputs(&run->files, make->recording, failure);
}

bool partial_make_prepare(struct partial_make *make, struct command_run *run,
	struct failure *failure)
{
	make->files = &run->files;
	make->descriptor = output_file_open(
		make->path, RUN_FILE_PARTIAL, &run->files, failure);
	return make->descriptor >= 0;
}

bool partial_make_begin(struct partial_make *make, struct failure *failure)
{
	return recording_begin(make->recording, failure);
}

void partial_make_close(struct partial_make *make)
{
	if (make->descriptor >= 0 && make->recording)
		(void)close(make->descriptor); /* nothing was written */
	partial_writer_abandon(make->writer);
	recording_close(make->recording);
	payload_need_free(make->need);
	filter_free(make->filter);
	free(make->is_named);
}

/* Whether both were decoded to the same, but for the captured end of the
 * payload. What stands before `sack` is cleared, gaps included, before it is
 * decoded to. */
static bool is_same(const struct packet *one, const struct packet *other)
{
	struct packet cut = *one;

	cut.payload_captured = other->payload_captured;
	return memcmp(&cut, other, offsetof(struct packet, sack)) == 0 &&
	       memcmp(one->sack, other->sack,
		       one->sack_count * sizeof(one->sack[0])) == 0 &&
	       (one->kind != PACKET_ICMP ||
		       quotation_is_same(&one->quoted, &other->quoted));
}

/* The frame without what the analysis doesn't read of it: so that it is decoded
 * to the same packet, which is tried. */
static struct frame shortened(
	struct payload_need *need, const struct frame *frame)
{
	struct frame shorter = *frame;
	struct packet packet, again;

	packet_decode(frame, &packet);
	shorter.captured_bytes = OTHER_BYTES;
	if (packet.payload)
		shorter.captured_bytes =
			(uint32_t)(packet.payload - frame->bytes) +
			payload_need_of(need, &packet);
	if (shorter.captured_bytes >= frame->captured_bytes)
		return *frame;
	packet_decode(&shorter, &again);
	return is_same(&packet, &again) ? shorter : *frame;
}

static bool declare_interfaces(struct partial_make *make)
{
	unsigned count = recording_interface_count(make->recording);

	for (; make->declared < count; make->declared++)
		if (!partial_writer_interface(
			    make->writer, recording_interface(make->recording,
						  make->declared)))
			return false;
	return true;
}

static bool put_frame(struct partial_make *make, const struct frame *frame)
{
	uint64_t number = frame->number - make->frames_before;
	uint64_t skipped = number - make->number - 1;
	struct frame shorter;

	if (make->filter && !filter_matches(make->filter, frame))
		return true; /* skipped before the next */
	shorter = shortened(make->need, frame);
	make->number = number;
	return (skipped == 0 || partial_writer_skip(make->writer, skipped)) &&
	       partial_writer_frame(make->writer, &shorter);
}

/* Empties the file and begins it, unless it has begun. */
static bool begin_writer(struct partial_make *make, struct failure *failure)
{
	if (make->writer)
		return true;
	if (!run_files_begin(make->files, failure))
		return false;
	make->writer = partial_writer_on(
		make->descriptor, make->path, make->expression, failure);
	make->descriptor = -1;
	return make->writer != NULL;
}

/* What follows is of the next capture file. False with a sentence when it does
 * not go on where those before it ended. */
static bool begin_file(struct partial_make *make, const struct command_run *run,
	const char *path, int64_t first_ns, struct failure *failure)
{
	if (make->file && make->last_ns != INT64_MIN &&
		!inputs_goes_on(make->first_ns, make->last_ns, first_ns))
		return failure_set(failure, EXIT_USAGE,
			"%.200s begins before %.200s ends, and is of another "
			"capture point: a partial result is of one, make one "
			"of each",
			path, make->file);
	make->file = path;
	make->declared = 0;
	make->number = 0;
	for (unsigned i = 0; i < run->operand_count; i++)
		if (!make->is_named[i] && strcmp(run->operands[i], path) == 0) {
			make->is_named[i] = true;
			break;
		}
	(void)partial_writer_file(make->writer, path); /* kept for its end */
	return true;
}

static void note_times(struct partial_make *make, const struct batch *batch)
{
	for (uint32_t i = 0; i < batch->count; i++) {
		int64_t time_ns = batch->frames[i].time_ns;

		if (time_ns == INT64_MIN)
			continue;
		if (make->first_ns == INT64_MIN)
			make->first_ns = time_ns;
		if (time_ns > make->last_ns)
			make->last_ns = time_ns;
	}
}

/* A batch is of one file. False with a sentence where that can't be; what fails
 * in writing is told at its end. */
static bool put_batch(struct partial_make *make, const struct command_run *run,
	const struct batch *batch, struct failure *failure)
{
	uint64_t number;
	const char *path = recording_locate(
		make->recording, batch->frames[0].number, &number);
	struct section_comment comment;

	if (section_comment_read(recording_comment(make->recording),
		    &comment) != SECTION_COMMENT_NONE)
		return failure_set(failure, EXIT_USAGE,
			"%.200s is the recording of a probe, which is judged "
			"whole: culprit analyze reads it",
			path);
	if (!begin_writer(make, failure))
		return false;
	if (path != make->file &&
		!begin_file(make, run, path, batch->frames[0].time_ns, failure))
		return false;
	make->frames_before = batch->frames[0].number - number;
	if (!declare_interfaces(make))
		return true;
	for (uint32_t i = 0; i < batch->count; i++)
		if (!put_frame(make, &batch->frames[i]))
			return true;
	note_times(make, batch);
	return true;
}

/* Files without a frame were read as well. */
static void name_rest(struct partial_make *make, const struct command_run *run)
{
	for (unsigned i = 0; i < run->operand_count; i++)
		if (!make->is_named[i])
			(void)partial_writer_file(
				make->writer, run->operands[i]);
}

/* Reads all; `cut` is the first file's that was not read to its end. */
static bool copy(struct partial_make *make, const struct command_run *run,
	const volatile sig_atomic_t *is_stopped, struct failure *cut,
	struct failure *failure)
{
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	enum reading reading;
	struct failure damage;
	bool is_good = true;

	if (!batch)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory for a partial result");
	recording_stop_on(make->recording, is_stopped);
	while (is_good && (reading = recording_read(make->recording, batch,
				   &damage)) != READING_END) {
		if (reading == READING_CUT && cut->text[0] == '\0')
			*cut = damage;
		if (batch->count)
			is_good = put_batch(make, run, batch, failure);
	}
	batch_free(batch);
	if (is_good && *is_stopped)
		return failure_set(failure, EXIT_INPUT_CUT,
			"interrupted: %.200s is not whole, and culprit merge "
			"does not take it",
			make->path);
	return is_good;
}

enum exit_code partial_make_work(struct partial_make *make,
	const struct command_run *run, struct failure *failure)
{
	struct failure cut = {.text = ""};
	struct partial_writer *writer;

	if (!copy(make, run, interrupt_watch(), &cut, failure) ||
		!begin_writer(make, failure))
		return failure->exit_code;
	name_rest(make, run);
	writer = make->writer;
	make->writer = NULL;
	if (!partial_writer_end(writer, cut.text[0] ? cut.text : NULL, failure))
		return failure->exit_code;
	if (cut.text[0] == '\0')
		return EXIT_RAN;
	*failure = cut;
	return cut.exit_code;
}
