#include "report/plot_scale.h"

#include <math.h>

enum { TICKS = 6 }; /* about so many on an axis */

/* 1, 2 or 5 times a power of ten, so that about TICKS fit;
 * at least 1: times are in nanoseconds, all else are whole numbers. */
static double step_of(double range)
{
	double raw = range / TICKS, power = pow(10, floor(log10(raw)));
	double times = raw / power;
	double step = (times > 5	  ? 10
			      : times > 2 ? 5
			      : times > 1 ? 2
					  : 1) *
		      power;

	return fmax(step, 1);
}

struct plot_scale plot_scale_of(double least, double most)
{
	double step = step_of(most - least);

	return (struct plot_scale){
		step, (int64_t)ceil(least / step), (int64_t)floor(most / step)};
}

int plot_scale_decimals(double step)
{
	return step >= 1 ? 0 : (int)fmin(9, ceil(-log10(step) - 1e-9));
}
