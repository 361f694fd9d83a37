/* culprit probe HOST: experiments on the path, judged from what they recorded.
 * Everything that takes privilege is opened, then privilege is dropped for
 * good, and only then the first packet is sent and heard. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "analysis/path/path.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/output_file.h"
#include "cli/probe_dry_run.h"
#include "cli/probe_target.h"
#include "cli/probe_view.h"
#include "cli/sandbox.h"
#include "cli/guard_daemon.h"
#include "probe/engine/runner.h"
#include "probe/experiments/registry.h"
#include "probe/protocol/probe_rules.h"
#include "report/report_path.h"

enum {
	OPTION_ONLY = OPTION_FIRST_LONG,
	OPTION_RATE,
	OPTION_DRY_RUN,
	OPTION_PORT = 'p',
	OPTION_WRITE = 'w',
	OPTION_MAX_TTL = 'm',
	OPTION_FAMILY_4 = '4',
	OPTION_FAMILY_6 = '6',

	USUAL_PORT = 22,
	USUAL_RATE = 200,
	MOST_RATE = 2000,
	USUAL_TTL = 30,
	MOST_TTL = 63, /* 64 is what is sent the whole way */
};

static const struct option_row rows[] = {
	{OPTION_PORT, "port", "N", "TCP port to connect to (22)"},
	{OPTION_FAMILY_4, NULL, NULL, "IPv4 only"},
	{OPTION_FAMILY_6, NULL, NULL, "IPv6 only"},
	{OPTION_ONLY, "only", "LIST", "only these experiments, comma "
		"separated"},
	{OPTION_WRITE, "write", "FILE", "record all packets (pcapng)"},
	{OPTION_MAX_TTL, "max-ttl", "N", "largest hop limit (30)"},
	{OPTION_RATE, "rate", "PPS", "packets per second, at most (200)"},
	{OPTION_DRY_RUN, "dry-run", NULL,
		"print what would be sent; send nothing"},
	{0},
};

static_assert((int)GUARD_DAEMON_SOCKETS == (int)RUNNER_GUARDS, "room for all");

struct probe_request {
	struct common common;
	const char *host, *recording;
	uint32_t named; /* experiments; 0: none was */
	uint8_t family;
	uint64_t port, rate, max_ttl;
	bool is_dry_run, is_answered;
};

static bool take_names(struct probe_request *request, const char *list,
	struct failure *failure)
{
	static const uint32_t all = (UINT32_C(1) << EXPERIMENT_COUNT) - 1;
	char known[EXPERIMENTS_BYTES];
	const char *unknown;
	size_t bytes;

	if (probe_experiments_read(list, &request->named, &unknown, &bytes))
		return true;
	probe_experiments_write(all, ", ", known);
	return failure_set(failure, EXIT_USAGE,
		"no experiment \"%.*s\"; there are: %s", (int)bytes, unknown,
		known);
}

static bool take_option(struct probe_request *request, int id,
	const char *argument, struct failure *failure)
{
	switch (id) {
	case OPTION_PORT:
		return option_number(
			"-p", argument, 1, UINT16_MAX, &request->port, failure);
	case OPTION_FAMILY_4:
		request->family = 4;
		return true;
	case OPTION_FAMILY_6:
		request->family = 6;
		return true;
	case OPTION_ONLY:
		return take_names(request, argument, failure);
	case OPTION_WRITE:
		request->recording = argument;
		return true;
	case OPTION_MAX_TTL:
		return option_number("-m", argument, 1, MOST_TTL,
			&request->max_ttl, failure);
	case OPTION_RATE:
		return option_number("--rate", argument, 1, MOST_RATE,
			&request->rate, failure);
	default:
		request->is_dry_run = true;
		return true;
	}
}

static bool parse(struct probe_request *request, const struct command *command,
	int argc, char **argv, struct failure *failure)
{
	struct option_walk walk;
	const char *argument;
	int operand, id;

	option_walk_begin(
		&walk, rows, OPERANDS_ANYWHERE, &request->common, argc, argv);
	while ((id = option_walk_next(&walk, &argument, &operand, failure)) >=
		0)
		if (!take_option(request, id, argument, failure))
			return false;
	if (id == OPTION_WRONG)
		return false;
	request->is_answered = command_answered(command, &walk);
	if (request->is_answered)
		return true;
	if (operand + 1 != argc)
		return failure_set(failure, EXIT_USAGE, "probe needs one host");
	request->host = argv[operand];
	if (request->recording && strcmp(request->recording, "-") == 0 &&
		!request->common.output_path)
		return failure_set(failure, EXIT_USAGE,
			"-w - takes standard output for the recording: send "
			"the report elsewhere with -o FILE");
	return true;
}

struct probing {
	struct route route;
	struct runner_options options;
	struct section_comment comment;
	struct runner *runner;
	struct guard_daemon guard_daemon;
	struct recording_writer *writer;
	struct path *path;
	struct run_files files;
	struct output output;
	struct probe_view view;
};

static void on_packet(void *context, const struct packet *packet)
{
	struct probing *probing = context;

	path_packet(probing->path, packet);
}

static void on_progress(void *context, const struct runner_progress *progress)
{
	struct probing *probing = context;

	probe_view_draw(&probing->view, probing->path, progress);
}

static void on_guarded(void *context, const int *descriptors, unsigned count)
{
	struct probing *probing = context;

	guard_daemon_start(&probing->guard_daemon, descriptors, count);
}

