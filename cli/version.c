#include "cli/version.h"

#include "capture/live/filter.h"
#include "cli/sandbox.h"
#include "probe/engine/craft.h"
#include "probe/engine/route.h"

void version_print(FILE *out)
{
	(void)fprintf(out, "culprit %s\n", CULPRIT_VERSION);
	(void)fprintf(out, "%s\n", filter_library_version());
	(void)fprintf(out, "%s\n", craft_library_version());
	(void)fprintf(out, "%s\n", route_library_version());
	sandbox_print_offer(out);
}
