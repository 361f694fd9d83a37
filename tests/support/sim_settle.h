#ifndef TESTS_SUPPORT_SIM_SETTLE_H
#define TESTS_SUPPORT_SIM_SETTLE_H

#include "tests/support/sim_talk.h"

/* Conversation `number` of a place before its first packet. */
void sim_settle(struct sim_talk *talk, const struct sim_place *place,
	unsigned number, int64_t start_ns);

#endif
