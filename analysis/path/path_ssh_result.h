/* The SSH connections of a recording, as the files of the judge share them. */
#ifndef ANALYSIS_PATH_PATH_SSH_RESULT_H
#define ANALYSIS_PATH_PATH_SSH_RESULT_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"
#include "analysis/path/path_resets.h"
#include "analysis/path/path_ssh_reading.h"

struct ssh_result {
	/* the first of each purpose; flow NULL: there is none */
	struct ssh_reading phases, large;
	const struct path_dialog
		*refused; /* the first with a refusal in words */
	enum ssh_refusal refusal;
	uint64_t refusal_frame;
	const struct path_dialog *closed; /* one of several, without a word */
	unsigned identified;	    /* connections that got an identification */
	unsigned identified_before; /* the refusal, or the close */
	unsigned most_open;	    /* at once, and all identified */
	unsigned late;		    /* identifications */
	const struct path_dialog *ended;   /* by the server, unauthenticated */
	const struct path_dialog *longest; /* that we ended, or nobody */
	uint64_t spoke_frame;		   /* the server's first word on any */
};

static inline double path_ssh_seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

/* Whether the server had as long to answer what we said last as the prober
 * waits; its clock begins before the recording's. */
static inline bool path_ssh_has_waited(const struct ssh_reading *reading)
{
	const struct dialog_stream *own = &reading->flow->own;
	int64_t waited_ns =
		own->arrival_count && reading->flow->left_frame
			? path_record_elapsed_ns(
				  own->arrivals[own->arrival_count - 1].ns,
				  reading->flow->left_ns)
			: -1;

	return waited_ns >= (SSH_MESSAGE_WAIT_S - 1) * INT64_C(1000000000);
}

/* Whether the server ended it, before we did. */
static inline bool path_ssh_has_server_ended(
	const struct path *path, const struct path_dialog *flow)
{
	return path_dialog_is_closed(flow) && !path_resets_is_cut(path, flow);
}

/* Reads all connections of the recording. */
void path_ssh_result_read(const struct path *path, struct ssh_result *result);

/* When it came, from the handshake on, beyond the round trip that every answer
 * takes; -1: not known. */
int64_t path_ssh_wait_ns(const struct path *path,
	const struct path_dialog *flow, const struct dialog_arrival *arrival);
/* Whether that is longer than usual servers take. */
bool path_ssh_is_late(const struct path *path, const struct path_dialog *flow,
	const struct dialog_arrival *banner);
/* Whether the server accepted and ended it, and said nothing. */
bool path_ssh_is_closed_unsaid(const struct path_dialog *flow);
/* How long it was open; -1: not known. */
int64_t path_ssh_age_ns(
	const struct path *path, const struct path_dialog *flow);

/* Which algorithms nobody shares, and the line that mends it. */
void path_ssh_set_algorithms(
	struct path_case *one, const struct ssh_result *result);
/* Whether large packets get through the key exchange; a case of its own. */
void path_ssh_large_case(const struct path *path,
	const struct ssh_result *result, const struct path_case_sink *sink);
/* Whether packets with the DSCP of sessions do; likewise. */
void path_ssh_marks_case(
	const struct path *path, const struct path_case_sink *sink);

/* What the server said on a connection of any experiment: that it has too many.
 */
void path_ssh_startups_case(
	const struct path *path, const struct path_case_sink *sink);
/* The same of "Not allowed at this time". */
void path_ssh_not_allowed_case(
	const struct path *path, const struct path_case_sink *sink);

#endif
