/* That root never writes to another file than its own, while somebody swaps
 * what lies in a folder of theirs. RACE_TRIES says how often each is tried at
 * least. */
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "output_folders.h"

/* Writes a file of a rotating recording below `theirs`. */
static enum exit_code rotate_to(const char *name)
{
	char path[PATH_BYTES];
	struct failure failure = {.exit_code = EXIT_RAN};
	struct output_place base, place;
	int descriptor = -1;

	assert_true(output_place_find(in(path, "theirs", "."), &base));
	bool is_there = output_place_below(&base, name, &place);

	output_place_close(&base);
	if (!is_there)
		return EXIT_NO_PERMISSION;
	descriptor = output_file_open_rotated(
		&place, name, RUN_FILE_RECORDING, &failure);
	output_place_close(&place);
	if (descriptor < 0)
		return failure.exit_code;
	assert_true(run_file_empty(descriptor, name, &failure));
	assert_int_equal(write(descriptor, "new", 3), 3);
	(void)close(descriptor);
	return EXIT_RAN;
}

/* Swaps two names as nobody, fast, with pauses in which the other side gets
 * through, until it is killed. Between two pauses lies an odd number of swaps:
 * on a single processor the other side sees nothing but the pauses. */
static pid_t swap(const char *one, const char *other)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child > 0)
		return child;
	if (setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
		_exit(1);
	for (unsigned i = 0;; i++) {
		(void)renameat2(
			AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE);
		if (i % 15 == 14)
			(void)usleep(i % 61);
	}
}

/* Seconds of a clock that nobody sets. */
static int64_t now(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	return at.tv_sec;
}

/* `one`, which is fine to write to, and `other`, which is not, take each
 * other's place while a report is written to `path` over and over, until both
 * have been met: before that it was no race. A busy machine may keep the
 * swapper waiting for a while. */
static void race(const char *one, const char *other,
	enum exit_code (*write_to)(const char *), const char *path)
{
	enum { LONGEST_WAIT_S = 120 };
	const char *wanted = getenv("RACE_TRIES");
	unsigned tries = wanted ? (unsigned)atoi(wanted) : 1000;
	unsigned taken = 0, refused = 0;
	int64_t until = now() + LONGEST_WAIT_S;
	pid_t swapper = swap(one, other);

	while (taken + refused < tries ||
		((!taken || !refused) && now() < until)) {
		enum exit_code code = write_to(path);

		taken += code == EXIT_RAN;
		refused += code != EXIT_RAN;
		if (!holds(victim, "victim"))
			break;
		if (!taken || !refused)
			(void)sched_yield();
	}
	(void)kill(swapper, SIGKILL);
	(void)waitpid(swapper, NULL, 0);
	print_message("%u taken, %u refused\n", taken, refused);
	assert_true(holds(victim, "victim"));
	assert_true(taken + refused >= tries);
	assert_true(taken > 0 && refused > 0);
}

static void take_away(const char *one, const char *other, const char *inside)
{
	(void)unlink(inside);
	(void)unlink(one);
	(void)unlink(other);
	(void)rmdir(one);
	(void)rmdir(other);
}

static void no_race_for_a_link_leads_root_elsewhere(void **state)
{
	char one[PATH_BYTES], other[PATH_BYTES];

	(void)state;
	need_root();
	(void)in(one, "theirs", "link");
	(void)in(other, "theirs", "link-trap");
	put(victim, "victim");
	for (unsigned i = 0; i < 2; i++) {
		put(one, "old");
		assert_int_equal(symlink(victim, other), 0);
		give(other, NOBODY);
		race(one, other, i ? rotate_to : report_to, i ? "link" : one);
		take_away(one, other, one);
	}
}

static void no_race_for_a_hard_link_leads_root_elsewhere(void **state)
{
	char one[PATH_BYTES], other[PATH_BYTES];

	(void)state;
	need_root();
	(void)in(one, "theirs", "hard");
	(void)in(other, "theirs", "hard-trap");
	put(victim, "victim");
	for (unsigned i = 0; i < 2; i++) {
		put(one, "old");
		assert_int_equal(link(victim, other), 0);
		race(one, other, i ? rotate_to : report_to, i ? "hard" : one);
		take_away(one, other, one);
	}
}

static void no_race_for_a_folder_leads_root_elsewhere(void **state)
{
	char one[PATH_BYTES], other[PATH_BYTES], path[PATH_BYTES];

	(void)state;
	need_root();
	(void)in(one, "theirs", "folder");
	(void)in(other, "theirs", "folder-trap");
	(void)in(path, "theirs", "folder/victim");
	put(victim, "victim");
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(mkdir(one, 0755), 0);
		give(one, NOBODY);
		assert_int_equal(symlink(top, other), 0);
		give(other, NOBODY);
		race(one, other, i ? rotate_to : report_to,
			i ? "folder/victim" : path);
		if (unlink(one) == 0) /* it may lie under either name */
			assert_int_equal(rename(other, one), 0);
		take_away(one, other, path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_race_for_a_link_leads_root_elsewhere),
		cmocka_unit_test(no_race_for_a_hard_link_leads_root_elsewhere),
		cmocka_unit_test(no_race_for_a_folder_leads_root_elsewhere),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
