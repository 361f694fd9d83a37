/* The groups of a report (analysis/verdict/group_split.h) in the order in which
 * they are told, each with its incidents. */
#ifndef REPORT_GROUPS_H
#define REPORT_GROUPS_H

#include "analysis/verdict/group_split.h"
#include "report/source.h"

struct group_entry {
	const struct group *group;
	uint64_t representative; /* index of the incident that is shown: the
				    surest, then the earliest */
	uint64_t first_member;	 /* in groups.members */
	uint64_t member_count;
	uint8_t severity; /* higher is more severe; 0: benign */
	uint8_t grade;	  /* of the representative */
};

/* Incidents of one mechanism, culprit and grade. */
struct group_row {
	uint8_t mechanism, culprit, grade, severity;
	uint64_t connections;
	int64_t first_ns, last_ns; /* INT64_MIN: no time */
	uint32_t groups;	   /* that it is spread over */
	uint32_t entry;		   /* the first of them */
};

struct group_member;

struct groups {
	struct group_member *taken; /* room for all; NULL once ended */
	uint64_t taken_count;
	struct group_table table;
	struct group_list list;
	struct group_entry *entries; /* worst first */
	uint64_t *members;	     /* indices of incidents, group by group */
	struct group_row *rows;	     /* in the order of their entries */
	uint32_t row_count;
	uint64_t died; /* connections, of groups that hurt somebody */
};

/* Sorts the source's incidents into groups. False without memory. */
bool groups_make(struct groups *groups, const struct report_source *source);

/* The same for who reads the incidents anyway: each is taken once, by its
 * index, `most` of them. False without memory; then nothing is to be freed. */
bool groups_begin(struct groups *groups, uint64_t most);
void groups_take(
	struct groups *groups, uint64_t index, const struct incident *incident);
bool groups_end(struct groups *groups);
void groups_free(struct groups *groups);

#endif
