#include "cli/version.h"

#include "capture/filter.h"
#include "probe/craft.h"
#include "probe/route.h"

void version_print(FILE *out)
{
	(void)fprintf(out, "culprit %s\n", CULPRIT_VERSION);
	(void)fprintf(out, "%s\n", filter_library_version());
	(void)fprintf(out, "%s\n", craft_library_version());
	(void)fprintf(out, "%s\n", route_library_version());
}
