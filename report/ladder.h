/* What a ladder of one connection shows, in whatever form it is drawn: its
 * lanes, the lane that each packet was sent from, labels, notes, gaps. */
#ifndef REPORT_LADDER_H
#define REPORT_LADDER_H

#include "report/footnotes.h"
#include "report/ladder_marks.h"
#include "report/packet_view.h"

enum {
	LADDER_DEVICES = 4, /* lanes of devices; the last takes the others */
	LADDER_LABEL = 96,
	LADDER_NOTE = 2048,
	LADDER_GAP = 96,
	LADDER_TIME = 32,
	LADDER_NAME = 24,
	LADDER_ENDPOINT = -1, /* no device: the client or the server */
};

/* A device on the path that sent packets of the connection. */
struct ladder_device {
	bool has_address; /* of the ICMP errors that it sent */
	struct address address;
	unsigned hop; /* see struct incident; 0: not known */
};

struct ladder {
	const struct packet_view *view;
	const struct flow_packet *list[FLOW_PACKETS_MAX];
	unsigned count;
	struct ladder_marks marks;
	/* The sender that the verdict names, if it is a device, and then the
	 * routers in the order of their first packets: not that of the path */
	struct ladder_device devices[LADDER_DEVICES];
	unsigned device_count;
};

/* The packets that view->packets holds. */
void ladder_begin(struct ladder *ladder, const struct packet_view *view);

/* Whether it is the packet that the verdict is about. */
bool ladder_is_fatal(
	const struct ladder *ladder, const struct flow_packet *packet);

/* The number of the device that sent it, with any source address;
 * LADDER_ENDPOINT: the endpoint whose address it carries. */
int ladder_device(
	const struct ladder *ladder, const struct flow_packet *packet);

/* Whether an endpoint sent it, nothing shows that it came to the other end, and
 * copies of it were sent: see report/ladder_marks.h. Its arrow ends on the way,
 * in every form of the ladder. */
bool ladder_is_lost(
	const struct ladder *ladder, const struct flow_packet *packet);

/* From the client to the server. */
bool ladder_is_rightward(const struct flow_packet *packet);

/* "hop 4", "on the path", "other devices" */
const char *ladder_device_name(
	char text[LADDER_NAME], const struct ladder *ladder, unsigned device);

/* "PSH,ACK 517", "ICMP 3/4" */
const char *ladder_label(
	char label[LADDER_LABEL], const struct flow_packet *packet);

/* What is to be said about it, with the numbers of its facts. */
const char *ladder_note(char note[LADDER_NOTE], const struct ladder *ladder,
	struct footnotes *footnotes, const struct flow_packet *packet);

/* What lies between two packets of the list: packets that are left out, or
 * silence; "": neither. */
const char *ladder_gap(char text[LADDER_GAP], bool *is_silence,
	const struct flow_packet *before, const struct flow_packet *after);

/* "+0.011402" since the first packet of the list, or the time of day if --time
 * asks for it; "" where not known. */
const char *ladder_time(char text[LADDER_TIME], const struct ladder *ladder,
	const struct flow_packet *packet);

#endif
