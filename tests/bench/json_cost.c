/* Writes so many incidents as JSON to /dev/null, for callgrind to count:
 *
 *   valgrind --tool=callgrind build/bench/json_cost 1000
 *
 * Run it with two numbers; the difference is without the start. */
#include <stdlib.h>

#include "report/report_json.h"
#include "tests/support/sample_incident.h"

enum { FACTS = 12 };

/* Of the size that incidents of real captures have: 2.2 KB as JSON. */
static void fill(struct incident *incident)
{
	for (unsigned i = 0; i < FACTS; i++) {
		incident->evidence[i] = incident->evidence[0];
		(void)strcpy(incident->evidence[i].found,
			"RST,ACK, seq right, ack right, no timestamp");
		(void)strcpy(incident->evidence[i].expected,
			"RST,ACK with the connection's own numbers");
	}
	incident->evidence_count = FACTS;
	(void)strcpy(incident->advice,
		"Read that endpoint's log at this second: crash, kill, OOM, or "
		"a close with data unread.");
}

int main(int argc, char **argv)
{
	struct sample sample = {.groups = 1};
	FILE *out = fopen("/dev/null", "w");

	if (argc != 2 || !out) {
		(void)fputs("usage: json_cost INCIDENTS\n", stderr);
		return 2;
	}
	sample.count = (uint32_t)strtoul(argv[1], NULL, 10);
	struct report_source source = sample_source(&sample);
	for (uint32_t i = 0; i < sample.count; i++) {
		struct incident incident;

		sample_incident(&sample, i, &incident);
		fill(&incident);
		report_json_incident(&source, &incident, out);
	}
	return fclose(out) == 0 ? 0 : 1;
}
