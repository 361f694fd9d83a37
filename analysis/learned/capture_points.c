#include "analysis/learned/capture_points.h"

uint8_t capture_points_number(
	struct capture_points *capture_points, uint64_t place)
{
	uint8_t number = 0;

	while (number < capture_points->count &&
		capture_points->places[number] != place)
		number++;
	if (number == capture_points->count && number < CAPTURE_POINTS_MOST - 1)
		capture_points->places[capture_points->count++] = place;
	return number;
}
