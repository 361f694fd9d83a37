#include "analysis/path/path_record.h"

#include <string.h>

bool path_record_is_spoofer(
	const struct path *path, const struct address *address)
{
	for (unsigned i = 0; i < path->spoofer_count; i++)
		if (memcmp(&path->spoofers[i], address, sizeof(*address)) == 0)
			return true;
	return false;
}

uint64_t path_record_refused(const struct path *path, uint32_t row)
{
	const struct reply *reply = &path->replies[row];

	return reply->refused && !path_record_is_spoofer(
					 path, &reply->refused_from)
		       ? reply->refused
		       : 0;
}
