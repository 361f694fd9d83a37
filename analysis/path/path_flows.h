/* Whether connections with other ports, and packets of other protocols, pass
 * the sizes that the run's passes: routers with several routes, and load
 * balancers, choose by protocol and ports. */
#ifndef ANALYSIS_PATH_PATH_FLOWS_H
#define ANALYSIS_PATH_PATH_FLOWS_H

#include "analysis/path/mtu_bound.h"
#include "analysis/path/path_case.h"

enum { PATH_FLOWS = 32 };

/* What one of them passes. */
struct path_flow {
	const struct path_stream *stream; /* NULL: of no one port */
	bool is_stray;	 /* that port's stray segments, and no connection's */
	uint32_t passed; /* largest that arrived; 0: none did */
	uint32_t failed; /* the least above that was sent; 0: none was */
	unsigned failed_sent;
	uint64_t passed_frame, failed_frame;
	uint32_t last_arrived; /* row */
	uint32_t failed_row;   /* the first */
	int refused_row;       /* of `failed`, with a PTB; -1: none came */
	int claimed_row; /* with a PTB that names `passed`; -1: none came */
	unsigned claims, larger_sent; /* of these, and in all above `passed` */
	uint32_t top; /* the largest size sent, if above `failed` */
	unsigned top_sent;
	bool is_top_told; /* a PTB came for one of them */
	/* of `passed` and smaller ones: sent, and without a response */
	unsigned below_sent, below_lost;
	uint64_t top_frame;
};

struct path_flows {
	const struct mtu_bound *run; /* the run's own connection */
	unsigned count;		     /* of those that are known */
	struct path_flow flow[PATH_FLOWS];
	/* of these and the run's: known, and losing what another passes */
	unsigned known, losing;
	uint32_t lost_bytes;   /* the least size that those lose */
	bool is_less, is_more; /* one passes less, or more, than the run's */
};

/* The probability that loss alone, or a limit of resets, explains what it lost.
 */
double path_flows_chance(
	const struct mtu_bound *run, const struct path_flow *flow);

/* What the flows show, by TCP; none are known where the run's connection did
 * not measure. */
struct path_flows path_flows_find(
	const struct path *path, const struct mtu_bound *run);

/* Sets whether they agree. */
void path_flows_set(const struct path *path, struct path_case *one,
	const struct path_flows *flows);
/* A case for each smaller size that some of them pass. */
void path_flows_cases(const struct path *path,
	const struct path_case_sink *sink, const struct path_flows *flows);

#endif
