#include "cli/annotate_copy.h"

#include "report/annotate.h"

enum { COPY_BATCH_BYTES = 256 * 1024 };

/* Interfaces turn up as the recording is read, and keep their numbers. */
static bool declare_interfaces(const struct copy *copy, unsigned *declared)
{
	unsigned count = recording_interface_count(copy->recording);

	for (; *declared < count; (*declared)++) {
		const struct recording_interface *interface =
			recording_interface(copy->recording, *declared);
		int index = recording_writer_interface(copy->writer,
			interface->linktype, interface->snap_bytes,
			interface->name);

		if (index < 0 || (unsigned)index != *declared)
			return false;
	}
	return true;
}

static bool copy_batch(const struct copy *copy, const struct batch *batch,
	struct annotations *annotations)
{
	char texts[ANNOTATIONS_PER_FRAME][ANNOTATION_BYTES];
	const char *comments[ANNOTATIONS_PER_FRAME];

	for (uint32_t i = 0; i < batch->count; i++) {
		unsigned count =
			annotations ? annotations_of(annotations,
					      batch->frames[i].number, texts)
				    : 0;

		for (unsigned j = 0; j < count; j++)
			comments[j] = texts[j];
		if (!recording_writer_frame(
			    copy->writer, &batch->frames[i], comments, count))
			return false;
	}
	return true;
}

bool copy_run(const struct copy *copy, struct failure *failure)
{
	struct annotations *annotations = NULL;
	struct batch *batch = batch_new(COPY_BATCH_BYTES);
	bool is_good = batch != NULL;
	unsigned declared = 0;
	struct failure cut;

	if (!batch)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no memory to copy the recording");
	if (is_good && !copy->is_without_comments) {
		annotations =
			annotations_new(copy->source, copy->only, failure);
		is_good = annotations != NULL;
	}
	/* When writing fails, the writer's close says why. */
	while (is_good && !*copy->is_stopped) {
		if (recording_read(copy->recording, batch, &cut) == READING_END)
			break;
		if (!declare_interfaces(copy, &declared) ||
			!copy_batch(copy, batch, annotations))
			break;
	}
	annotations_free(annotations);
	batch_free(batch);
	return is_good;
}
