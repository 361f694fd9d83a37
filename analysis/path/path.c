#include "analysis/path/path.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_backends.h"
#include "analysis/path/path_change.h"
#include "analysis/path/path_delay.h"
#include "analysis/path/path_exclusion.h"
#include "analysis/path/path_hops.h"
#include "analysis/path/path_idle.h"
#include "analysis/path/path_intake.h"
#include "analysis/path/path_lists.h"
#include "analysis/path/path_port.h"
#include "analysis/path/path_record.h"
#include "analysis/path/path_resets.h"
#include "analysis/path/path_rows.h"
#include "analysis/path/path_ssh.h"
#include "analysis/path/path_subjects.h"
#include "analysis/path/path_syns.h"
#include "analysis/path/path_tls.h"

struct path *path_new(
	const struct section_comment *comment, struct failure *failure)
{
	struct path *path = calloc(1, sizeof(*path));

	if (!path) {
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory for a path");
		return NULL;
	}
	path->comment = *comment;
	path->rules = probe_rules_of(comment->version);
	assert(path->rules);
	for (int i = 0; i < PATH_THRESHOLD_COUNT; i++)
		path->thresholds[i] =
			path_threshold_text((enum path_threshold)i)->value;
	path->table.family = comment->family;
	path->table.own = comment->own;
	path->table.target = comment->target;
	path->ended = UINT32_MAX;
	path->totals.rtt_ns = INT64_MAX;
	path->totals.first_ns = INT64_MIN;
	path->ended_ns = INT64_MAX;
	path->confirmed_ns = INT64_MAX;
	return path;
}

void path_free(struct path *path)
{
	free(path);
}

void path_packet(struct path *path, const struct packet *packet)
{
	path_intake_packet(path, packet);
}

void path_look(struct path *path)
{
	path_hops_find(path);
}

void path_end(struct path *path, uint32_t ended)
{
	path->ended = ended;
}

void path_set_capture_lost(struct path *path, uint64_t lost)
{
	path->totals.capture_lost = lost;
}

void path_set_client(struct path *path, const struct client_settings *settings)
{
	path->client = *settings;
}

const struct client_settings *path_client(const struct path *path)
{
	return &path->client;
}

static void judge(void *context, const struct path_case *one)
{
	struct path *path = context;
	struct path_case named = *one;

	path_case_commands(&named.words, &path->comment);
	path_case_log(
		&named.words, path->comment.port, path_record_is_ssh(path));
	path_judge_case(path_rows[one->subject], &named, &path->verdict);
}

void path_finish(struct path *path)
{
	path_exclusion_after_end(path);
	path_exclusion_cut_off(path);
	path_hops_find(path);
	if (path_exclusion_before_open(path))
		path_hops_find(path);
	path->totals.distance = path->distance;
	path->totals.opened_frame = path->opened_frame;
	path->totals.has_target_answered = path_resets_has_target(path);
	path->totals.is_target_missed = path_port_is_missed(path);
	path_change_exclude(path);
	mtu_bound_count_sizes(path);
	path_delay_measure(path);
	path_syns_measure(path);
	if (section_comment_has(&path->comment, EXPERIMENT_SSH))
		path_ssh_measure(path, &path->totals.ssh);
	if (section_comment_has(&path->comment, EXPERIMENT_TLS))
		path_tls_measure(path, &path->totals.tls);
	path->totals.backends = path_backends_find(path);
	path->totals.idle_survived_ns = path_idle_survived_ns(path);
	path_subjects_each(
		path, &(struct path_case_sink){.take = judge, .context = path});
	path_lists_make(path);
}

const struct section_comment *path_comment(const struct path *path)
{
	return &path->comment;
}

unsigned path_hop_count(const struct path *path)
{
	return path->hop_count;
}

const struct path_hop *path_hop(const struct path *path, unsigned index)
{
	assert(index < path->hop_count);
	return &path->hops[index];
}

void path_name_hop(struct path *path, unsigned index, const char *name)
{
	assert(index < path->hop_count);
	(void)snprintf(path->hops[index].name, PATH_HOP_NAME, "%s", name);
}

unsigned path_finding_count(const struct path *path)
{
	return path->verdict.finding_count;
}

const struct finding *path_finding(const struct path *path, unsigned index)
{
	assert(index < path->verdict.finding_count);
	return &path->verdict.findings[index];
}

unsigned path_excluded_count(const struct path *path)
{
	return path->excluded_count;
}

const struct path_statement *path_excluded(
	const struct path *path, unsigned index)
{
	assert(index < path->excluded_count);
	return &path->excluded[index];
}

unsigned path_open_count(const struct path *path)
{
	return path->open_count;
}

const struct path_statement *path_open(const struct path *path, unsigned index)
{
	assert(index < path->open_count);
	return &path->open[index];
}

bool path_is_interrupted(const struct path *path)
{
	return path_record_is_interrupted(path);
}

bool path_is_ssh(const struct path *path)
{
	return path_record_is_ssh(path);
}

bool path_has_run(const struct path *path, enum probe_experiment experiment)
{
	return section_comment_has(&path->comment, experiment) &&
	       !(experiment == EXPERIMENT_SSH && path_ssh_is_passed_over(path));
}

void path_totals(const struct path *path, struct path_totals *totals)
{
	*totals = path->totals;
}
