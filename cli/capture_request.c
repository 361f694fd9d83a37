#include "cli/capture_request.h"

#include <stdio.h>
#include <string.h>

#include "cli/output_file.h"
#include "cli/task_apart.h"

/* A packet waits so long, or little longer, in the kernel's buffer; then it is
 * judged, and is in the recording. Together that is to be below 100 ms. */
enum { BLOCK_MS = 50 };

const struct option_row capture_options[] = {
	{'i', "interface", "IFACE",
		"interface (a name, a number of -D, or any)"},
	{'w', NULL, "FILE", "record to FILE (pcapng)"},
	{'c', NULL, "N", "stop after N packets"},
	{'s', NULL, "BYTES", "snapshot length: bytes kept of each packet "
		"(262144)"},
	{'B', NULL, "KIB", "size of the kernel's buffer"},
	{'Q', NULL, "WAY", "in, out or inout"},
	{'p', NULL, NULL, "no promiscuous mode"},
	{'C', NULL, "MB", "rotate: begin another file above so many million "
		"bytes"},
	{'G', NULL, "SECONDS",
		"rotate: begin another file after so many seconds; FILE is a "
		"strftime format"},
	{'W', NULL, "COUNT",
		"with -C: number of files in the rotation; with -G alone: stop "
		"after so many"},
	{'U', NULL, NULL, "write each packet to FILE at once"},
	{OPTION_BY, "by", "WORD",
		"count failures by mechanism, server, client, port, hop, sni "
		"or minute"},
	{OPTION_TOP, "top", "N",
		"groups and rows of tables that are shown (20)"},
	{'D', NULL, NULL, "list the interfaces"},
	{0},
};

static bool parse_direction(struct capture_request *request,
	const char *argument, struct failure *failure)
{
	if (strcmp(argument, "in") == 0)
		request->live.direction = FRAME_INBOUND;
	else if (strcmp(argument, "out") == 0)
		request->live.direction = FRAME_OUTBOUND;
	else if (strcmp(argument, "inout") == 0)
		request->live.direction = FRAME_ANY_WAY;
	else
		return failure_set(failure, EXIT_USAGE,
			"-Q takes in, out or inout, not %.100s", argument);
	return true;
}

bool capture_request_take(struct capture_request *request, int id,
	const char *argument, struct failure *failure)
{
	uint64_t number;

	switch (id) {
	case 'i':
		if (request->live.interface)
			return failure_set(failure, EXIT_USAGE,
				"-i takes one interface, not %.100s and "
				"%.100s: -i any listens on all of them; or "
				"run one capture on each, and `culprit "
				"analyze` both recordings",
				request->live.interface, argument);
		request->live.interface = argument;
		return true;
	case 'w':
		request->record.path = argument;
		return true;
	case 'C':
		if (!option_number(
			    "-C", argument, 1, UINT32_MAX, &number, failure))
			return false;
		request->record.largest_bytes = number * 1000000;
		return true;
	case 'G':
		return option_number("-G", argument, 1, UINT32_MAX,
			&request->record.period_s, failure);
	case 'W':
		return option_number("-W", argument, 1, UINT32_MAX,
			&request->record.most_files, failure);
	case 'c':
		return option_number("-c", argument, 1, UINT64_MAX,
			&request->max_packets, failure);
	case 's': /* 0 means the default, as it does for tcpdump */
		if (!option_number("-s", argument, 0, 262144, &number, failure))
			return false;
		request->live.snap_bytes = (uint32_t)number;
		return true;
	case 'B':
		if (!option_number("-B", argument, 1, INT32_MAX / 1024, &number,
			    failure))
			return false;
		request->live.buffer_kib = (uint32_t)number;
		return true;
	case 'Q':
		return parse_direction(request, argument, failure);
	case 'p':
		request->is_not_promiscuous = true;
		return true;
	case 'U': /* as it always is */
		return true;
	default:
		request->is_listing = true;
		return true;
	}
}

/* The words of the filter, with spaces between them. */
static bool join_filter(struct capture_request *request,
	const struct command_run *run, struct failure *failure)
{
	size_t at = 0;

	for (unsigned i = 0; i < run->operand_count; i++) {
		at += (size_t)snprintf(request->filter + at,
			sizeof(request->filter) - at, "%s%s", i ? " " : "",
			run->operands[i]);
		if (at >= sizeof(request->filter))
			return failure_set(failure, EXIT_USAGE,
				"a filter of more than %d bytes",
				CAPTURE_FILTER_BYTES);
	}
	if (run->operand_count > 0)
		request->live.filter = request->filter;
	request->live.place = &task_apart;
	return true;
}

static bool check_recording(const struct capture_request *request,
	const struct command_run *run, struct failure *failure)
{
	const struct rotation *record = &request->record;

	if (rotation_is_used(record) &&
		(!record->path || output_file_is_standard(record->path)))
		return failure_set(failure, EXIT_USAGE,
			"-C and -G rotate files: name them with -w FILE");
	if (record->most_files && !rotation_is_used(record))
		return failure_set(failure, EXIT_USAGE,
			"-W counts the files that -C or -G begin");
	return command_check_recording(run, record->path, failure);
}

bool capture_request_check(struct capture_request *request,
	const struct command_run *run, struct failure *failure)
{
	if (request->is_listing)
		return true;
	if (!request->live.interface)
		return failure_set(failure, EXIT_USAGE,
			"capture needs -i IFACE; `culprit capture -D` lists "
			"the interfaces");
	request->live.is_promiscuous = !request->is_not_promiscuous;
	request->live.timeout_ms = BLOCK_MS;
	return check_recording(request, run, failure) &&
	       join_filter(request, run, failure);
}
