/* How many servers answer at the port, at the least: behind a load balancer, or
 * together with a device that answers some of the SYNs. */
#ifndef ANALYSIS_PATH_PATH_BACKENDS_H
#define ANALYSIS_PATH_PATH_BACKENDS_H

#include "analysis/path/path_record.h"

/* Their number, at the least, by what differs between connections: the initial
 * TTL or the window scale (RFC 7323, 2) of SYN-ACKs, or the server's
 * identification (RFC 4253, 4.2). Window scales that are missing say nothing: a
 * SYN cookie has none, nor what a device took it from. 0: none is known. After
 * all packets. */
struct path_backends path_backends_find(const struct path *path);

#endif
