#include "cli/version.h"

#include "capture/live/filter.h"
#include "cli/sandbox.h"
#include "probe/engine/craft.h"
#include "probe/engine/route.h"
#include "report/format.h"

void version_print(FILE *out)
{
	const struct report_format *format;

	(void)fprintf(out, "culprit %s\n", CULPRIT_VERSION);
	(void)fprintf(out, "%s\n", filter_library_version());
	(void)fprintf(out, "%s\n", craft_library_version());
	(void)fprintf(out, "%s\n", route_library_version());
	(void)fputs("formats:", out);
	for (unsigned i = 0; (format = report_format_at(i)) != NULL; i++)
		(void)fprintf(out, " %s", format->name);
	(void)fputc('\n', out);
	sandbox_print_offer(out);
}
