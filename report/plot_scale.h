/* Where an axis of a plot has its labels. */
#ifndef REPORT_PLOT_SCALE_H
#define REPORT_PLOT_SCALE_H

#include <stdint.h>

/* The multiples of the step that are shown. */
struct plot_scale {
	double step;
	int64_t first, last;
};

/* For values between the two. */
struct plot_scale plot_scale_of(double least, double most);
/* Decimals that numbers of this step need. */
int plot_scale_decimals(double step);

#endif
