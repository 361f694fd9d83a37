#include "analysis/compare/span.h"

#include <stdlib.h>

#include "capture/array.h"

/* NULL: there are more pairs of lanes than are told apart. */
static struct span *span_of(struct compare *compare, uint8_t after,
	uint8_t before, bool is_to_server)
{
	struct span *span;

	for (unsigned i = 0; i < compare->span_count; i++) {
		span = &compare->spans[i];
		if (span->after == after && span->before == before &&
			span->is_to_server == is_to_server)
			return span;
	}
	if (compare->span_count == SPANS_MOST)
		return NULL;
	span = &compare->spans[compare->span_count];
	*span = (struct span){
		.after = after,
		.before = before,
		.is_to_server = is_to_server,
		.delays_ns = calloc(SPAN_SAMPLES, sizeof(*span->delays_ns)),
		.delay_stride = 1,
	};
	if (!span->delays_ns)
		return NULL;
	compare->span_count++;
	return span;
}

struct span *span_behind(
	struct compare *compare, const struct row_set *rows, unsigned first)
{
	uint8_t near = rows->lanes[first], far = rows->lanes[first + 1];

	return span_of(compare, rows->is_to_server ? near : far,
		rows->is_to_server ? far : near, rows->is_to_server);
}

void span_add_delay(struct span *span, int64_t delay_ns)
{
	if (++span->delay_skipped < span->delay_stride)
		return;
	span->delay_skipped = 0;
	if (span->delay_count == SPAN_SAMPLES) {
		for (unsigned i = 0; i < SPAN_SAMPLES / 2; i++)
			span->delays_ns[i] = span->delays_ns[2 * i];
		span->delay_count = SPAN_SAMPLES / 2;
		span->delay_stride *= 2;
	}
	span->delays_ns[span->delay_count++] = delay_ns;
}

void span_settle_delays(struct compare *compare)
{
	for (unsigned i = 0; i < compare->span_count; i++) {
		struct span *span = &compare->spans[i];

		if (span->delay_count == 0)
			continue;
		array_sort(span->delays_ns, span->delay_count);
		span->least_ns = span->delays_ns[0];
		span->median_ns = span->delays_ns[span->delay_count / 2];
		span->most_ns = span->delays_ns[span->delay_count - 1];
	}
}
