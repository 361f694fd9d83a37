/* The process has nothing open but one end of a pipe, and enters the sandbox
 * of a resolver before it begins. What the pipe brings is as foreign as what
 * name servers send: it is bounded here, the sentence made safe, and the result
 * checked by whoever asked for it. */
#include "cli/task_apart.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/refusals.h"
#include "cli/sandbox.h"

enum { MOST_BYTES = 64 << 20, FIRST_BYTES = 64 << 10 };

/* What the pipe ends with, behind the result. */
struct task_end {
	struct failure failure;
	unsigned refusals;
	int first_refusal;
	bool is_done;
};

int task_apart_keep_only(int descriptor)
{
	enum { KEPT = STDERR_FILENO + 1 };
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
		dup2(nothing, STDOUT_FILENO) < 0 ||
		dup2(nothing, STDERR_FILENO) < 0)
		return -1;
	if (descriptor != KEPT && dup2(descriptor, KEPT) < 0)
		return -1;
	return close_range(KEPT + 1, UINT_MAX, 0) == 0 ? KEPT : -1;
}

_Noreturn static void do_it(const struct task *task, int descriptor)
{
	struct task_end end = {.is_done = false};
	int kept = task_apart_keep_only(descriptor);
	FILE *result = kept < 0 ? NULL : fdopen(kept, "w");

	if (!result)
		_exit(1);
	end.is_done = sandbox_enter(SANDBOX_RESOLVER, &end.failure) &&
		      task->run(task->context, result, &end.failure);
	end.refusals = refusals_count(&end.first_refusal);
	(void)fwrite(&end, sizeof(end), 1, result);
	_exit(fflush(result) == 0 && !ferror(result) ? 0 : 1);
}

/* Everything up to the end, which is when the process is gone. */
static bool read_all(int descriptor, struct task_result *result)
{
	size_t capacity = FIRST_BYTES;
	ssize_t count = 1;

	*result = (struct task_result){malloc(capacity), 0};
	while (result->bytes && count != 0) {
		if (result->count == capacity) {
			uint8_t *larger =
				capacity < MOST_BYTES
					? realloc(result->bytes, 2 * capacity)
					: NULL;
			if (!larger)
				return false;
			result->bytes = larger;
			capacity *= 2;
		}
		count = read(descriptor, result->bytes + result->count,
			capacity - result->count);
		if (count < 0 && errno != EINTR)
			return false;
		if (count > 0)
			result->count += (size_t)count;
	}
	return result->bytes != NULL;
}

static bool has_ended_well(pid_t child)
{
	int status;
	pid_t ended;

	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	return ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool say_failed(const char *how, struct failure *failure)
{
	return failure_set(failure, EXIT_INPUT_CUT,
		"the process that looks names up %s", how);
}

/* Whether it can be one of ours; makes its sentence one of printable text. */
static bool is_ending(struct task_end *end)
{
	size_t length = strnlen(end->failure.text, sizeof(end->failure.text));
	unsigned char is_done;

	memcpy(&is_done, &end->is_done, 1); /* of any value */
	if (is_done == 1)
		return true;
	for (size_t i = 0; i < length; i++)
		if (end->failure.text[i] < ' ' || end->failure.text[i] > '~')
			end->failure.text[i] = '?';
	return is_done == 0 && length > 0 && length < sizeof(end->failure.text);
}

/* Takes the end off; false with its sentence. */
static bool take_ending(struct task_result *result, struct failure *failure)
{
	struct task_end end;

	if (result->count < sizeof(end))
		return say_failed("failed", failure);
	result->count -= sizeof(end);
	memcpy(&end, result->bytes + result->count, sizeof(end));
	if (!is_ending(&end))
		return say_failed("failed", failure);
	refusals_add(end.refusals, end.first_refusal);
	if (end.is_done)
		return true;
	enum exit_code code = end.failure.exit_code;
	if (code != EXIT_USAGE && code != EXIT_NO_PERMISSION)
		code = EXIT_NO_TARGET;
	return failure_set(failure, code, "%s", end.failure.text);
}

static bool do_apart(const struct task *task, struct task_result *result,
	struct failure *failure)
{
	int ends[2];

	*result = (struct task_result){NULL, 0};
	if (pipe2(ends, O_CLOEXEC) != 0)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no pipe to a process that looks names up: %s",
			strerror(errno));
	pid_t child = fork();
	if (child == 0)
		do_it(task, ends[1]);
	(void)close(ends[1]);
	bool is_read = child > 0 && read_all(ends[0], result);
	(void)close(ends[0]); /* who writes on is ended by that */
	/* It crashed, or its output was not read to the end: the output is
	 * discarded. */
	if (child < 0)
		is_read = say_failed("can't be started", failure);
	else if (!has_ended_well(child) || !is_read)
		is_read = say_failed("failed", failure);
	if (is_read)
		is_read = take_ending(result, failure);
	if (!is_read) {
		free(result->bytes);
		result->bytes = NULL;
	}
	return is_read;
}

const struct task_place task_apart = {do_apart};
