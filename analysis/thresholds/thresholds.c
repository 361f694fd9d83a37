#include "analysis/thresholds/thresholds.h"

#include <assert.h>

const struct thresholds thresholds_default = {
#define THRESHOLD(name, value, ...) .name = value,
#include "analysis/thresholds/connection.def"
#undef THRESHOLD
};

static const struct threshold rows[] = {
#define THRESHOLD(name, ...) {#name, __VA_ARGS__},
#include "analysis/thresholds/connection.def"
#undef THRESHOLD
};
static_assert(sizeof(rows) / sizeof(rows[0]) * sizeof(int64_t) ==
		      sizeof(struct thresholds),
	"a row for every member");

const struct threshold *thresholds_rows(unsigned *count)
{
	*count = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
