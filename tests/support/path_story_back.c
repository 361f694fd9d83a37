#include "tests/support/path_story_back.h"

void path_story_back_there(struct path_story *story, unsigned sent)
{
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (unsigned i = 0; i < sent; i++) {
		struct packet probe =
			path_story_segment(story, PATH_STORY_FULL, 64);

		path_story_named(story, &probe);
	}
}

uint16_t path_story_back_connect(
	struct path_story *story, unsigned index, uint32_t size)
{
	uint16_t port = (uint16_t)(PATH_STORY_PORT + 1 + index);

	path_story_say(
		story, port, TCP_SYN, 0, (uint16_t)(size - PATH_STORY_HEADERS));
	path_story_hear(story, port, TCP_SYN | TCP_ACK, 0, 0);
	return port;
}

void path_story_back_segment(struct path_story *story, uint16_t port,
	uint16_t flags, uint32_t first, uint32_t size)
{
	path_story_hear(
		story, port, TCP_ACK | flags, first, size - PATH_STORY_HEADERS);
	story->time_ns += 200000000;
	path_story_hear(
		story, port, TCP_ACK | flags, first, size - PATH_STORY_HEADERS);
	path_story_say(story, port, TCP_ACK, 1, 0);
}

void path_story_back_arrives(
	struct path_story *story, unsigned index, uint32_t size)
{
	path_story_back_segment(story,
		path_story_back_connect(story, index, size), TCP_PSH, 1, size);
}

void path_story_back_missing(
	struct path_story *story, unsigned index, uint32_t size)
{
	path_story_back_segment(story,
		path_story_back_connect(story, index, size), TCP_PSH,
		size - PATH_STORY_HEADERS + 1, 100);
}

void path_story_back_missing_often(
	struct path_story *story, unsigned count, uint32_t size)
{
	for (unsigned i = 0; i < count; i++)
		path_story_back_missing(story, 10 + i, size);
}

void path_story_back_cut(
	struct path_story *story, uint16_t flags, uint32_t size)
{
	uint16_t port = path_story_back_connect(story, 40, PATH_STORY_FULL);

	path_story_say(story, port, TCP_ACK | TCP_PSH, 1, 0);
	path_story_say(story, port, TCP_ACK, 17, 0);
	path_story_back_segment(story, port, flags, 1, size);
}
