/* How likely it is that loss alone explains silence. */
#ifndef PROBE_PROTOCOL_LOSS_CHANCE_H
#define PROBE_PROTOCOL_LOSS_CHANCE_H

/* The prober repeats a size until the chance is below the last of these; a
 * verdict that rests on silence is certain below the first of them, likely
 * below the second, and possible above. */
static const double loss_chance_certain = 1e-4;
static const double loss_chance_likely = 1e-2;
static const double loss_chance_searched = 1e-6;

/* The share of packets that are lost, by the rule of succession: none seen is
 * not none. */
static inline double loss_chance_share(unsigned sent, unsigned lost)
{
	return (lost + 1.0) / (sent + 2.0);
}

#endif
