#include "cli/compare_request.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/memory.h"

enum {
	OPTION_AT = OPTION_FIRST_LONG,
	OPTION_FILTER,
	OPTION_FAIL_ON,
	OPTION_MEMORY,
	OPTION_HTML,
	OPTION_COUNT_PACKETS = 'c',
};

const struct option_row compare_options[] = {
	{OPTION_AT, "at", "NAME=FILE",
		"a capture, made at NAME; files of one name are one capture"},
	{OPTION_FILTER, "filter", "EXPR", "only packets that match (BPF)"},
	{OPTION_COUNT_PACKETS, NULL, "N", "stop after N packets"},
	{OPTION_FAIL_ON, "fail-on", "WORD,...",
		"exit 3 on lost, never-sent, duplicated, delayed, not-recorded "
		"or changed packets, or on incidents as in analyze"},
	{OPTION_HTML, "html", "FILE",
		"a report for a browser as well: one file, no network"},
	{OPTION_MEMORY, "memory", "SIZE",
		"memory for packets and for the analysis, as 500M or 2G (an "
		"eighth of what is available, 256M to 4G)"},
	{0},
};

static bool take_at(struct compare_request *request, struct command_run *run,
	const char *argument, struct failure *failure)
{
	const char *equals = strchr(argument, '=');

	if (!equals || equals == argument || !equals[1])
		return failure_set(failure, EXIT_USAGE,
			"--at %.200s: it wants NAME=FILE, a capture and the "
			"name of the place where it was made",
			argument);
	if (run->operand_count >= COMPARED_MOST)
		return failure_set(failure, EXIT_USAGE,
			"--at %.200s: at most %d captures can be compared",
			argument, COMPARED_MOST);
	request->argument[run->operand_count] = argument;
	command_add_operand(run, equals + 1);
	return true;
}

static bool is_outcome_to_fail_on(enum outcome_kind kind)
{
	return kind == OUTCOME_LOST || kind == OUTCOME_NEVER_SENT ||
	       kind == OUTCOME_DUPLICATED || kind == OUTCOME_DELAYED ||
	       kind == OUTCOME_NOT_RECORDED;
}

/* Words of comparisons; false: it is none of those. */
static bool take_own_word(struct compare_request *request, const char *word)
{
	if (strcmp(word, "changed") == 0) {
		request->fails_on_change = true;
		return true;
	}
	for (unsigned i = 0; i < OUTCOME_COUNT; i++)
		if (is_outcome_to_fail_on((enum outcome_kind)i) &&
			strcmp(word, outcome_word((enum outcome_kind)i)) == 0) {
			request->fails_on[i] = true;
			return true;
		}
	return false;
}

static bool take_words(struct compare_request *request, const char *words,
	struct failure *failure)
{
	char word[64];

	for (;;) {
		size_t length = strcspn(words, ",");

		if (length == 0 || length >= sizeof(word))
			return failure_set(failure, EXIT_USAGE,
				"--fail-on takes words with commas between "
				"them, not %.100s",
				words);
		memcpy(word, words, length);
		word[length] = '\0';
		if (!take_own_word(request, word) &&
			!fail_on_parse(&request->fail_on, word, failure))
			return false;
		if (words[length] == '\0')
			return true;
		words += length + 1;
	}
}

bool compare_request_take(struct compare_request *request,
	struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	switch (id) {
	case OPTION_AT:
		return take_at(request, run, argument, failure);
	case OPTION_FILTER:
		request->filter = argument;
		return true;
	case OPTION_COUNT_PACKETS:
		return option_number("-c", argument, 1, UINT64_MAX,
			&request->max_packets, failure);
	case OPTION_HTML:
		request->page.path = argument;
		return true;
	case OPTION_MEMORY:
		return memory_parse(argument, &request->memory_bytes, failure);
	default:
		return take_words(request, argument, failure);
	}
}