static bool find_way(struct probing *probing,
	const struct probe_request *request, struct failure *failure)
{
	struct probe_target target;
	uint32_t chosen = registry_choose(request->named);
	struct runner_options *options = &probing->options;

	if (!probe_target_find(
		    request->host, request->family, &target, failure) ||
		!route_find(target.family, &target.address, &probing->route,
			failure))
		return false;
	if (probing->route.is_refused)
		return failure_set(failure, EXIT_USAGE,
			"%.200s is this host, or not a single host: loopback, "
			"multicast and broadcast are not probed",
			request->host);
	if (probing->route.disagreement[0] && !request->common.is_quiet)
		(void)fprintf(stderr, "culprit: probe: %s\n",
			probing->route.disagreement);
	probe_view_begin(&probing->view, request->common.is_quiet);
	*options = (struct runner_options){
		.route = &probing->route,
		.target = target.address,
		.family = target.family,
		.port = (uint16_t)request->port,
		.rate = (unsigned)request->rate,
		.max_ttl = (unsigned)request->max_ttl,
		.on_packet = on_packet,
		.on_guarded = on_guarded,
		.on_progress = probing->view.is_wanted ? on_progress : NULL,
		.context = probing,
	};
	options->experiment_count =
		registry_records(chosen, options->experiments);
	probing->comment = (struct section_comment){
		.version = PROBE_RULES_VERSION,
		.own = probing->route.own,
		.target = target.address,
		.family = target.family,
		.port = (uint16_t)request->port,
		.interface_mtu = probing->route.interface_mtu,
		.experiments = chosen,
	};
	return true;
}

static bool open_outputs(struct probing *probing,
	const struct probe_request *request, struct failure *failure)
{
	char text[SECTION_COMMENT_BYTES];

	if (!output_open(&probing->output, &request->common, &probing->files,
		    failure))
		return false;
	if (!request->recording)
		return run_files_begin(&probing->files, failure);
	int descriptor = output_file_open(request->recording,
		RUN_FILE_RECORDING, &probing->files, failure);

	if (descriptor < 0)
		return false;
	if (!run_files_begin(&probing->files, failure)) {
		(void)close(descriptor); /* nothing was written */
		return false;
	}
	section_comment_write(&probing->comment, text);
	probing->writer = recording_writer_on(
		descriptor, request->recording, text, failure);
	probing->options.writer = probing->writer;
	return probing->writer != NULL;
}

static bool open_all(struct probing *probing,
	const struct probe_request *request, struct failure *failure)
{
	if (!open_outputs(probing, request, failure))
		return false;
	probing->path = path_new(&probing->comment, failure);
	if (!probing->path)
		return false;
	probing->options.is_stopped = interrupt_watch();
	probing->runner = runner_open(&probing->options, failure);
	return probing->runner && sandbox_enter(SANDBOX_PROBER, failure);
}

static enum exit_code report(struct probing *probing,
	const struct probe_request *request, bool has_run,
	struct failure *failure)
{
	struct path_totals totals;

	probe_view_clear(&probing->view);
	path_finish(probing->path);
	path_totals(probing->path, &totals);
	if (request->common.is_json)
		report_path_json(probing->path, probing->output.stream);
	else
		report_path_text(probing->path, &probing->output.style,
			probing->output.stream);
	bool is_written = output_close(&probing->output, failure);
	struct recording_writer *writer = probing->writer;
	probing->writer = NULL;
	if (writer && !recording_writer_close(writer, failure))
		return EXIT_INPUT_CUT;
	if (!is_written)
		return EXIT_INPUT_CUT;
	if (!has_run)
		return failure->exit_code;
	if (totals.sent == 0) {
		(void)failure_set(failure, EXIT_NO_TARGET,
			"%.200s: no packet left this host: no neighbour "
			"answers ARP or neighbour discovery for the next hop's "
			"address",
			request->host);
		return EXIT_NO_TARGET;
	}
	if (totals.heard == 0) {
		(void)failure_set(failure, EXIT_NO_TARGET,
			"%.200s: nothing answered %u packets", request->host,
			totals.sent);
		return EXIT_NO_TARGET;
	}
	return EXIT_RAN;
}

static enum exit_code run(const struct command *command, int argc, char **argv,
	struct failure *failure)
{
	struct probe_request request = {
		.port = USUAL_PORT, .rate = USUAL_RATE, .max_ttl = USUAL_TTL};
	struct probing probing = {.guard_daemon.descriptor = -1};
	enum exit_code code;

	if (!parse(&request, command, argc, argv, failure))
		return failure->exit_code;
	if (request.is_answered)
		return EXIT_RAN;
	if (!find_way(&probing, &request, failure))
		return failure->exit_code;
	if (request.is_dry_run)
		return probe_dry_run(
			&probing.options, &request.common, failure);
	if (open_all(&probing, &request, failure)) {
		bool has_run = runner_run(probing.runner, failure);

		code = report(&probing, &request, has_run, failure);
	} else {
		code = failure->exit_code;
	}
	if (!probing.runner || runner_is_settled(probing.runner))
		guard_daemon_dismiss(&probing.guard_daemon);
	else
		guard_daemon_leave(&probing.guard_daemon);
	runner_close(probing.runner);
	path_free(probing.path);
	run_files_free(&probing.files);
	if (probing.writer)
		/* The first failure is the one that is reported. */
		(void)recording_writer_close(
			probing.writer, &(struct failure){.text = ""});
	return code;
}

static void list_experiments(FILE *out)
{
	(void)fputs("\nExperiments:\n", out);
	for (int i = 0; i < EXPERIMENT_COUNT; i++)
		(void)fprintf(out, "  %-26s %s%s\n",
			probe_experiment_word((enum probe_experiment)i),
			registry_rows[i].help,
			registry_rows[i].is_usual ? "" : " (only if named)");
}

const struct command command_probe = {
	.name = "probe",
	.operands = "HOST",
	.summary = "measure what the path does to packets",
	.options = rows,
	.help = list_experiments,
	.run = run,
};
