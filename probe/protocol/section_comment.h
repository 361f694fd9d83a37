/* The section comment of a probe's recording: information that the packets do
 * not contain, in one readable line.
 *
 *   culprit probe: version=3 target=192.0.2.7 port=22 source=10.0.0.1 mtu=1500
 *   experiments=route,mtu
 *
 * and with the experiment idle the longest idle time that it tests, in seconds:
 * idle=360; with reset the name of the trigger: trigger=tls:example.org. A
 * link-local target has the zone=eth0 that it was reached by.
 *
 * The version is that of the rules by which the recording was made
 * (probe_rules.h); recordings of the first version do not name it. With
 * "end=stated" the recording ends with a statement of the experiments that came
 * to their end: where it lacks the statement, the run was killed. */
#ifndef PROBE_PROTOCOL_SECTION_COMMENT_H
#define PROBE_PROTOCOL_SECTION_COMMENT_H

#include "capture/packet.h"
#include "probe/protocol/probe_experiment.h"
#include "probe/protocol/reset_rules.h"

enum { SECTION_COMMENT_BYTES = 440, SECTION_COMMENT_ZONE = 16 };

struct section_comment {
	unsigned version;
	struct address own, target;
	uint8_t family;
	/* the interface of a link-local target; "": no such target, or a name
	 * that a shell would not take as it is */
	char zone[SECTION_COMMENT_ZONE];
	uint16_t port;
	uint32_t interface_mtu;
	unsigned idle_max_s;		  /* 0: not named */
	char trigger[RESET_TRIGGER_NAME]; /* "": none */
	uint32_t experiments;		  /* a set: probe_experiment_bit */
	bool is_end_stated;
};

/* Sets the zone of a link-local target; does nothing for another one. */
void section_comment_set_zone(
	struct section_comment *comment, const char *interface);

void section_comment_write(const struct section_comment *comment,
	char text[SECTION_COMMENT_BYTES]);

struct section_end {
	uint32_t ended; /* a set of experiments */
	uint32_t lost;	/* packets, by this host's capture */
};

/* "culprit probe: ended=route,mtu", of a set; with none, "ended=none". Where
 * packets were lost, " lost=3" follows. */
void section_comment_write_end(
	const struct section_end *end, char text[SECTION_COMMENT_BYTES]);
/* False where the text is no such statement. */
bool section_comment_read_end(const char *text, struct section_end *end);

enum section_comment_kind {
	SECTION_COMMENT_NONE,  /* no such line */
	SECTION_COMMENT_PROBE, /* `comment` is filled in */
	SECTION_COMMENT_NEWER, /* by a newer version of the rules */
};
enum section_comment_kind section_comment_read(
	const char *text, struct section_comment *comment);

static inline bool section_comment_has(
	const struct section_comment *comment, enum probe_experiment experiment)
{
	return comment->experiments & probe_experiment_bit(experiment);
}

#endif
