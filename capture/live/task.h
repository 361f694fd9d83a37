/* A task asks the world, or compiles what the world answered: names in a filter
 * are looked up by compiling it. Who starts it says where it is done, here or
 * in a process that is locked up for it; either way its result comes back as
 * bytes, which are checked like all others. */
#ifndef CAPTURE_LIVE_TASK_H
#define CAPTURE_LIVE_TASK_H

#include <stdint.h>
#include <stdio.h>

#include "capture/failure.h"

struct task {
	/* Writes its result. False with a sentence when there is none. */
	bool (*run)(void *context, FILE *result, struct failure *failure);
	void *context;
};

struct task_result {
	uint8_t *bytes; /* to be freed */
	size_t count;
};

/* Does a task: all that it wrote, or false with a sentence. */
struct task_place {
	bool (*do_task)(const struct task *task, struct task_result *result,
		struct failure *failure);
};

/* In this process: for what asks nobody, and for tests. */
extern const struct task_place task_here;

#endif
