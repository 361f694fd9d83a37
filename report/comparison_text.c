#include "report/comparison.h"

void comparison_text(const struct comparison *comparison,
	const struct style *style, FILE *out)
{
	(void)comparison;
	(void)style;
	(void)out;
}
