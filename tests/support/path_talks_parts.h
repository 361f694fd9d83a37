/* The talks, by what they are about; see tests/support/path_talks.h. */
#ifndef TESTS_SUPPORT_PATH_TALKS_PARTS_H
#define TESTS_SUPPORT_PATH_TALKS_PARTS_H

#include "tests/support/path_lines.h"
#include "tests/support/path_talks.h"

extern const struct path_talk path_talks_port[], path_talks_resets[],
	path_talks_proxy[], path_talks_size[], path_talks_link[],
	path_talks_back[], path_talks_echo[], path_talks_loss[],
	path_talks_handshake[], path_talks_silent[], path_talks_fragments[],
	path_talks_headers[], path_talks_lists[], path_talks_above[],
	path_talks_flows[], path_talks_change[], path_talks_features[],
	path_talks_idle[], path_talks_injector[], path_talks_ssh[],
	path_talks_tls[];
extern const unsigned path_talks_port_count, path_talks_resets_count,
	path_talks_proxy_count, path_talks_size_count, path_talks_link_count,
	path_talks_back_count, path_talks_echo_count, path_talks_loss_count,
	path_talks_handshake_count, path_talks_silent_count,
	path_talks_fragments_count, path_talks_headers_count,
	path_talks_lists_count, path_talks_above_count, path_talks_flows_count,
	path_talks_change_count, path_talks_features_count,
	path_talks_idle_count, path_talks_injector_count,
	path_talks_ssh_count, path_talks_tls_count;

#endif