/* A file by two names is one file. */
static bool is_file_twice(
	const struct command_run *run, struct failure *failure)
{
	for (unsigned i = 0; i < run->operand_count; i++)
		for (unsigned j = 0; j < i; j++) {
			struct stat one, other;
			bool is_same =
				strcmp(run->operands[i], run->operands[j]) == 0;

			if (!is_same && stat(run->operands[i], &one) == 0 &&
				stat(run->operands[j], &other) == 0)
				is_same = one.st_dev == other.st_dev &&
					  one.st_ino == other.st_ino;
			if (is_same)
				return !failure_set(failure, EXIT_USAGE,
					"%.200s and %.200s are one file: "
					"compare wants captures from two "
					"places",
					run->operands[j], run->operands[i]);
		}
	return false;
}

/* Two that are given one name are files of one capture. */
static bool has_two_places(
	const struct compare_request *request, const struct command_run *run)
{
	const char *first = request->argument[0];
	size_t length = first ? strcspn(first, "=") + 1 : 0;

	for (unsigned i = 1; i < run->operand_count; i++)
		if (!first || !request->argument[i] ||
			strncmp(first, request->argument[i], length) != 0)
			return true;
	return false;
}

bool compare_request_check(struct compare_request *request,
	const struct command_run *run, struct failure *failure)
{
	if (run->operand_count < 2 || !has_two_places(request, run))
		return failure_set(failure, EXIT_USAGE,
			"compare needs captures from two places at least: "
			"NEAR, then FAR");
	if (run->operand_count > COMPARED_MOST)
		return failure_set(failure, EXIT_USAGE,
			"at most %d captures can be compared", COMPARED_MOST);
	return !is_file_twice(run, failure) &&
	       page_file_check(&request->page, run, failure);
}

/* "/tmp/client.pcapng.gz": "client" */
static char *short_name(const char *path)
{
	static const char *const endings[] = {
		".gz", ".zst", ".xz", ".pcap", ".pcapng", ".cap", ".ntar"};
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t length = strlen(name);

	for (unsigned i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && strncmp(name + length - ending,
					       endings[i], ending) == 0)
			length -= ending;
	}
	return length ? strndup(name, length) : strdup(path);
}

/* Short names that two files share are none. */
static bool lengthen_names(
	struct compare_request *request, const struct command_run *run)
{
	bool is_shared[COMPARED_MOST] = {false};

	for (unsigned i = 0; i < run->operand_count; i++)
		for (unsigned j = 0; j < run->operand_count; j++)
			is_shared[i] |=
				i != j && !request->argument[i] &&
				strcmp(request->name[i], request->name[j]) == 0;
	for (unsigned i = 0; i < run->operand_count; i++) {
		if (!is_shared[i])
			continue;
		free(request->name[i]);
		request->name[i] = strdup(run->operands[i]);
		if (!request->name[i])
			return false;
	}
	return true;
}

bool compare_request_name(struct compare_request *request,
	const struct command_run *run, struct input_file *files,
	struct failure *failure)
{
	bool has_all = true;

	for (unsigned i = 0; i < run->operand_count; i++) {
		const char *argument = request->argument[i];

		request->name[i] =
			argument ? strndup(argument, strcspn(argument, "="))
				 : short_name(run->operands[i]);
		has_all = has_all && request->name[i];
	}
	if (!has_all || !lengthen_names(request, run))
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	for (unsigned i = 0; i < run->operand_count; i++) {
		files[i].path = run->operands[i];
		files[i].place = request->name[i];
	}
	return true;
}

void compare_request_free(struct compare_request *request)
{
	for (unsigned i = 0; i < COMPARED_MOST; i++)
		free(request->name[i]);
}

bool compare_request_fails(const struct compare_request *request,
	const struct compare *compare, const struct analysis_totals *totals)
{
	if (fail_on_matches(&request->fail_on, totals))
		return true;
	if (request->fails_on_change && compare->changes.count)
		return true;
	for (unsigned i = 0; i < compare->span_count; i++)
		for (unsigned kind = 0; kind < OUTCOME_COUNT; kind++)
			if (request->fails_on[kind] &&
				compare->spans[i].count[kind])
				return true;
	return false;
}
