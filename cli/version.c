#include "cli/version.h"

#include "capture/filter.h"
#if __has_include("probe/craft.h")
#include "probe/craft.h"
#endif
#if __has_include("probe/route.h")
#include "probe/route.h"
#endif

void version_print(FILE *out)
{
	(void)fprintf(out, "culprit %s\n", CULPRIT_VERSION);
	(void)fprintf(out, "%s\n", filter_library_version());
#if __has_include("probe/craft.h")
	(void)fprintf(out, "%s\n", craft_library_version());
#endif
#if __has_include("probe/route.h")
	(void)fprintf(out, "%s\n", route_library_version());
#endif
}
