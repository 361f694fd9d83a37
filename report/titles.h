/* Mechanisms and culprits in plain words, for people. Scripts get the words of
 * analysis/verdict/vocabulary.h. */
#ifndef REPORT_TITLES_H
#define REPORT_TITLES_H

#include "analysis/verdict/incident.h"

/* What happened: "idle timeout". `look` is that of the fatal packet. */
const char *failure_title(enum mechanism mechanism, enum party culprit,
	const struct reset_look *look);

/* "NAT or firewall"; "" where nobody is to blame or nobody knows who. */
const char *culprit_title(enum party culprit);

enum { HEADLINE_TEXT = 32 };
/* The failure in capitals: "IDLE TIMEOUT". */
const char *headline_text(
	char text[HEADLINE_TEXT], const struct incident *incident);

enum { WHO_TEXT = 48 };
/* The culprit: "device on the path, hop 4"; "" where nobody knows. */
const char *who_text(char text[WHO_TEXT], const struct incident *incident);

#endif
