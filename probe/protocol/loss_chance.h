/* The probability that loss alone explains missing responses. */
#ifndef PROBE_PROTOCOL_LOSS_CHANCE_H
#define PROBE_PROTOCOL_LOSS_CHANCE_H

/* The prober retries a size until the probability is below this. Verdicts that
 * rest on missing responses require less (analysis/path/path_threshold.c),
 * since the analysis measures loss with more packets. */
static const double loss_chance_searched = 1e-6;

/* The share of packets that are lost, by the rule of succession: none seen is
 * not none. */
static inline double loss_chance_share(unsigned sent, unsigned lost)
{
	return (lost + 1.0) / (sent + 2.0);
}

#endif
