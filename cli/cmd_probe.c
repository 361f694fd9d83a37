/* culprit probe HOST: experiments on the path, judged from what they recorded.
 * Everything that takes privilege is opened, then privilege is dropped for
 * good, and only then the first packet is sent and heard. */
#include <assert.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "analysis/path/path.h"
#include "capture/numbers.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/notice.h"
#include "cli/output_file.h"
#include "cli/page_file.h"
#include "cli/probe_bounds.h"
#include "cli/probe_dry_run.h"
#include "cli/probe_inputs.h"
#include "cli/probe_options.h"
#include "cli/probe_outcome.h"
#include "cli/probe_recording.h"
#include "cli/probe_target.h"
#include "cli/probe_view.h"
#include "cli/reverse_names.h"
#include "cli/server_name.h"
#include "cli/ssh_settings.h"
#include "cli/guard_daemon.h"
#include "probe/engine/runner.h"
#include "probe/experiments/registry.h"
#include "probe/protocol/probe_command.h"
#include "probe/protocol/probe_rules.h"
#include "report/page/page_path.h"

static_assert((int)GUARD_DAEMON_SOCKETS == (int)RUNNER_GUARDS, "room for all");

struct probe_work {
	const char *host;
	struct probe_asked asked;
	/* open */
	struct probe_inputs inputs;
	struct ssh_options ssh;
	struct tls_options tls;
	struct command_run *run;
	struct route route;
	struct runner_options options;
	struct section_comment comment;
	struct runner *runner;
	const volatile sig_atomic_t *is_stopped;
	struct guard_daemon guard_daemon;
	struct reverse_names names;
	struct ssh_settings ssh_settings;
	int recording; /* descriptor; -1: none, or the writer's */
	struct recording_writer *writer;
	struct path *path;
	struct probe_view view;
	struct page_file page;
};

static enum exit_code rehearse(
	struct command_run *run, struct failure *failure);
static bool find_way(struct command_run *run, struct failure *failure);

static bool read_inputs(struct command_run *run, struct failure *failure);
static void close_all(struct command_run *run);

static const struct command_steps rehearsal = {
	.open = find_way,
	.is_sandboxed = true,
	.sandbox = SANDBOX_READER,
	.begin = read_inputs,
	.work = rehearse,
	.close = close_all,
};

static bool take_option(struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	struct probe_work *work = run->state;

	return probe_option_take(&work->asked, id, argument, failure);
}

static bool check(struct command_run *run, struct failure *failure)
{
	struct probe_work *work = run->state;

	work->run = run;
	work->guard_daemon.descriptor = -1;
	work->recording = -1;
	probe_asked_complete(&work->asked);
	work->ssh.at_once = (unsigned)work->asked.startups;
	work->ssh.is_grace_awaited = work->asked.is_grace_awaited;
	work->page.path = work->asked.page;
	if (work->asked.is_dry_run)
		run->steps = &rehearsal;
	if (run->operand_count != 1)
		return failure_set(failure, EXIT_USAGE, "probe needs one host");
	work->host = run->operands[0];
	if (!probe_asked_check(&work->asked, registry_choose(work->asked.named),
		    failure))
		return false;
	if (work->page.path && work->asked.is_dry_run)
		return failure_set(failure, EXIT_USAGE,
			"--dry-run measures nothing that --html could show");
	if (work->asked.is_dry_run && !run->common.format->is_for_people &&
		strcmp(run->common.format->name, "json") != 0)
		return failure_set(failure, EXIT_USAGE,
			"--dry-run can't report as --%s: it finds nothing",
			run->common.format->name);
	return page_file_check(&work->page, run, failure) &&
	       command_check_recording(run, work->asked.recording, failure);
}

static void on_packet(void *context, const struct packet *packet)
{
	struct probe_work *work = context;

	path_packet(work->path, packet);
}

static void on_progress(void *context, const struct runner_progress *progress)
{
	struct probe_work *work = context;

	probe_view_draw(&work->view, work->path, progress);
}

static void on_guarded(void *context, const int *descriptors, unsigned count)
{
	struct probe_work *work = context;

	guard_daemon_start(&work->guard_daemon, descriptors, count);
}

static bool read_inputs(struct command_run *run, struct failure *failure)
{
	struct probe_work *work = run->state;

	return probe_inputs_read(
		&work->inputs, &work->asked, &work->ssh.profile, failure);
}

