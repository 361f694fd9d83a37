/* The algorithms that one side proposes: the name-lists of its KEXINIT (RFC
 * 4253, 7.1), and what two sides have in common. */
#ifndef ANALYSIS_OBSERVE_SSH_PROPOSAL_H
#define ANALYSIS_OBSERVE_SSH_PROPOSAL_H

#include "analysis/observe/ssh.h"
#include "capture/cursor.h"

/* In the order of enum ssh_algorithm; they lie in the packet's bytes. */
struct ssh_proposal {
	struct cursor lists[SSH_ALGORITHM_COUNT];
};

/* Of a KEXINIT from its packet's length on. False when the bytes do not reach
 * as far as its lists. */
bool ssh_proposal_read(struct cursor packet, struct ssh_proposal *proposal);
/* Which classes have nothing in common, as bits of enum ssh_algorithm. False,
 * and not known, where a list is longer than any that is meant to be read. */
bool ssh_proposal_compare(const struct ssh_proposal *client,
	const struct ssh_proposal *server, uint8_t *missing);

#endif
