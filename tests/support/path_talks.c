#include "tests/support/path_talks.h"

#include <stdlib.h>

#include "analysis/path/path_record.h"
#include "tests/support/path_talks_parts.h"

static unsigned add(const struct path_talk **talks, unsigned count,
	const struct path_talk *more, unsigned more_count)
{
	if (count + more_count > PATH_TALKS_MOST)
		abort();
	for (unsigned i = 0; i < more_count; i++)
		talks[count++] = &more[i];
	return count;
}

unsigned path_talks_all(const struct path_talk *talks[PATH_TALKS_MOST])
{
	unsigned count = 0;

	count = add(talks, count, path_talks_port, path_talks_port_count);
	count = add(talks, count, path_talks_resets, path_talks_resets_count);
	count = add(talks, count, path_talks_proxy, path_talks_proxy_count);
	count = add(talks, count, path_talks_size, path_talks_size_count);
	count = add(talks, count, path_talks_link, path_talks_link_count);
	count = add(talks, count, path_talks_back, path_talks_back_count);
	count = add(talks, count, path_talks_echo, path_talks_echo_count);
	count = add(talks, count, path_talks_loss, path_talks_loss_count);
	count = add(
		talks, count, path_talks_handshake, path_talks_handshake_count);
	count = add(talks, count, path_talks_silent, path_talks_silent_count);
	count = add(
		talks, count, path_talks_fragments, path_talks_fragments_count);
	count = add(talks, count, path_talks_headers, path_talks_headers_count);
	count = add(talks, count, path_talks_lists, path_talks_lists_count);
	count = add(talks, count, path_talks_above, path_talks_above_count);
	count = add(talks, count, path_talks_flows, path_talks_flows_count);
	count = add(talks, count, path_talks_change, path_talks_change_count);
	count = add(
		talks, count, path_talks_features, path_talks_features_count);
	count = add(talks, count, path_talks_idle, path_talks_idle_count);
	count = add(
		talks, count, path_talks_injector, path_talks_injector_count);
	count = add(talks, count, path_talks_ssh, path_talks_ssh_count);
	count = add(talks, count, path_talks_tls, path_talks_tls_count);
	return count;
}

struct path *path_talk_play(
	const struct path_talk *talk, const struct probe_rules *rules)
{
	if (!talk->tell)
		return fragment_tale_play(&talk->fragments);
	struct path_story story = path_story_begin();

	if (rules)
		story.path->rules = rules;
	talk->tell(&story);
	return story.path;
}
