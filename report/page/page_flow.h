/* The packets of a connection in the HTML report, for its ladder and plots. */
#ifndef REPORT_PAGE_PAGE_FLOW_H
#define REPORT_PAGE_PAGE_FLOW_H

#include "report/flow_packets.h"
#include "report/page/page.h"
#include "report/segment_fates.h"

/* Of a connection that is drawn whole, at most so many packets: the first ones,
 * and those within so many frames of the fatal one. */
enum { PAGE_FIRST_PACKETS = 100000, PAGE_NEAR_FRAMES = 50000 };

/* What the next packet's numbers are told against. */
struct page_side {
	uint32_t sequence, acknowledged, tsval, tsecr, label;
	uint8_t tos;
};

struct page_flow {
	struct report_page *page;
	const struct report_source *source;
	const struct incident *incident; /* NULL: nothing happened to it */
	struct page_side sides[2];
	int64_t last_ns;
	uint64_t last_number; /* of a frame, in its file */
	unsigned file;
	uint64_t seen, written;
	uint64_t unsaid; /* left out since the last that was written */
	struct segment_fates fates;
};

/* Begins a connection's lines. `row` is the number of its incident's line;
 * UINT64_MAX: it has none. */
void page_flow_begin(struct page_flow *flow, struct report_page *page,
	const struct report_source *source, const struct incident *incident,
	const struct flow_name *name, uint64_t row);
/* One packet of it, in the order of recording; never SPEAKER_NOBODY. Says how
 * many were left out before it if `left_out` is not 0. `flow` stays where it
 * is. */
void page_flow_packet(struct page_flow *flow, const struct packet *packet,
	enum speaker speaker, uint64_t left_out);
/* The same, of a long connection as many as a browser bears. */
void page_flow_sample(struct page_flow *flow, const struct packet *packet,
	enum speaker speaker);
/* Ends them: of so many packets. */
void page_flow_end(struct page_flow *flow, uint64_t total);

#endif
