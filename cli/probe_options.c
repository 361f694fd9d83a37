#include "cli/probe_options.h"

#include "cli/probe_trigger.h"
#include "cli/server_name.h"
#include "probe/experiments/registry.h"
#include "probe/protocol/idle_rules.h"
#include "probe/protocol/probe_experiment.h"
#include "probe/protocol/ssh_rules.h"

enum {
	OPTION_ONLY = OPTION_FIRST_LONG,
	OPTION_RATE,
	OPTION_DRY_RUN,
	OPTION_IDLE_MAX,
	OPTION_IDLE_PRECISION,
	OPTION_VERIFY,
	OPTION_HTML,
	OPTION_TRIGGER,
	OPTION_SEND,
	OPTION_CLIENT_ALGORITHMS,
	OPTION_STARTUPS,
	OPTION_LOGIN_GRACE,
	OPTION_SNI,
	OPTION_NAMES,
	OPTION_ADVICE,
	OPTION_FAIL_ON,
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

const struct option_row probe_options[] = {
	{OPTION_PORT, "port", "N", "TCP port to connect to (22)"},
	{OPTION_FAMILY_4, NULL, NULL, "IPv4 only"},
	{OPTION_FAMILY_6, NULL, NULL, "IPv6 only"},
	{OPTION_ONLY, "only", "LIST",
		"only these experiments, comma "
		"separated"},
	{OPTION_WRITE, "write", "FILE", "record all packets (pcapng)"},
	{OPTION_HTML, "html", "FILE",
		"write a report for a browser as well: one file, no network"},
	{OPTION_MAX_TTL, "max-ttl", "N", "largest hop limit (30)"},
	{OPTION_RATE, "rate", "PPS", "packets per second, at most (200)"},
	{OPTION_IDLE_MAX, "idle-max", "SECONDS",
		"longest idle time that idle tests (360)"},
	{OPTION_IDLE_PRECISION, "idle-precision", "N",
		"percent of the time-out that idle leaves open (5)"},
	{OPTION_VERIFY, "verify", NULL,
		"idle: prove that the advised keepalive helps"},
	{OPTION_TRIGGER, "trigger", "BYTES",
		"reset: ssh, http:HOST, tls:SNI, bytes:HEX or a file"},
	{OPTION_SEND, "send", NULL,
		"reset: send these bytes to the server, too"},
	{OPTION_CLIENT_ALGORITHMS, "client-algorithms", "FILE",
		"ssh: what the client proposes, as ssh -G prints it"},
	{OPTION_STARTUPS, "startups", "N",
		"ssh: connections open at once, at most (8)"},
	{OPTION_LOGIN_GRACE, "login-grace", NULL,
		"ssh: wait for the server's LoginGraceTime"},
	{OPTION_SNI, "sni", "NAME",
		"tls: the server name to ask for (HOST, if it is a name)"},
	{OPTION_NAMES, "names", NULL, "look up the host names of the hops"},
	{OPTION_ADVICE, "advice", NULL, "print what to change, and no more"},
	{OPTION_FAIL_ON, "fail-on", "WORD,...",
		"exit with 3 when a finding or cause of that name is found; "
		"any"},
	{OPTION_DRY_RUN, "dry-run", NULL,
		"print what would be sent; send nothing"},
	{0},
};

void probe_options_help(FILE *out)
{
	(void)fputs("\nExperiments:\n", out);
	for (int i = 0; i < EXPERIMENT_COUNT; i++)
		(void)fprintf(out, "  %-26s %s%s\n",
			probe_experiment_word((enum probe_experiment)i),
			registry_rows[i].help,
			registry_rows[i].is_usual ? "" : " (only if named)");
}

static bool take_names(
	struct probe_asked *asked, const char *list, struct failure *failure)
{
	static const uint32_t all = (UINT32_C(1) << EXPERIMENT_COUNT) - 1;
	char known[EXPERIMENTS_BYTES];
	const char *unknown;
	size_t bytes;

