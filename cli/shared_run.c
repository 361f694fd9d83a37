#include "cli/shared_run.h"

#include <assert.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "cli/progress.h"

enum {
	SLOTS = 16, /* by so many batches one thread can be ahead of another */
	SLOT_BYTES = BATCH_USUAL_BYTES,
	/* Batches that are read before they are needed, where threads share
	 * the work: one reads while the others have something to do. */
	AHEAD = 4,
	/* Nothing is read ahead beyond it: frames may be as large as that each.
	 */
	HELD_MOST_BYTES = SLOTS * SLOT_BYTES,
};

/* A batch, from its reading until all have taken their packets of it. */
struct slot {
	struct batch *batch;
	struct sighting sighting;
	unsigned busy; /* threads that have not */
};

struct work {
	const struct shared_run *run;
	struct progress progress;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* under the lock */
	struct slot slots[SLOTS];
	/* The one that was freed last is used next: it is in the cache. */
	struct slot *free[SLOTS];
	unsigned free_count;
	uint64_t held_bytes; /* in slots that are not free */
	uint64_t read;	     /* batches so far */
	/* Batch n is in order[n % SLOTS]: slots are freed in that order, since
	 * every thread takes the batches in that order. */
	struct slot *order[SLOTS];
	bool is_reading, is_over;
	bool is_off; /* there are too few threads: they have nothing to do */
	uint64_t done_bytes, total_bytes, done_packets;
	/* of whoever is reading */
	uint64_t packets;
	bool is_cut;
	struct failure failure; /* the first damage */
};

struct worker {
	struct work *work;
	unsigned part;
	pthread_t thread;
};

unsigned shared_run_processors(void)
{
	cpu_set_t allowed;
	int count = sched_getaffinity(0, sizeof(allowed), &allowed) == 0
			    ? CPU_COUNT(&allowed)
			    : 1;

	return count > PARTS_MOST ? PARTS_MOST
	       : count < 1	  ? 1
				  : (unsigned)count;
}

static bool is_stopped(const struct shared_run *run)
{
	return run->is_stopped && *run->is_stopped;
}

/* Keeps the frames that pass the filter and the bound. */
static void keep_frames(struct work *work, struct batch *batch)
{
	const struct shared_run *run = work->run;
	uint64_t room = run->max_packets ? run->max_packets - work->packets
					 : UINT64_MAX;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < batch->count && kept < room; i++) {
		if (run->filter &&
			!filter_matches(run->filter, &batch->frames[i]))
			continue;
		if (kept != i)
			batch->frames[kept] = batch->frames[i];
		kept++;
	}
	batch->count = kept;
	work->packets += kept;
}

/* One thread at a time, in order. False when nothing comes after it. */
static bool fill(struct work *work, struct slot *slot)
{
	const struct shared_run *run = work->run;
	struct failure failure;
	enum reading reading = inputs_read(run->inputs, slot->batch, &failure);

	if (reading == READING_CUT && !work->is_cut) {
		work->is_cut = true;
		work->failure = failure;
	}
	if (run->filter || run->max_packets)
		keep_frames(work, slot->batch);
	else
		work->packets += slot->batch->count;
	run->see(run->context, slot->batch);
	sight_frames(parts_sighter(run->parts), slot->batch->frames,
		slot->batch->packets, slot->batch->count, &slot->sighting);
	return reading != READING_END && !is_stopped(run) &&
	       !(run->max_packets && work->packets >= run->max_packets);
}

/* Reads a batch into a free slot. Called with the lock, and gives it away for
 * the time of reading. */
static void read_next(struct work *work)
{
	struct slot *slot = work->free[--work->free_count];
	bool has_more;

	work->is_reading = true;
	(void)pthread_mutex_unlock(&work->lock);
	has_more = fill(work, slot);
	(void)pthread_mutex_lock(&work->lock);
	work->is_reading = false;
	work->is_over = !has_more;
	work->done_packets = work->packets;
	inputs_progress(
		work->run->inputs, &work->done_bytes, &work->total_bytes);
	work->held_bytes += slot->batch->capacity_bytes;
	work->order[work->read++ % SLOTS] = slot;
	slot->busy = parts_count(work->run->parts);
	(void)pthread_cond_broadcast(&work->changed);
}

static bool may_read(const struct work *work, uint64_t number)
{
	unsigned ahead = parts_count(work->run->parts) > 1 ? AHEAD : 1;

	return !work->is_over && !work->is_reading && work->free_count &&
	       work->read < number + ahead &&
	       (work->held_bytes < HELD_MOST_BYTES || work->read == number);
}

/* Batch `number`, read by now; NULL: there is none. */
static struct slot *slot_of(struct work *work, uint64_t number)
{
	struct slot *slot = NULL;

	(void)pthread_mutex_lock(&work->lock);
	for (;;) {
		if (may_read(work, number))
			read_next(work);
		else if (work->read > number || work->is_over)
			break;
		else
			(void)pthread_cond_wait(&work->changed, &work->lock);
	}
	if (work->read > number)
		slot = work->order[number % SLOTS];
	(void)pthread_mutex_unlock(&work->lock);
	return slot;
}

