/* Name-lists of SSH (RFC 4251, section 5), compared in time that grows with
 * their length and no more, whatever names a sender invents. */
#ifndef ANALYSIS_OBSERVE_SSH_NAMES_H
#define ANALYSIS_OBSERVE_SSH_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/cursor.h"

enum names_common {
	NAMES_NONE,
	NAMES_SOME,
	NAMES_UNKNOWN, /* a list has more than NAMES_MOST names, or has
			  names that were chosen to collide */
};

/* OpenSSH proposes 30 at most. A name is looked for in so many slots. */
enum { NAMES_MOST = 512, NAMES_PROBES = 16 };

/* Whether a name of `client` is also in `server`. Signals that are no
 * algorithms (RFC 8308, strict key exchange) don't count. `steps`: NULL, or is
 * set to the slots that were looked at. */
enum names_common ssh_names_common(
	struct cursor client, struct cursor server, uint32_t *steps);

/* Whether the lists have a cipher in common that brings its own integrity. */
bool ssh_names_need_no_mac(struct cursor client, struct cursor server);

#endif
