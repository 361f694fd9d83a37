/* A group of incidents in words: where it happened, how its packets look, how
 * far it spreads; and the table of all failures. */
#ifndef REPORT_GROUP_TEXT_H
#define REPORT_GROUP_TEXT_H

#include "report/groups.h"
#include "report/layout.h"

enum { GROUP_WHERE_TEXT = 200, GROUP_LOOK_TEXT = 160 };

/* "192.0.2.10:22, 14 clients"; "4,090 servers, port 443, hop 6 to 12". */
const char *group_where(char text[GROUP_WHERE_TEXT], const struct group *group);

/* "RST,ACK, window zero, DF, id copied, no options, initial ttl 64"; "" for
 * what is not told by its packets. */
const char *group_look(char text[GROUP_LOOK_TEXT], const struct group *group);

/* "192.0.2.0/24", "2001:db8::/48" */
enum { NETWORK_TEXT = 64 };
const char *network_text(
	char text[NETWORK_TEXT], const struct address *network, uint8_t family);

/* What a group of several connections is told with below its headline: who and
 * when, the grades, and who has much more than his share. */
void group_spread_lines(const struct layout *layout, unsigned indent,
	const struct group *group);

#endif
