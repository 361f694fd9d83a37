/* Which files are taken for output, by root and by others, in which folders. */
#include "output_folders.h"

static void a_file_is_emptied_only_when_all_have_been_checked(void **state)
{
	char path[PATH_BYTES];
	struct failure failure = {.exit_code = EXIT_RAN};
	struct run_files files = {0};

	(void)state;
	put(in(path, "closed", "report"), "the old report");
	int report = output_file_open(path, RUN_FILE_REPORT, &files, &failure);
	assert_true(report >= 0);
	assert_true(holds(path, "the old report"));
	assert_int_equal(
		output_file_open(path, RUN_FILE_RECORDING, &files, &failure),
		-1);
	assert_int_equal(failure.exit_code, EXIT_USAGE);
	assert_true(holds(path, "the old report"));
	assert_true(run_files_begin(&files, &failure));
	assert_true(holds(path, ""));
	(void)close(report);
	run_files_free(&files);
}

static void what_cannot_be_created_is_told_with_its_path(void **state)
{
	char path[PATH_BYTES], longest[PATH_MAX + 10];

	(void)state;
	assert_int_equal(report_to("/nonexistent/x"), EXIT_USAGE);
	assert_int_equal(report_to("/"), EXIT_USAGE);
	assert_int_equal(report_to(""), EXIT_USAGE);
	assert_int_equal(report_to(in(path, "closed", "")), EXIT_USAGE);
	assert_int_equal(report_to(in(path, "closed", "..")), EXIT_USAGE);
	put(in(path, "closed", "file"), "old");
	assert_int_equal(report_to(in(path, "closed", "file/x")), EXIT_USAGE);
	assert_int_equal(report_to(in(path, "closed", "file/")), EXIT_USAGE);
	assert_true(holds(in(path, "closed", "file"), "old"));
	assert_int_equal(symlink("loop", in(path, "closed", "loop")), 0);
	assert_int_equal(report_to(path), EXIT_NO_PERMISSION);
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	struct failure failure;
	struct run_files files = {0};
	assert_int_equal(
		output_file_open(longest, RUN_FILE_REPORT, &files, &failure),
		-1);
	longest[NAME_MAX + 1] = '\0';
	assert_int_equal(
		output_file_open(longest, RUN_FILE_REPORT, &files, &failure),
		-1);
	assert_int_equal(failure.exit_code, EXIT_USAGE);
	run_files_free(&files);
}

static void ones_own_links_lead_where_they_always_did(void **state)
{
	char path[PATH_BYTES], target[PATH_BYTES];

	(void)state;
	(void)in(target, "closed", "target");
	assert_int_equal(symlink(target, in(path, "closed", "link")), 0);
	assert_int_equal(symlink("link", in(path, "closed", "chain")), 0);
	assert_int_equal(symlink("..", in(path, "closed", "up")), 0);
	assert_int_equal(report_to(in(path, "closed", "link")), EXIT_RAN);
	assert_true(holds(target, "new"));
	put(target, "an old report");
	assert_int_equal(report_to(in(path, "closed", "chain")), EXIT_RAN);
	assert_true(holds(target, "new"));
	put(target, "an old report");
	assert_int_equal(
		report_to(in(path, "closed", "up//closed/./chain")), EXIT_RAN);
	assert_true(holds(target, "new"));
	assert_int_equal(report_to("/dev/null"), EXIT_RAN);
}

static void a_name_of_an_open_descriptor_is_that_descriptor(void **state)
{
	char path[PATH_BYTES], found[4] = "";
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[1]);
	assert_int_equal(report_to(path), EXIT_RAN);
	assert_int_equal(read(ends[0], found, sizeof(found)), 3);
	assert_string_equal(found, "new");
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void a_relative_path_begins_where_we_are(void **state)
{
	char path[PATH_BYTES], before[PATH_MAX];

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(in(path, "closed", ".")), 0);
	assert_int_equal(report_to("relative"), EXIT_RAN);
	assert_int_equal(report_to("../closed/relative2"), EXIT_RAN);
	assert_int_equal(chdir(before), 0);
	assert_true(holds(in(path, "closed", "relative"), "new"));
	assert_true(holds(in(path, "closed", "relative2"), "new"));
}