static bool find_way(struct command_run *run, struct failure *failure)
{
	struct probe_work *work = run->state;
	struct probe_target target;
	uint32_t chosen = registry_choose(work->asked.named);
	struct runner_options *options = &work->options;
	bool is_quiet = run->common.is_quiet;

	if (!probe_inputs_open(&work->inputs, &work->asked, chosen, &run->files,
		    failure))
		return false;
	server_name_of(work->asked.server_name ? work->asked.server_name
					       : work->host,
		work->tls.name);
	if (!probe_target_find(
		    work->host, work->asked.family, &target, failure) ||
		!route_find(target.family, &target.address,
			target.interface_index, &work->route, failure))
		return false;
	if (work->route.is_refused)
		return failure_set(failure, EXIT_USAGE,
			"%.200s is this host, or not a single host: loopback, "
			"multicast and broadcast are not probed",
			work->host);
	if (work->route.disagreement[0] && !is_quiet)
		notice_print("probe: %s", work->route.disagreement);
	probe_view_begin(&work->view, is_quiet);
	*options = (struct runner_options){
		.route = &work->route,
		.target = target.address,
		.family = target.family,
		.port = (uint16_t)work->asked.port,
		.rate = (unsigned)work->asked.rate,
		.max_ttl = (unsigned)work->asked.max_ttl,
		.idle = {(unsigned)work->asked.idle_max,
			(unsigned)work->asked.idle_precision,
			work->asked.is_verified},
		.ssh = &work->ssh,
		.tls = (chosen & probe_experiment_bit(EXPERIMENT_TLS))
			       ? &work->tls
			       : NULL,
		.on_packet = on_packet,
		.on_guarded = on_guarded,
		.on_progress = work->view.is_wanted ? on_progress : NULL,
		.context = work,
	};
	if (chosen & probe_experiment_bit(EXPERIMENT_RESET) &&
		(work->asked.trigger.name[0] ||
			reset_trigger_of_port(&work->asked.trigger,
				options->port, work->host)))
		options->trigger = &work->asked.trigger;
	work->asked.trigger.is_sent = work->asked.is_trigger_sent;
	probe_bounds_set(options, chosen);
	options->experiment_count =
		registry_records(chosen, options->experiments);
	work->comment = (struct section_comment){
		.version = PROBE_RULES_VERSION,
		.own = work->route.own,
		.target = target.address,
		.family = target.family,
		.port = (uint16_t)work->asked.port,
		.interface_mtu = work->route.interface_mtu,
		.idle_max_s = (chosen & probe_experiment_bit(EXPERIMENT_IDLE))
				      ? (unsigned)work->asked.idle_max
				      : 0,
		.experiments = chosen,
		.is_end_stated = true,
	};
	if (options->trigger)
		(void)memcpy(work->comment.trigger, work->asked.trigger.name,
			sizeof(work->comment.trigger));
	section_comment_set_zone(&work->comment, work->route.interface);
	return true;
}

static enum exit_code rehearse(struct command_run *run, struct failure *failure)
{
	const struct probe_work *work = run->state;

	(void)failure; /* nothing can be in the way any more */
	char target[PROBE_TARGET_TEXT];

	probe_target_text(&work->comment, target);
	if (run->common.format->is_for_people)
		probe_dry_run(&work->options, target,
			run->output.style.verbosity > 0, run->output.stream);
	else
		probe_dry_run_json(&work->options, target, run->output.stream);
	return EXIT_RAN;
}

/* ssh is asked only about a port where it may be used. */
static bool may_be_ssh(uint64_t port)
{
	return port != HTTP_PORT && port != HTTPS_PORT;
}

static bool open_runner(struct command_run *run, struct failure *failure)
{
	struct probe_work *work = run->state;

	if (!page_file_open(&work->page, run, failure))
		return false;
	if (work->asked.recording)
		work->recording = output_file_open(work->asked.recording,
			RUN_FILE_RECORDING, &run->files, failure);
	if (work->asked.recording && work->recording < 0)
		return false;
	work->path = path_new(&work->comment, failure);
	if (!work->path)
		return false;
	if (may_be_ssh(work->asked.port))
		ssh_settings_start(&work->ssh_settings, work->host,
			work->asked.is_port_named ? (uint16_t)work->asked.port
						  : 0);
	if (work->asked.has_names &&
		!reverse_names_start(&work->names, failure))
		return false;
	work->runner = runner_open(&work->options, failure);
	return work->runner != NULL;
}

