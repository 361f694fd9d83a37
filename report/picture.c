#include "report/picture.h"

#include "report/plot.h"
#include "report/seq_diagram_svg.h"

void picture_packet(const struct packet_view *view, const struct packet *packet,
	enum speaker speaker)
{
	if (view->plot)
		plot_take(view->plot, packet, speaker);
	else
		flow_packets_keep(view->packets, packet, speaker);
}

static void draw(const struct packet_view *view, bool is_png)
{
	if (view->plot)
		plot_draw(view, is_png);
	else
		seq_diagram_draw(view, is_png);
}

void picture_svg(const struct packet_view *view)
{
	draw(view, false);
}

void picture_png(const struct packet_view *view)
{
	draw(view, true);
}

void picture_svg_none(const char *sentence, FILE *out)
{
	seq_diagram_draw_none(sentence, out, false);
}

void picture_png_none(const char *sentence, FILE *out)
{
	seq_diagram_draw_none(sentence, out, true);
}
