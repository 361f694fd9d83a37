#include "analysis/cause/cause_bound.h"

#include <stdio.h>
#include <string.h>

#include "analysis/cause/cause_row.h"
#include "probe/protocol/idle_rules.h"
#include "probe/protocol/probe_command.h"

/* "13 of 16 SYNs to port 22 were refused" and "2 were not answered". */
static void count_text(const struct path *path,
	const struct path_syn_tally *syns, char text[CAUSE_BECAUSE])
{
	unsigned port = path_comment(path)->port;

	if (syns->refused && syns->silent)
		(void)snprintf(text, CAUSE_BECAUSE,
			"%u of %u SYNs to port %u were refused, and %u were "
			"not answered",
			syns->refused, syns->sent, port, syns->silent);
	else
		(void)snprintf(text, CAUSE_BECAUSE,
			"%u of %u SYNs to port %u were %s",
			syns->refused + syns->silent, syns->sent, port,
			syns->refused ? "refused" : "not answered");
}

void cause_bound_port(const struct path *path, struct cause_verdict *verdict)
{
	struct path_totals totals;
	char counts[CAUSE_BECAUSE];

	path_totals(path, &totals);
	const struct path_syn_tally *syns = &totals.syns;
	bool is_silent = syns->silent && !syns->is_silence_loss;
	/* a port without a program is refused by resets alone */
	bool is_open = verdict->cause == CAUSE_NO_SERVICE
			       ? syns->reset > 0
			       : syns->refused > 0 || is_silent;

	if (!totals.opened_frame || !cause_rules[verdict->cause].of_some)
		return;
	if (!is_open) {
		verdict->state = CAUSE_EXCLUDED;
		verdict->frame = totals.opened_frame;
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"Port %u answers this host's SYN.",
			path_comment(path)->port);
		return;
	}
	verdict->state = CAUSE_OPEN;
	verdict->frame =
		syns->refused ? syns->refused_frame : syns->silent_frame;
	count_text(path, syns, counts);
	(void)snprintf(verdict->because, sizeof(verdict->because), "%.200s. %s",
		counts, cause_rules[verdict->cause].of_some);
}

void cause_bound_idle(const struct path *path, struct cause_verdict *verdict)
{
	struct path_totals totals;
	char command[PROBE_COMMAND_TEXT];

	path_totals(path, &totals);
	double survived_s = (double)totals.idle_survived_ns / 1e9;

	if (verdict->state != CAUSE_EXCLUDED || survived_s >= IDLE_USUAL_MAX_S)
		return;
	verdict->state = CAUSE_OPEN;
	(void)snprintf(verdict->because, sizeof(verdict->because),
		"Connections survived up to %.1f s without packets; longer "
		"idle times were not tested, and time-outs are usually longer.",
		survived_s);
	probe_command_text(path_comment(path), command);
	(void)snprintf(verdict->test, sizeof(verdict->test),
		"%s --only idle --idle-max %d", command, IDLE_USUAL_MAX_S);
}

/* Delay alone ends no connection, and explains slow ones. */
void cause_bound_jitter(const struct path *path, struct cause_verdict *verdict)
{
	size_t used = strlen(verdict->because);
	char *end = verdict->because + used;
	size_t left = sizeof(verdict->because) - used;
	struct path_totals totals;

	path_totals(path, &totals);
	if (totals.delays.count)
		(void)snprintf(end, left,
			" Round trips take %.1f to %.1f ms, with a jitter of "
			"%.1f ms%s.",
			(double)totals.delays.least_ns / 1e6,
			(double)totals.delays.most_ns / 1e6,
			(double)totals.delays.jitter_ns / 1e6,
			totals.delays.is_jitter_large ? ", which is large"
						      : "");
	else if (verdict->state == CAUSE_EXCLUDED)
		(void)snprintf(
			end, left, " Too few round trips show the jitter.");
	if (verdict->state != CAUSE_EXCLUDED ||
		(totals.delays.count && !totals.delays.is_jitter_large))
		return;
	verdict->state = CAUSE_OPEN;
	probe_command_text(path_comment(path), verdict->test);
	(void)snprintf(verdict->test + strlen(verdict->test),
		sizeof(verdict->test) - strlen(verdict->test),
		" --only loss, again");
}
