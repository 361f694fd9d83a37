#include "analysis/cause/cause_bound.h"

#include <stdio.h>
#include <string.h>

#include "analysis/cause/cause_row.h"
#include "analysis/cause/cause_words.h"
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

/* The finding about the port, if there is one. */
static const struct finding *port_finding(const struct path *path)
{
	for (unsigned i = 0; i < path_finding_count(path); i++)
		if (path_finding(path, i)->kind == FINDING_PORT_STATE)
			return path_finding(path, i);
	return NULL;
}

void cause_bound_host(const struct path *path, struct cause_verdict *verdict)
{
	struct path_totals totals;

	path_totals(path, &totals);
	if (totals.has_target_answered) {
		verdict->state = CAUSE_EXCLUDED;
		verdict->frame = totals.opened_frame;
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"Packets of the target's address came.");
		return;
	}
	verdict->finding = port_finding(path);
	if (!verdict->finding)
		return;
	verdict->state = CAUSE_FOUND;
	verdict->grade = GRADE_POSSIBLE;
	(void)snprintf(verdict->because, sizeof(verdict->because), "%s",
		totals.is_target_missed
			? "A router reports that it can't reach the host."
			: "Nothing that was sent to the host was answered.");
	(void)snprintf(verdict->other, sizeof(verdict->other), "%s",
		totals.is_target_missed
			? "a route to it is missing, or a firewall sent the "
			  "router's error"
			: "a packet filter, a ban, or a firewall in the "
			  "network, that drops all packets of this host");
	cause_words_fill(path, NULL,
		"Look whether {target} is the host's address, and whether the "
		"host is up.",
		verdict->advice, sizeof(verdict->advice));
}

void cause_bound_wait(struct cause_verdict *verdict)
{
	/* libwrap of Debian waits 5.0 s, FIN and reset alike [lab: test_ssh];
	 * sshd that drops a connection (MaxStartups) does not wait. */
	static const double least_s = 4.5, most_s = 6;
	const struct finding *finding = verdict->finding;
	bool is_wrappers = verdict->cause == CAUSE_TCP_WRAPPERS;

	if (verdict->state != CAUSE_FOUND || !finding ||
		strcmp(finding->row, "ssh-refused-before-banner") != 0 ||
		(!is_wrappers && verdict->cause != CAUSE_MAX_STARTUPS) ||
		finding->grade < GRADE_LIKELY)
		return;
	double wait_s = (double)finding->ssh.wait_ns / 1e9;

	if (wait_s < least_s || wait_s > most_s)
		return;
	if (is_wrappers) {
		verdict->grade = GRADE_LIKELY;
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"The server ends connections before its "
			"identification, %.1f s after it accepted them, as "
			"TCP wrappers do.",
			wait_s);
		(void)snprintf(verdict->other, sizeof(verdict->other),
			"a proxy that gives its server as long to answer");
		return;
	}
	verdict->state = CAUSE_EXCLUDED;
	(void)snprintf(verdict->because, sizeof(verdict->because),
		"sshd ends connections beyond MaxStartups at once, and these "
		"lived for %.1f s.",
		wait_s);
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