static void root_follows_no_link_that_others_could_have_made(void **state)
{
	char path[PATH_BYTES], folder[PATH_BYTES], other[PATH_BYTES];

	(void)state;
	need_root();
	put(victim, "victim");
	const struct {
		const char *folder;
		uid_t owner;
		enum exit_code code;
	} cases[] = {
		{"closed", 0, EXIT_RAN},
		{"closed", NOBODY, EXIT_NO_PERMISSION},
		{"sticky", 0, EXIT_RAN},
		{"sticky", NOBODY, EXIT_NO_PERMISSION},
		{"theirs", 0, EXIT_NO_PERMISSION},
		{"theirs", NOBODY, EXIT_NO_PERMISSION},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(victim, "victim");
		assert_int_equal(
			symlink(victim, in(path, cases[i].folder, "l")), 0);
		give(path, cases[i].owner);
		assert_int_equal(report_to(path), cases[i].code);
		assert_true(holds(
			victim, cases[i].code == EXIT_RAN ? "new" : "victim"));
		(void)unlink(path);
		/* the same on the way */
		put(victim, "victim");
		assert_int_equal(
			symlink(top, in(path, cases[i].folder, "l")), 0);
		give(path, cases[i].owner);
		bool is_fine = cases[i].code == EXIT_RAN ||
			       strcmp(cases[i].folder, "closed") == 0;

		assert_int_equal(
			report_to(in(other, cases[i].folder, "l/victim")),
			is_fine ? EXIT_RAN : EXIT_NO_PERMISSION);
		assert_true(holds(victim, is_fine ? "new" : "victim"));
		(void)unlink(path);
	}
	/* a hard link to a link of root's that lies elsewhere */
	put(victim, "victim");
	assert_int_equal(symlink(victim, in(path, "closed", "l")), 0);
	assert_int_equal(link(path, in(other, "sticky", "hard")), 0);
	assert_int_equal(report_to(other), EXIT_NO_PERMISSION);
	assert_true(holds(victim, "victim"));
	/* what lies below an exposed folder is exposed, whosever it is */
	assert_int_equal(mkdir(in(folder, "theirs", "roots"), 0755), 0);
	assert_int_equal(symlink(victim, in(path, "theirs", "roots/l")), 0);
	assert_int_equal(report_to(path), EXIT_NO_PERMISSION);
	assert_true(holds(victim, "victim"));
	assert_int_equal(report_to(in(path, "theirs", "roots/f")), EXIT_RAN);
}

static void root_takes_no_file_that_others_could_have_put_there(void **state)
{
	char path[PATH_BYTES], other[PATH_BYTES];

	(void)state;
	need_root();
	const struct {
		const char *folder;
		uid_t owner;
		bool has_other_name;
		enum exit_code code;
	} cases[] = {
		{"closed", NOBODY, false, EXIT_RAN},
		{"closed", 0, true, EXIT_RAN},
		{"sticky", 0, false, EXIT_RAN},
		{"sticky", NOBODY, false, EXIT_NO_PERMISSION},
		{"sticky", 0, true, EXIT_NO_PERMISSION},
		{"theirs", 0, false, EXIT_RAN},
		{"theirs", NOBODY, false, EXIT_NO_PERMISSION},
		{"theirs", 0, true, EXIT_NO_PERMISSION},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(in(path, cases[i].folder, "f"), "old");
		give(path, cases[i].owner);
		if (cases[i].has_other_name)
			assert_int_equal(
				link(path, in(other, "closed", "other")), 0);
		assert_int_equal(report_to(path), cases[i].code);
		assert_true(
			holds(path, cases[i].code == EXIT_RAN ? "new" : "old"));
		if (cases[i].has_other_name)
			(void)unlink(other);
		(void)unlink(path);
	}
	assert_int_equal(report_to(in(path, "theirs", "f")), EXIT_RAN);
	assert_true(holds(path, "new"));
	assert_int_equal(mkfifo(in(path, "theirs", "fifo"), 0600), 0);
	assert_int_equal(report_to(path), EXIT_NO_PERMISSION);
	assert_int_equal(mkfifo(in(path, "sticky", "fifo"), 0600), 0);
	give(path, NOBODY);
	assert_int_equal(report_to(path), EXIT_NO_PERMISSION);
}

