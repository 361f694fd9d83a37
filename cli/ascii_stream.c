#include "cli/ascii_stream.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CHARACTER_BYTES = 4 };

struct ascii_stream {
	FILE *inner;
	/* a character of which not all bytes have come */
	char pending[CHARACTER_BYTES + 1];
	size_t pending_bytes;
};

/* What reports are drawn with. */
static const struct {
	const char *character, *ascii;
} look_alikes[] = {
	{"─", "-"},
	{"│", "|"},
	{"├", "+"},
	{"┤", "+"},
	{"┼", "+"},
	{"└", "`"},
	{"▶", ">"},
	{"◀", "<"},
	{"→", ">"},
	{"╳", "X"},
	{"·", "."},
	{"…", "..."},
	{"±", "+-"},
};

bool ascii_stream_is_wanted(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *said = getenv(names[i]);

		if (said && said[0] != '\0')
			return !strcasestr(said, "utf-8") &&
			       !strcasestr(said, "utf8");
	}
	return true;
}

static size_t bytes_of(unsigned char first)
{
	if (first < 0xc0)
		return 1;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

static void put(struct ascii_stream *stream)
{
	const char *text = stream->pending;

	stream->pending[stream->pending_bytes] = '\0';
	if ((unsigned char)text[0] >= 0x80) {
		text = "?";
		for (size_t i = 0;
			i < sizeof(look_alikes) / sizeof(look_alikes[0]); i++)
			if (strcmp(stream->pending, look_alikes[i].character) ==
				0)
				text = look_alikes[i].ascii;
		(void)fputs(text, stream->inner); /* ferror tells */
	} else {
		(void)fputc(text[0], stream->inner);
	}
	stream->pending_bytes = 0;
}

static ssize_t write_text(void *cookie, const char *text, size_t bytes)
{
	struct ascii_stream *stream = cookie;

	for (size_t i = 0; i < bytes; i++) {
		bool goes_on = ((unsigned char)text[i] & 0xc0) == 0x80;

		if (stream->pending_bytes && !goes_on)
			put(stream); /* a character that was cut */
		stream->pending[stream->pending_bytes++] = text[i];
		if (stream->pending_bytes >=
			bytes_of((unsigned char)stream->pending[0]))
			put(stream);
	}
	return fflush(stream->inner) == 0 ? (ssize_t)bytes : 0;
}

static int close_stream(void *cookie)
{
	struct ascii_stream *stream = cookie;
	int is_lost;

	if (stream->pending_bytes)
		put(stream);
	is_lost = fclose(stream->inner);
	free(stream);
	return is_lost;
}

FILE *ascii_stream_on(FILE *inner)
{
	struct ascii_stream *stream = calloc(1, sizeof(*stream));
	FILE *outer;

	if (!stream)
		return NULL;
	stream->inner = inner;
	outer = fopencookie(stream, "w",
		(cookie_io_functions_t){
			.write = write_text, .close = close_stream});
	if (!outer)
		free(stream);
	return outer;
}
