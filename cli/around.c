#include "cli/around.h"

/* What was held back, the oldest first. */
static void release(struct around *around,
	void (*take)(void *, const struct packet *, enum speaker),
	void *context)
{
	uint64_t from = around->before > around->most
				? around->before - around->most
				: 0;

	for (uint64_t i = from; i < around->before; i++)
		take(context, &around->held[i % around->most],
			around->speakers[i % around->most]);
}

void around_packet(struct around *around, const struct packet *packet,
	enum speaker speaker,
	void (*take)(void *, const struct packet *, enum speaker),
	void *context)
{
	bool is_middle = around->frame == 0 || packet->frame == around->frame;

	if (around->most == 0) {
		take(context, packet, speaker);
		return;
	}
	if (around->has_passed) {
		if (around->after++ < around->most)
			take(context, packet, speaker);
		return;
	}
	if (!is_middle) {
		uint64_t at = around->before++ % around->most;

		around->held[at] = *packet;
		/* its bytes go back to the reader */
		around->held[at].payload = around->held[at].segment = NULL;
		around->held[at].payload_captured = 0;
		around->speakers[at] = speaker;
		return;
	}
	around->has_passed = true;
	release(around, take, context);
	take(context, packet, speaker);
}

void around_end(struct around *around,
	void (*take)(void *, const struct packet *, enum speaker),
	void *context)
{
	if (around->most != 0 && !around->has_passed)
		release(around, take, context);
}