	if (probe_experiments_read(list, &asked->named, &unknown, &bytes))
		return true;
	probe_experiments_write(all, ", ", known);
	return failure_set(failure, EXIT_USAGE,
		"no experiment \"%.*s\"; there are: %s", (int)bytes, unknown,
		known);
}

static bool take_ssh_option(struct probe_asked *asked, int id,
	const char *argument, struct failure *failure)
{
	if (id == OPTION_STARTUPS)
		return option_number("--startups", argument, SSH_LEAST_AT_ONCE,
			SSH_MOST_AT_ONCE, &asked->startups, failure);
	if (id == OPTION_CLIENT_ALGORITHMS)
		asked->client_algorithms = argument;
	else
		asked->is_grace_awaited = true;
	return true;
}

/* Options that tell one experiment what to do: without it they would do
 * nothing. */
static const struct {
	const char *name;
	int option;
	enum probe_experiment experiment;
} belongings[] = {
	{"--idle-max", OPTION_IDLE_MAX, EXPERIMENT_IDLE},
	{"--idle-precision", OPTION_IDLE_PRECISION, EXPERIMENT_IDLE},
	{"--verify", OPTION_VERIFY, EXPERIMENT_IDLE},
	{"--trigger", OPTION_TRIGGER, EXPERIMENT_RESET},
	{"--send", OPTION_SEND, EXPERIMENT_RESET},
	{"--client-algorithms", OPTION_CLIENT_ALGORITHMS, EXPERIMENT_SSH},
	{"--startups", OPTION_STARTUPS, EXPERIMENT_SSH},
	{"--login-grace", OPTION_LOGIN_GRACE, EXPERIMENT_SSH},
	{"--sni", OPTION_SNI, EXPERIMENT_TLS},
};
enum { BELONGINGS = sizeof(belongings) / sizeof(belongings[0]) };

static void note_given(struct probe_asked *asked, int id)
{
	for (unsigned i = 0; i < BELONGINGS; i++)
		if (belongings[i].option == id)
			asked->given |= UINT64_C(1) << i;
}

bool probe_asked_check(const struct probe_asked *asked, uint32_t chosen,
	struct failure *failure)
{
	for (unsigned i = 0; i < BELONGINGS; i++) {
		enum probe_experiment experiment = belongings[i].experiment;

		if (asked->given >> i & 1 &&
			!(chosen & probe_experiment_bit(experiment)))
			return failure_set(failure, EXIT_USAGE,
				"%s belongs to the experiment %s, which does "
				"not run here: --only %s",
				belongings[i].name,
				probe_experiment_word(experiment),
				probe_experiment_word(experiment));
	}
	return true;
}

static bool take_server_name(struct probe_asked *asked, const char *argument,
	struct failure *failure)
{
	asked->server_name = argument;
	return server_name_is(argument) ||
	       failure_set(failure, EXIT_USAGE,
		       "--sni %.200s: it takes a host name, of letters, "
		       "digits, dots and hyphens",
		       argument);
}

bool probe_option_take(struct probe_asked *asked, int id, const char *argument,
	struct failure *failure)
{
	note_given(asked, id);
	switch (id) {
	case OPTION_PORT:
		return option_number(
			"-p", argument, 1, UINT16_MAX, &asked->port, failure);
	case OPTION_FAMILY_4:
		asked->family = 4;
		return true;
	case OPTION_FAMILY_6:
		asked->family = 6;
		return true;
	case OPTION_ONLY:
		return take_names(asked, argument, failure);
	case OPTION_WRITE:
		asked->recording = argument;
		return true;
	case OPTION_MAX_TTL:
		return option_number(
			"-m", argument, 1, MOST_TTL, &asked->max_ttl, failure);
	case OPTION_RATE:
		return option_number("--rate", argument, 1, MOST_RATE,
			&asked->rate, failure);
	case OPTION_IDLE_MAX:
		return option_number("--idle-max", argument, IDLE_LEAST_MAX_S,
			IDLE_MOST_MAX_S, &asked->idle_max, failure);
	case OPTION_IDLE_PRECISION:
		return option_number("--idle-precision", argument, 1,
			IDLE_MOST_PRECISION_PERCENT, &asked->idle_precision,
			failure);
	case OPTION_HTML:
		asked->page = argument;
		return true;
	case OPTION_TRIGGER:
		return probe_trigger_take(argument, &asked->trigger,
			&asked->trigger_file, failure);
	case OPTION_SEND:
		asked->is_trigger_sent = true;
		return true;
	case OPTION_VERIFY:
		asked->is_verified = true;
		return true;
	case OPTION_CLIENT_ALGORITHMS:
	case OPTION_STARTUPS:
	case OPTION_LOGIN_GRACE:
		return take_ssh_option(asked, id, argument, failure);
	case OPTION_SNI:
		return take_server_name(asked, argument, failure);
	case OPTION_ADVICE:
		asked->is_advice = true;
		return true;
	case OPTION_FAIL_ON:
		return fail_on_path_parse(&asked->fail_on, argument, failure);
	case OPTION_NAMES:
		asked->has_names = true;
		return true;
	default:
		asked->is_dry_run = true;
		return true;
	}
}

static void usual(uint64_t *asked, uint64_t value)
{
	if (*asked == 0)
		*asked = value;
}

void probe_asked_complete(struct probe_asked *asked)
{
	asked->is_port_named = asked->port != 0;
	usual(&asked->port, USUAL_PORT);
	usual(&asked->rate, USUAL_RATE);
	usual(&asked->max_ttl, USUAL_TTL);
	usual(&asked->idle_max, IDLE_USUAL_MAX_S);
	usual(&asked->idle_precision, IDLE_USUAL_PRECISION_PERCENT);
	usual(&asked->startups, SSH_USUAL_AT_ONCE);
}
