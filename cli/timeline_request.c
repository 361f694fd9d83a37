#include "cli/timeline_request.h"

#include <string.h>
#include <sys/stat.h>

#include "cli/around.h"
#include "report/address_text.h"

enum {
	OPTION_FLOW = OPTION_FIRST_LONG,
	OPTION_FRAME,
	OPTION_STREAM,
	OPTION_FIRST,
	OPTION_AROUND,
	OPTION_FILTER,
	OPTION_HTML,
	OPTION_PLOT,
	OPTION_XPLOT,
	OPTION_READ_FILE = 'r',
	OPTION_WRITE_FILE = 'w',
};

const struct option_row timeline_options[] = {
	{OPTION_READ_FILE, NULL, "FILE", "a capture file, as in tcpdump -r"},
	{OPTION_FLOW, "flow", "A:P-B:P",
		"this connection, as reports print it; or of this end: A:P"},
	{OPTION_FRAME, "frame", "N", "the connection of this packet"},
	{OPTION_STREAM, "stream", "N",
		"the connection that Wireshark calls tcp.stream N"},
	{OPTION_FIRST, "first", NULL,
		"the failure that came first, instead of the worst"},
	{OPTION_AROUND, "around", "N",
		"only N packets before and after the fatal one, or --frame's"},
	{OPTION_FILTER, "filter", "EXPR", "only packets that match (BPF)"},
	{OPTION_HTML, "html", "FILE",
		"the connection for a browser: one file, no network"},
	{OPTION_PLOT, "plot", "WHAT",
		"as a picture: sequence, rtt, ttl or ip-id over time instead of "
		"the ladder"},
	{OPTION_XPLOT, "xplot", "PREFIX",
		"its sequence numbers for xplot, in PREFIX-client.xpl and "
		"PREFIX-server.xpl"},
	{OPTION_WRITE_FILE, NULL, "FILE",
		"copy the recording (pcapng), verdicts as packet comments"},
	{0},
};

/* What stands between both ends, in reports, in JSON and at the prompt; `ends`
 * is where the client's text ends. NULL: there is one end only. */
static const char *separator_in(const char *argument, size_t *ends)
{
	static const char *const separators[] = {
		" → ", "→", " -> ", "->", " > ", ">", " - ", "-", ",", " "};

	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]);
		i++) {
		const char *found = strstr(argument, separators[i]);

		if (!found)
			continue;
		*ends = (size_t)(found - argument);
		return found + strlen(separators[i]);
	}
	*ends = strlen(argument);
	return NULL;
}

static bool parse_flow(struct timeline_request *request, const char *argument,
	struct failure *failure)
{
	size_t ends;
	const char *server = separator_in(argument, &ends);
	struct flow_name *flow = &request->flow;
	uint8_t server_family;

	request->is_lone = !server;
	if (endpoint_of_text(argument, ends, &flow->client, &flow->family) &&
		(!server || (endpoint_of_text(server, strlen(server),
				     &flow->server, &server_family) &&
				    flow->family == server_family)))
		return true;
	return failure_set(failure, EXIT_USAGE,
		"--flow takes CLIENT:PORT-SERVER:PORT, as in "
		"10.0.0.1:40000-10.0.0.2:22 or [fd00::1]:40000-[fd00::2]:22, "
		"or one end, 10.0.0.2:22, not %.100s",
		argument);
}

static bool parse_plot(struct timeline_request *request, const char *argument,
	struct failure *failure)
{
	for (unsigned i = PLOT_NONE + 1; i < PLOT_COUNT; i++)
		if (strcmp(argument, plot_word((enum plot_kind)i)) == 0) {
			request->plot = (enum plot_kind)i;
			return true;
		}
	return failure_set(failure, EXIT_USAGE,
		"--plot takes sequence, rtt, ttl or ip-id, not %.100s",
		argument);
}

bool timeline_request_take(struct timeline_request *request,
	struct command_run *run, int id, const char *argument,
	struct failure *failure)
{
	switch (id) {
	case OPTION_READ_FILE:
		command_add_operand(run, argument);
		return true;
	case OPTION_FLOW:
		return parse_flow(request, argument, failure);
	case OPTION_FRAME:
		return option_number("--frame", argument, 1, UINT64_MAX,
			&request->frame, failure);
	case OPTION_STREAM:
		request->has_stream = true;
		return option_number("--stream", argument, 0, UINT32_MAX - 1,
			&request->stream, failure);
	case OPTION_FIRST:
		request->is_first = true;
		return true;
	case OPTION_AROUND:
		return option_number("--around", argument, 1, AROUND_MOST,
			&request->around, failure);
	case OPTION_FILTER:
		request->filter = argument;
		return true;
	case OPTION_XPLOT:
		request->xplot.prefix = argument;
		return true;
	case OPTION_PLOT:
		return parse_plot(request, argument, failure);
	case OPTION_HTML:
		request->page.path = argument;
		return true;
	default:
		request->copy_path = argument;
		return true;
	}
}

/* Two passes need a file that can be read twice. */
static bool can_read_twice(const char *path, struct failure *failure)
{
	struct stat state;

	if (strcmp(path, "-") == 0 ||
		(stat(path, &state) == 0 && !S_ISREG(state.st_mode)))
		return failure_set(failure, EXIT_USAGE,
			"timeline reads its input twice, which is not possible "
			"with %s: save it to a file first",
			strcmp(path, "-") == 0 ? "standard input" : path);
	return true;
}

bool timeline_request_check(const struct timeline_request *request,
	const struct command_run *run, struct failure *failure)
{
	if (run->operand_count == 0)
		return failure_set(
			failure, EXIT_USAGE, "timeline needs a capture file");
	if ((request->frame != 0) + (request->flow.family != 0) +
			request->has_stream >
		1)
		return failure_set(failure, EXIT_USAGE,
			"--flow, --frame and --stream exclude each other: "
			"give one");
	if (request->is_first &&
		(request->frame != 0 || request->has_stream ||
			(request->flow.family != 0 && !request->is_lone)))
		return failure_set(failure, EXIT_USAGE,
			"--first chooses among failures: with a connection "
			"named there is nothing to choose");
	if (request->plot != PLOT_NONE && !run->common.format->is_picture)
		return failure_set(failure, EXIT_USAGE,
			"--plot is a picture: add --svg or --png, or -o "
			"FILE.svg or FILE.png");
	if (request->copy_path && (request->page.path || request->xplot.prefix))
		return failure_set(failure, EXIT_USAGE,
			"-w and %s exclude each other: both read the packets "
			"again",
			request->page.path ? "--html" : "--xplot");
	for (unsigned i = 0; i < run->operand_count; i++)
		if (!can_read_twice(run->operands[i], failure))
			return false;
	return page_file_check(&request->page, run, failure);
}
