#include "analysis/path/path_large.h"

uint64_t path_large_reported(
	const struct path *path, const struct path_dialog *flow)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent = &path->table.sent_probe[row];

		if (sent->protocol == PROTOCOL_TCP &&
			sent->source_port == flow->port &&
			sent->payload_bytes > SSH_SMALL_MSS &&
			path_record_refused(path, row))
			return path_record_refused(path, row);
	}
	return 0;
}

uint64_t path_large_size_reported(
	const struct path *path, const struct path_dialog *flow)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent = &path->table.sent_probe[row];

		if (sent->protocol == PROTOCOL_TCP &&
			sent->source_port != flow->port &&
			sent->ip_bytes >= flow->large.ip_bytes &&
			path_record_refused(path, row))
			return path_record_refused(path, row);
	}
	return 0;
}
