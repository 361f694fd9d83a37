#include "analysis/cause/cause_keepalive.h"

#include <stdio.h>
#include <string.h>

/* "ServerAliveInterval 0, TCP keepalives after 7200 s" */
static void settings_text(
	const struct client_settings *settings, char text[CAUSE_BECAUSE])
{
	if (!settings->is_ssh_known) {
		(void)snprintf(text, CAUSE_BECAUSE,
			"how often this host sends keepalives is not known");
		return;
	}
	int used = snprintf(text, CAUSE_BECAUSE,
		"ssh has ServerAliveInterval %u", settings->alive_s);

	if (!settings->has_tcp_keepalive)
		(void)snprintf(text + used, CAUSE_BECAUSE - (size_t)used,
			" and TCPKeepAlive no");
	else if (settings->kernel_idle_s)
		(void)snprintf(text + used, CAUSE_BECAUSE - (size_t)used,
			" and the kernel TCP keepalives after %u s",
			settings->kernel_idle_s);
}

/* A time-out is known: the keepalives come before it, or they do not. */
static void compare(const struct client_settings *settings,
	const struct cause_verdict *timeout, struct cause_verdict *verdict)
{
	const struct idle_figures *idle = &timeout->finding->idle;
	unsigned keepalive_s = client_settings_keepalive_s(settings);
	int64_t keepalive_ns = keepalive_s * INT64_C(1000000000);
	char known[CAUSE_BECAUSE];

	settings_text(settings, known);
	if (keepalive_s && keepalive_ns <= idle->survived_ns) {
		verdict->state = CAUSE_EXCLUDED;
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"%.200s: more often than the %.1f s that connections "
			"survive without packets.",
			known, (double)idle->survived_ns / 1e9);
	} else if (keepalive_s == 0 || keepalive_ns >= idle->died_ns) {
		verdict->state = CAUSE_FOUND;
		verdict->finding = timeout->finding;
		(void)snprintf(verdict->advice, sizeof(verdict->advice), "%s",
			timeout->finding->advice);
		verdict->grade = timeout->grade < GRADE_LIKELY ? timeout->grade
							       : GRADE_LIKELY;
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"%.200s, and the path forgets connections after "
			"%.1f s.",
			known, (double)idle->died_ns / 1e9);
		(void)snprintf(verdict->other, sizeof(verdict->other),
			"the server sends keepalives (ClientAliveInterval)");
	} else {
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"%.200s: whether that is often enough is not known to "
			"the second.",
			known);
	}
}

/* No time-out is known: keepalives that come within an idle time that was
 * survived are often enough; of others nobody knows. */
static void compare_survived(const struct path *path, const char *known,
	const struct cause_verdict *timeout, struct cause_verdict *verdict)
{
	unsigned keepalive_s = client_settings_keepalive_s(path_client(path));
	struct path_totals totals;

	path_totals(path, &totals);
	double survived_s = (double)totals.idle_survived_ns / 1e9;

	if (keepalive_s && keepalive_s <= survived_s) {
		verdict->state = CAUSE_EXCLUDED;
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"%.200s: more often than the %.1f s that connections "
			"survive without packets.",
			known, survived_s);
		return;
	}
	verdict->state = CAUSE_OPEN;
	verdict->statement = NULL;
	memcpy(verdict->test, timeout->test, sizeof(verdict->test));
	if (survived_s > 0)
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"Connections survived up to %.1f s without packets, "
			"longer idle times are not known; %.200s.",
			survived_s, known);
	else
		(void)snprintf(verdict->because, sizeof(verdict->because),
			"Whether the path forgets idle connections is not "
			"known; %.200s.",
			known);
}

void cause_keepalive_judge(const struct path *path,
	const struct cause_verdict *timeout, struct cause_verdict *verdict)
{
	const struct client_settings *settings = path_client(path);
	char known[CAUSE_BECAUSE];

	if (timeout->state == CAUSE_FOUND && settings->is_ssh_known) {
		compare(settings, timeout, verdict);
		return;
	}
	settings_text(settings, known);
	if (timeout->state != CAUSE_FOUND) {
		compare_survived(path, known, timeout, verdict);
		return;
	}
	verdict->statement = NULL;
	(void)snprintf(verdict->because, sizeof(verdict->because),
		"The path forgets idle connections; %.200s.", known);
}
