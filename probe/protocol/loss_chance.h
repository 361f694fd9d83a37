/* How likely it is that loss alone explains silence. */
#ifndef PROBE_PROTOCOL_LOSS_CHANCE_H
#define PROBE_PROTOCOL_LOSS_CHANCE_H

/* The prober repeats a size until the chance is below this. Verdicts that rest
 * on silence ask for less (analysis/path/path_threshold.c), as the judge counts
 * the loss of more packets. */
static const double loss_chance_searched = 1e-6;

/* The share of packets that are lost, by the rule of succession: none seen is
 * not none. */
static inline double loss_chance_share(unsigned sent, unsigned lost)
{
	return (lost + 1.0) / (sent + 2.0);
}

#endif
