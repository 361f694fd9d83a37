/* One connection as a picture: the ladder, or a plot where one is asked for. */
#ifndef REPORT_PICTURE_H
#define REPORT_PICTURE_H

#include "report/packet_view.h"

void picture_packet(const struct packet_view *view, const struct packet *packet,
	enum speaker speaker);
void picture_svg(const struct packet_view *view);
void picture_png(const struct packet_view *view);

/* Pictures that say in a sentence why there is none. */
void picture_svg_none(const char *sentence, FILE *out);
void picture_png_none(const char *sentence, FILE *out);

#endif
