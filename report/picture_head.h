/* What stands above a picture of a connection: the verdict in a line, the
 * connection, time of day and place of the fatal packet, the verdict in a
 * sentence. */
#ifndef REPORT_PICTURE_HEAD_H
#define REPORT_PICTURE_HEAD_H

#include "report/incident_text.h"
#include "report/packet_view.h"
#include "report/svg.h"
#include "report/titles.h"

enum {
	PICTURE_COLUMNS = 100, /* of what stands above and below */
	PICTURE_TITLE = HEADLINE_TEXT + WHO_TEXT + FLOW_TEXT + 32,
	PICTURE_SENTENCE = 768,
};

/* "FORGED RESET · certain · device on the path, hop 4"; without an incident
 * the connection. */
const char *picture_title(
	char text[PICTURE_TITLE], const struct packet_view *view);

/* The verdict in a sentence. */
const char *picture_sentence(
	char text[PICTURE_SENTENCE], const struct incident *incident);

/* Draws it; returns where what comes below may begin. */
int picture_head(struct svg *svg, const struct packet_view *view);

#endif
