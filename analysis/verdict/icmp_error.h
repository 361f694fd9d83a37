/* The ICMP error that decides an ending, and the meaning of ICMP errors. To
 * which connection one belongs: analysis/observe/observe_icmp.c. */
#ifndef ANALYSIS_VERDICT_ICMP_ERROR_H
#define ANALYSIS_VERDICT_ICMP_ERROR_H

#include "analysis/observe/closed_conn.h"
#include "analysis/thresholds/thresholds.h"

/* The deciding ICMP error: the last that is not a PTB; NULL. */
const struct error_note *icmp_error_deciding(
	const struct thresholds *thresholds, const struct closed_conn *conn);

bool icmp_error_is_prohibited(const struct packet_note *note, bool is_v6);

#endif
