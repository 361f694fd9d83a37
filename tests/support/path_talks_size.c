/* Talks about sizes on the way there, and back. */
#include "tests/support/path_talks_parts.h"

/* Each router but the third and later ones reports packets of 1401 bytes as
 * expired, and all report those of 1400: the third link does not take them. */
static void hole(struct path_story *story)
{
	path_story_tell_hole(story);
}

const struct path_talk path_talks_size[] = {
	{
		.name = "a hole is named by size and link",
		.tell = hole,
		.found = "pmtu-black-hole certain by hole-at-link, forward "
			 "mtu 1400 after 2 before 3\n",
	},
};
const unsigned path_talks_size_count =
	sizeof(path_talks_size) / sizeof(path_talks_size[0]);
