/* What the process that opens files may still do: everything is tried by a
 * process of its own, which ends with 0 when it could. */
#include <fcntl.h>
#include <linux/landlock.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/output_file.h"
#include "cli/sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

static char top[] = "/tmp/culprit-opener-XXXXXX";
static char inside[64], outside[64], victim[80];

static int make_folders(void **state)
{
	(void)state;
	if (!mkdtemp(top))
		return -1;
	(void)snprintf(inside, sizeof(inside), "%s/inside", top);
	(void)snprintf(outside, sizeof(outside), "%s/outside", top);
	(void)snprintf(victim, sizeof(victim), "%s/victim", outside);
	int descriptor = -1;

	if (mkdir(inside, 0700) == 0 && mkdir(outside, 0700) == 0)
		descriptor = open(victim, O_WRONLY | O_CREAT, 0600);
	return descriptor < 0 ? -1 : close(descriptor);
}

static int remove_folders(void **state)
{
	char path[100];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/part", inside);
	(void)unlink(path);
	(void)unlink(victim);
	(void)rmdir(inside);
	(void)rmdir(outside);
	return rmdir(top);
}

/* Whether `attempt` succeeds in the sandbox. */
static bool can(bool (*attempt)(const struct output_place *))
{
	char path[100];
	struct output_place place;
	int status = -1;
	pid_t child;

	(void)snprintf(path, sizeof(path), "%s/.", inside);
	assert_true(output_place_find(path, &place));
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (!sandbox_enter_opener(place.folder))
			_exit(2);
		_exit(attempt(&place) ? 0 : 1);
	}
	output_place_close(&place);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool opens_a_part(const struct output_place *base)
{
	struct output_place place;
	struct failure failure;

	return output_place_below(base, "part", &place) &&
	       output_file_open_rotated(
		       &place, "part", RUN_FILE_RECORDING, &failure) >= 0;
}

static bool makes_a_folder(const struct output_place *base)
{
	return mkdirat(base->folder, "folder", 0700) == 0;
}

static bool removes_a_part(const struct output_place *base)
{
	return unlinkat(base->folder, "part", 0) == 0;
}

static bool writes_outside(const struct output_place *base)
{
	(void)base;
	return openat(AT_FDCWD, victim, OUTPUT_FILE_FLAGS) >= 0;
}

static bool creates_outside(const struct output_place *base)
{
	(void)base;
	return openat(base->folder, "../outside/new",
		       OUTPUT_FILE_FLAGS | O_CREAT, 0600) >= 0;
}

static bool reads_inside(const struct output_place *base)
{
	return openat(base->folder, "part", O_RDONLY | O_CLOEXEC) >= 0;
}

static bool empties_inside(const struct output_place *base)
{
	return openat(base->folder, "part", OUTPUT_FILE_FLAGS | O_TRUNC) >= 0;
}

static bool lists_the_folder(const struct output_place *base)
{
	return openat(base->folder, ".", O_RDONLY | O_DIRECTORY) >= 0;
}

static bool has_a_socket(const struct output_place *base)
{
	(void)base;
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}

static bool executes(const struct output_place *base)
{
	char *const arguments[] = {NULL};

	(void)base;
	return execv("/bin/true", arguments) == 0; /* true's own 0 otherwise */
}

static bool has_children(const struct output_place *base)
{
	(void)base;
	return fork() >= 0;
}

static bool has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		       LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static void it_opens_files_in_its_folder(void **state)
{
	(void)state;
	assert_true(can(opens_a_part));
	assert_true(can(opens_a_part)); /* again, as turns come round */
}

static void it_does_nothing_else(void **state)
{
	(void)state;
	if (IS_SANITIZED)
		skip(); /* their runtime makes calls of its own */
	assert_false(can(makes_a_folder));
	assert_false(can(removes_a_part));
	if (has_landlock()) {
		assert_false(can(writes_outside));
		assert_false(can(creates_outside));
	}
	assert_false(can(reads_inside));
	assert_false(can(empties_inside));
	assert_false(can(lists_the_folder));
	assert_false(can(has_a_socket));
	assert_false(can(executes));
	assert_false(can(has_children));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_opens_files_in_its_folder),
		cmocka_unit_test(it_does_nothing_else),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