static bool begin(struct command_run *run, struct failure *failure)
{
	struct probe_work *work = run->state;

	/* Until a signal is heeded, it is to end a wait for an input. */
	if (!read_inputs(run, failure))
		return false;
	work->is_stopped = interrupt_watch();
	runner_stop_on(work->runner, work->is_stopped);
	guard_daemon_need(&work->guard_daemon);
	if (work->recording < 0)
		return true;
	work->writer = probe_recording_begin(work->recording,
		work->asked.recording, &work->comment, &run->files, failure);
	work->recording = -1;
	return work->writer != NULL;
}

/* What the run came to; `has_run` is false when it failed. */
static enum exit_code code_of(
	const struct probe_work *work, bool has_run, struct failure *failure)
{
	if (!has_run)
		return failure->exit_code;
	if (*work->is_stopped && !work->run->common.is_quiet)
		notice_print("probe: interrupted: what is not told was not "
			     "measured to its end");
	if (!probe_outcome_is_reached(work->path, work->host, failure))
		return EXIT_NO_TARGET;
	return fail_on_path_matches(&work->asked.fail_on, work->path)
		       ? EXIT_FAIL_ON
		       : EXIT_RAN;
}

static bool write_page(struct probe_work *work, struct failure *failure)
{
	if (work->page.stream && !page_path(work->path, work->page.stream))
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory for the HTML report", work->page.path);
	return page_file_close(&work->page, failure);
}

/* Each that was lost is told. */
static bool end_files(struct probe_work *work, struct failure *failure)
{
	struct failure of_recording = {.text = ""}, of_page = {.text = ""};
	struct section_end end = {
		.ended = runner_ended(work->runner),
		.lost = runner_lost(work->runner),
	};
	bool has_recording = probe_recording_end(work->writer, &end,
		&work->ssh_settings.settings, &of_recording);
	bool has_page = write_page(work, &of_page);

	work->writer = NULL;
	command_add_failure(failure, &of_recording);
	command_add_failure(failure, &of_page);
	return has_recording && has_page;
}

static enum exit_code run_probe(
	struct command_run *run, struct failure *failure)
{
	struct probe_work *work = run->state;
	bool has_run = runner_run(work->runner, work->writer, failure);

	probe_view_clear(&work->view);
	path_end(work->path, runner_ended(work->runner));
	path_set_capture_lost(work->path, runner_lost(work->runner));
	ssh_settings_read(&work->ssh_settings);
	path_set_client(work->path, &work->ssh_settings.settings);
	path_finish(work->path);
	if (work->asked.has_names)
		reverse_names_find(&work->names, work->path);
	run->output.style.is_advice = work->asked.is_advice;
	run->common.format->path(
		work->path, &run->output.style, run->output.stream);
	enum exit_code code = code_of(work, has_run, failure);

	return command_code(code, end_files(work, failure));
}

static void close_all(struct command_run *run)
{
	struct probe_work *work = run->state;
	struct failure ignored; /* of a page that was not begun */

	(void)page_file_close(&work->page, &ignored);
	if (!work->runner || runner_is_settled(work->runner))
		guard_daemon_dismiss(&work->guard_daemon);
	else
		guard_daemon_leave(&work->guard_daemon);
	probe_inputs_close(&work->inputs);
	if (work->recording >= 0)
		(void)close(work->recording); /* nothing was written */
	runner_close(work->runner);
	path_free(work->path);
	if (work->writer)
		/* The first failure is the one that is reported. */
		(void)recording_writer_close(
			work->writer, &(struct failure){.text = ""});
}

const struct command command_probe = {
	.name = "probe",
	.operands = "HOST",
	.summary = "measure what the path does to packets",
	.options = probe_options,
	.reports = REPORT_PATH,
	.help = probe_options_help,
	.state_bytes = sizeof(struct probe_work),
	.take_option = take_option,
	.check = check,
	.steps =
		{
			.open = find_way,
			.prepare = open_runner,
			.is_sandboxed = true,
			.sandbox = SANDBOX_PROBER,
			.begin = begin,
			.work = run_probe,
			.close = close_all,
		},
};
