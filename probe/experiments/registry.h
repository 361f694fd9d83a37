/* The experiments that there are, in the order in which they are listed and
 * begin. To add one: its line in probe/protocol/probe_experiment.def, its file
 * here with one const record, its row in registry.c (docs/extending.md). */
#ifndef PROBE_EXPERIMENTS_REGISTRY_H
#define PROBE_EXPERIMENTS_REGISTRY_H

#include "probe/engine/experiment.h"

#define EXPERIMENT(NAME, name, word)                                           \
	extern const struct experiment experiment_##name;
#include "probe/protocol/probe_experiment.def"
#undef EXPERIMENT

struct registry_row {
	const struct experiment *experiment;
	const char *help;   /* one line for people */
	uint32_t goes_with; /* a set: those run as well where this one does */
	bool is_usual;	    /* runs when none is named */
	const char *others; /* what it sends to other ports, or NULL */
};

extern const struct registry_row registry_rows[EXPERIMENT_COUNT];

/* The set that runs when these were named; 0: none was. */
uint32_t registry_choose(uint32_t named);
/* Fills in the records of a set; returns how many. */
unsigned registry_records(
	uint32_t chosen, const struct experiment *records[EXPERIMENT_COUNT]);

#endif
