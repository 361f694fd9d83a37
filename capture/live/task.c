#include "capture/live/task.h"

#include <stdlib.h>

static bool do_here(const struct task *task, struct task_result *result,
	struct failure *failure)
{
	char *bytes = NULL;
	size_t count = 0;
	FILE *file = open_memstream(&bytes, &count);
	bool is_done = file && task->run(task->context, file, failure);

	if (!file || fclose(file) != 0)
		is_done = failure_set(failure, EXIT_INPUT_CUT,
			"no memory for what a filter is compiled to");
	if (!is_done) {
		free(bytes);
		return false;
	}
	*result = (struct task_result){(uint8_t *)bytes, count};
	return true;
}

const struct task_place task_here = {do_here};