static void give_back(struct work *work, struct slot *slot)
{
	(void)pthread_mutex_lock(&work->lock);
	if (--slot->busy == 0) {
		work->held_bytes -= slot->batch->capacity_bytes;
		/* without memory for less it stays as it is */
		if (slot->batch->capacity_bytes > 2 * SLOT_BYTES)
			(void)batch_resize(slot->batch, SLOT_BYTES);
		work->free[work->free_count++] = slot;
		(void)pthread_cond_broadcast(&work->changed);
	}
	(void)pthread_mutex_unlock(&work->lock);
}

static void show_progress(struct work *work)
{
	struct progress_state state = {.packets = 0};

	if (!progress_is_due(&work->progress))
		return;
	(void)pthread_mutex_lock(&work->lock);
	state.done_bytes = work->done_bytes;
	state.total_bytes = work->total_bytes;
	state.packets = work->done_packets;
	(void)pthread_mutex_unlock(&work->lock);
	progress_show(&work->progress, &state);
}

/* Waits until all threads are there; false: they are not, and are not needed.
 */
static bool is_wanted(struct work *work)
{
	bool is_off;

	(void)pthread_mutex_lock(&work->lock);
	is_off = work->is_off;
	(void)pthread_mutex_unlock(&work->lock);
	return !is_off;
}

static void *take_all(void *context)
{
	struct worker *worker = context;
	struct work *work = worker->work;
	struct slot *slot;

	if (!is_wanted(work))
		return NULL;
	for (uint64_t i = 0; (slot = slot_of(work, i)) != NULL; i++) {
		parts_take(work->run->parts, worker->part, &slot->sighting);
		give_back(work, slot);
		if (worker->part == 0)
			show_progress(work);
	}
	return NULL;
}

static void *close_all(void *context)
{
	struct worker *worker = context;

	if (is_wanted(worker->work))
		parts_close(worker->work->run->parts, worker->part);
	return NULL;
}

/* One call for each part, the first on this thread. False: not all threads
 * could be had, and nothing was done by any. */
static bool at_once(struct work *work, void *(*call)(void *))
{
	unsigned count = parts_count(work->run->parts), begun = 1;
	struct worker workers[PARTS_MOST];

	assert(count > 0);
	/* nobody begins before all are there */
	(void)pthread_mutex_lock(&work->lock);
	work->is_off = false;
	for (unsigned i = 0; i < count; i++)
		workers[i] = (struct worker){.work = work, .part = i};
	while (begun < count && pthread_create(&workers[begun].thread, NULL,
					call, &workers[begun]) == 0)
		begun++;
	work->is_off = begun < count;
	(void)pthread_mutex_unlock(&work->lock);
	if (!work->is_off)
		(void)call(&workers[0]);
	for (unsigned i = 1; i < begun; i++) /* threads of ours, joined once */
		(void)pthread_join(workers[i].thread, NULL);
	return !work->is_off;
}

/* Without threads, every part takes each batch in turn. */
static void take_in_turns(struct work *work)
{
	unsigned count = parts_count(work->run->parts);
	struct slot *slot;

	for (uint64_t i = 0; (slot = slot_of(work, i)) != NULL; i++) {
		for (unsigned part = 0; part < count; part++) {
			parts_take(work->run->parts, part, &slot->sighting);
			give_back(work, slot);
		}
		show_progress(work);
	}
}

/* `work` is zeroed. */
static bool work_init(struct work *work, const struct shared_run *run)
{
	work->run = run;
	/* None of these can fail with these arguments on Linux. */
	(void)pthread_mutex_init(&work->lock, NULL);
	(void)pthread_cond_init(&work->changed, NULL);
	progress_begin(&work->progress, run->has_progress_line);
	for (unsigned i = 0; i < SLOTS; i++) {
		work->slots[i].batch = batch_new(SLOT_BYTES);
		if (!work->slots[i].batch)
			return false;
		work->free[work->free_count++] = &work->slots[i];
	}
	return true;
}

/* Once all is read: their memory is wanted for what is kept at the end. */
static void release_slots(struct work *work)
{
	for (unsigned i = 0; i < SLOTS; i++) {
		batch_free(work->slots[i].batch);
		work->slots[i].batch = NULL;
	}
}

static void work_release(struct work *work)
{
	release_slots(work);
	(void)pthread_cond_destroy(&work->changed);
	(void)pthread_mutex_destroy(&work->lock);
}

enum pipeline_end shared_run(
	const struct shared_run *run, struct failure *failure)
{
	/* most of it is touched where there are many packets only */
	struct work *work = calloc(1, sizeof(*work));
	enum pipeline_end end = PIPELINE_DONE;

	if (!work || !work_init(work, run)) {
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the packets to be read");
		if (work)
			work_release(work);
		free(work);
		return PIPELINE_FAILED;
	}
	inputs_stop_on(run->inputs, run->is_stopped);
	/* Without threads it is slower and right all the same. */
	if (!at_once(work, take_all))
		take_in_turns(work);
	release_slots(work);
	parts_settle(run->parts);
	if (!at_once(work, close_all))
		for (unsigned i = 0; i < parts_count(run->parts); i++)
			parts_close(run->parts, i);
	progress_end(&work->progress);
	if (is_stopped(run)) {
		end = PIPELINE_STOPPED;
	} else if (work->is_cut) {
		*failure = work->failure;
		end = PIPELINE_CUT;
	}
	work_release(work);
	free(work);
	return end;
}
