#include "report/report_path_ssh.h"

#include <stdio.h>
#include <string.h>

#include "probe/protocol/ssh_rules.h"
#include "report/phases.h"

size_t report_path_ssh_title(
	const struct finding *finding, char *text, size_t bytes)
{
	const struct ssh_figures *ssh = &finding->ssh;
	size_t used = (size_t)snprintf(text, bytes, "   %s, in the phase %s",
		finding_cause_word(finding->cause),
		finding_cause_phase_word(finding->cause));

	if (ssh->wait_ns > 0 && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used,
			", after %.1f s", (double)ssh->wait_ns / 1e9);
	if (ssh->open && used < bytes)
		used += (size_t)snprintf(text + used, bytes - used,
			", at connection %u of those open at once", ssh->open);
	if (ssh->dscp >= 0 && used < bytes)
		used += (size_t)snprintf(
			text + used, bytes - used, ", DSCP %d", ssh->dscp);
	return used;
}

void report_path_ssh_json(struct json *json, const struct finding *finding)
{
	const struct ssh_figures *ssh = &finding->ssh;

	if (!finding->cause)
		return;
	json_string(json, "phase", finding_cause_phase_word(finding->cause));
	json_string(json, "cause", finding_cause_word(finding->cause));
	if (ssh->wait_ns > 0)
		json_real(json, "wait_s", (double)ssh->wait_ns / 1e9, 3);
	if (ssh->open)
		json_number(json, "at_once", ssh->open);
	if (ssh->dscp >= 0)
		json_number(json, "dscp", (uint64_t)ssh->dscp);
}

void report_path_ssh_causes_json(struct json *json, unsigned causes)
{
	json_array(json, "causes");
	for (int i = 1; i < FINDING_CAUSE_COUNT; i++)
		if (causes >> i & 1)
			json_string(json, NULL,
				finding_cause_word((enum finding_cause)i));
	json_array_end(json);
}

/* Of versions from `from` on, as 100 times major plus minor, below `below`. */
static const struct {
	unsigned from, below;
	const char *text;
} known[] = {
	{0, SSH_SAYS_MAX_STARTUPS, "refuses without a word above MaxStartups"},
	{SSH_SAYS_MAX_STARTUPS, 908,
		"says \"Exceeded MaxStartups\" when it refuses"},
	{908, 9999,
		"says \"Not allowed at this time\" when it refuses, and "
		"penalises addresses (PerSourcePenalties)"},
	{0, 808, "signs with ssh-rsa (SHA-1) unless told not to"},
	{808, 9999, "signs with ssh-rsa (SHA-1) only if told to"},
};

static void software(const struct layout *layout, const char *name)
{
	unsigned version = ssh_rules_openssh_version(name);
	char text[512];
	size_t used = (size_t)snprintf(text, sizeof(text), "%s", name);

	for (size_t i = 0; version && i < sizeof(known) / sizeof(known[0]); i++)
		if (version >= known[i].from && version < known[i].below)
			used += (size_t)snprintf(text + used,
				sizeof(text) - used, "; %s", known[i].text);
	layout_labelled(layout, 2, "SSH server:", text);
}

enum { SSH_PHASE_COUNT = 5 };

static void phases_of(const struct path_ssh_times *times,
	struct phase phases[SSH_PHASE_COUNT])
{
	phases[0] = (struct phase){
		"handshake", "handshake_ms", times->handshake_ns};
	phases[1] = (struct phase){"banner", "banner_ms", times->banner_ns};
	phases[2] =
		(struct phase){"algorithms", "kexinit_ms", times->kexinit_ns};
	phases[3] =
		(struct phase){"key exchange", "kex_reply_ms", times->reply_ns};
	phases[4] = (struct phase){"close", "close_ms", times->close_ns};
}

void report_path_ssh_times(
	const struct layout *layout, const struct path_totals *totals)
{
	const struct path_ssh_times *times = &totals->ssh;
	struct phase phases[SSH_PHASE_COUNT];

	if (!times->software[0])
		return;
	software(layout, times->software);
	phases_of(times, phases);
	phases_text(layout, "SSH phases:", phases, SSH_PHASE_COUNT);
}

void report_path_ssh_times_json(
	struct json *json, const struct path_totals *totals)
{
	const struct path_ssh_times *times = &totals->ssh;
	struct phase phases[SSH_PHASE_COUNT];

	if (!times->software[0])
		return;
	json_object(json, "ssh");
	json_string(json, "software", times->software);
	phases_of(times, phases);
	phases_json(json, phases, SSH_PHASE_COUNT);
	json_number(json, "identified", times->identified);
	json_object_end(json);
}
