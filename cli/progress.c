#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>

#include "capture/live/time_now.h"
#include "report/layout.h"

/* Packets in a second, in three digits. */
static int rate_text(char *text, size_t size, double rate)
{
	if (rate >= 1e6)
		return snprintf(text, size, "  %.1f million/s", rate / 1e6);
	if (rate >= 1e4)
		return snprintf(text, size, "  %.0f thousand/s", rate / 1e3);
	return snprintf(text, size, "  %.0f/s", rate);
}

/* Whole seconds, minutes or hours: it is an estimate. Rounded up, so that it
 * is 0 only at the end. */
static int left_text(char *text, size_t size, double seconds)
{
	if (seconds > 1e9)
		return 0; /* no estimate that anybody wants */
	uint64_t whole =
		(uint64_t)seconds + (seconds > (double)(uint64_t)seconds);

	if (whole >= 2 * 3600)
		return snprintf(text, size,
			"  %" PRIu64 " h %" PRIu64 " min left", whole / 3600,
			whole / 60 % 60);
	if (whole >= 2 * 60)
		return snprintf(
			text, size, "  %" PRIu64 " min left", whole / 60);
	return snprintf(text, size, "  %" PRIu64 " s left", whole);
}

const char *progress_text(
	char text[PROGRESS_TEXT], const struct progress_state *state)
{
	double seconds = (double)state->elapsed_ms / 1000;
	double share = state->total_bytes ? (double)state->done_bytes /
						    (double)state->total_bytes
					  : 0;
	char count[COUNT_TEXT];
	int at = 0;

	if (share > 1)
		share = 1; /* it still grows */
	if (state->total_bytes)
		at += snprintf(text, PROGRESS_TEXT, "%3.0f %%  ", 100 * share);
	at += snprintf(text + at, (size_t)(PROGRESS_TEXT - at), "%s packets",
		count_text(count, state->packets));
	if (seconds <= 0)
		return text;
	at += rate_text(text + at, (size_t)(PROGRESS_TEXT - at),
		(double)state->packets / seconds);
	if (share > 0)
		(void)left_text(text + at, (size_t)(PROGRESS_TEXT - at),
			seconds * (1 - share) / share);
	return text;
}

void progress_begin(struct progress *progress, bool is_wanted)
{
	*progress = (struct progress){.is_wanted = is_wanted,
		.began_ms = is_wanted ? time_now_ms() : 0};
	progress->next_ms = progress->began_ms + PROGRESS_AFTER_MS;
}

bool progress_is_due(struct progress *progress)
{
	int64_t now;

	if (!progress->is_wanted)
		return false;
	now = time_now_ms();
	if (now < progress->next_ms)
		return false;
	progress->next_ms = now + PROGRESS_EVERY_MS;
	return true;
}

void progress_show(struct progress *progress, struct progress_state *state)
{
	char text[PROGRESS_TEXT];

	state->elapsed_ms = time_now_ms() - progress->began_ms;
	/* the rest of a longer line before it goes */
	(void)fprintf(stderr, "\r%s\033[K", progress_text(text, state));
	(void)fflush(stderr);
	progress->is_shown = true;
}

void progress_end(struct progress *progress)
{
	if (progress->is_shown)
		(void)fputs("\r\033[K", stderr);
	progress->is_shown = false;
}
