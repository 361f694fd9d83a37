/* Groups of incidents: a thousand connections that failed in the same way are
 * one entry of the report. */
#ifndef REPORT_GROUPS_H
#define REPORT_GROUPS_H

#include "report/source.h"

struct group {
	uint64_t representative; /* index of the incident that is shown */
	uint64_t first_member;	 /* in groups.members */
	uint64_t member_count;
	uint64_t connections; /* a connection may have several incidents */
	uint8_t severity;     /* higher is more severe; 0: benign */
	uint8_t grade;
};

struct groups {
	struct group *groups; /* worst first */
	uint64_t count;
	uint64_t *members; /* indices of incidents, group by group */
	uint64_t died;	   /* connections, of groups that hurt somebody */
};

/* Sorts the source's incidents into groups. False without memory. */
bool groups_make(struct groups *groups, const struct report_source *source);
void groups_free(struct groups *groups);

#endif