static void others_follow_their_own_links_and_roots(void **state)
{
	char path[PATH_BYTES], target[PATH_BYTES];
	const struct {
		uid_t owner;
		enum exit_code code;
	} cases[] = {
		{NOBODY, EXIT_RAN},
		{0, EXIT_RAN},
		{SOMEBODY, EXIT_NO_PERMISSION},
	};

	(void)state;
	need_root();
	put(in(target, "theirs", "target"), "old");
	give(target, NOBODY);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put(target, "old");
		assert_int_equal(symlink(target, in(path, "closed", "of")), 0);
		give(path, cases[i].owner);
		assert_int_equal(seteuid(NOBODY), 0);
		enum exit_code code = report_to(path);

		assert_int_equal(seteuid(0), 0);
		assert_int_equal(code, cases[i].code);
		assert_true(holds(target, code == EXIT_RAN ? "new" : "old"));
		(void)unlink(path);
		/* on the way any will do */
		put(target, "old");
		assert_int_equal(symlink(top, in(path, "closed", "of")), 0);
		give(path, cases[i].owner);
		assert_int_equal(seteuid(NOBODY), 0);
		code = report_to(in(path, "closed", "of/theirs/target"));
		assert_int_equal(seteuid(0), 0);
		assert_int_equal(code, EXIT_RAN);
		(void)unlink(in(path, "closed", "of"));
	}
}

static void a_rotated_file_is_a_plain_one_in_its_folder(void **state)
{
	char path[PATH_BYTES], other[PATH_BYTES];
	struct failure failure;
	struct output_place base, place;
	struct stat status;

	(void)state;
	assert_true(output_place_find(in(path, "closed", "."), &base));
	assert_true(output_place_below(&base, "part1", &place));
	int descriptor = output_file_open_rotated(
		&place, "part1", RUN_FILE_RECORDING, &failure);

	assert_true(descriptor >= 0);
	assert_int_equal(fstat(descriptor, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	(void)close(descriptor);
	assert_int_equal(
		link(in(path, "closed", "part1"), in(other, "closed", "part2")),
		0);
	assert_int_equal(output_file_open_rotated(
				 &place, "part1", RUN_FILE_RECORDING, &failure),
		-1);
	output_place_close(&place);
	assert_int_equal(symlink("part1", in(path, "closed", "part3")), 0);
	assert_true(output_place_below(&base, "part3", &place));
	assert_int_equal(output_file_open_rotated(
				 &place, "part3", RUN_FILE_RECORDING, &failure),
		-1);
	output_place_close(&place);
	assert_int_equal(mkfifo(in(path, "closed", "part4"), 0600), 0);
	assert_true(output_place_below(&base, "part4", &place));
	assert_int_equal(output_file_open_rotated(
				 &place, "part4", RUN_FILE_RECORDING, &failure),
		-1);
	output_place_close(&place);
	assert_int_equal(symlink("../closed", in(path, "closed", "way")), 0);
	assert_false(output_place_below(&base, "way/part5", &place));
	assert_false(output_place_below(&base, "../closed/part5", &place));
	assert_false(output_place_below(&base, "", &place));
	output_place_close(&base);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_file_is_emptied_only_when_all_have_been_checked),
		cmocka_unit_test(what_cannot_be_created_is_told_with_its_path),
		cmocka_unit_test(ones_own_links_lead_where_they_always_did),
		cmocka_unit_test(
			a_name_of_an_open_descriptor_is_that_descriptor),
		cmocka_unit_test(a_relative_path_begins_where_we_are),
		cmocka_unit_test(
			root_follows_no_link_that_others_could_have_made),
		cmocka_unit_test(
			root_takes_no_file_that_others_could_have_put_there),
		cmocka_unit_test(others_follow_their_own_links_and_roots),
		cmocka_unit_test(a_rotated_file_is_a_plain_one_in_its_folder),
	};

	return cmocka_run_group_tests(tests, make_folders, remove_folders);
}
