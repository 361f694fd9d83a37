/* What a device looks for, as people and scripts read it. */
#ifndef REPORT_TRIGGER_TEXT_H
#define REPORT_TRIGGER_TEXT_H

#include "analysis/verdict/incident.h"
#include "report/address_text.h"

enum {
	TRIGGER_VALUE = TRIGGER_TEXT + ADDRESS_TEXT,
	TRIGGER_SENTENCE = TRIGGER_VALUE + 256,
};

/* "example.org", "443", "192.0.2.0/24". */
void trigger_value(char text[TRIGGER_VALUE], const struct incident *incident);

/* "SNI example.org: 12 of 12 connections with it were reset, 0 of 340
 * without." */
void trigger_sentence(
	char text[TRIGGER_SENTENCE], const struct incident *incident);

#endif
