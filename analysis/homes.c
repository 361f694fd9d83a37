#include "analysis/homes.h"

uint8_t homes_number(struct homes *homes, uint64_t place)
{
	uint8_t number = 0;

	while (number < homes->count && homes->places[number] != place)
		number++;
	if (number == homes->count && number < HOMES_MOST - 1)
		homes->places[homes->count++] = place;
	return number;
}
