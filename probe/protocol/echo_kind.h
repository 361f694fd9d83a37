/* The purpose of an echo request, encoded in its sequence number: the prober
 * writes it, the analysis reads it. */
#ifndef PROBE_PROTOCOL_ECHO_KIND_H
#define PROBE_PROTOCOL_ECHO_KIND_H

#include <assert.h>
#include <stdint.h>

enum echo_kind {
	ECHO_WHOLE,
	ECHO_FULL,     /* whole, of the interface's MTU */
	ECHO_TWO,      /* two fragments */
	ECHO_MANY,     /* eight */
	ECHO_TINY,     /* the first of them with eight bytes only */
	ECHO_REVERSED, /* the last first */
	ECHO_LONG,     /* answered in fragments too */
	ECHO_PAIR,     /* eight bytes and the rest, to a hop */
	ECHO_CONTROL,  /* whole and small, to a hop */
	ECHO_ODD,      /* IPv6: two fragments of a length that none may have */
	ECHO_KIND_COUNT, /* of no such kind */
};

enum { ECHO_KIND_MARK = 0x4000, ECHO_KIND_TRIES = 256, ECHO_KIND_BITS = 6 };
static_assert(ECHO_KIND_COUNT <= 1 << ECHO_KIND_BITS &&
		      ECHO_KIND_TRIES << ECHO_KIND_BITS == ECHO_KIND_MARK,
	"mark, kind and number fit side by side");

static inline uint16_t echo_kind_sequence(enum echo_kind kind, unsigned number)
{
	return (uint16_t)(ECHO_KIND_MARK + (unsigned)kind * ECHO_KIND_TRIES +
			  number % ECHO_KIND_TRIES);
}

static inline enum echo_kind echo_kind_of(uint16_t sequence)
{
	unsigned kind = (sequence & (ECHO_KIND_MARK - 1)) / ECHO_KIND_TRIES;

	return (sequence & 0xc000) == ECHO_KIND_MARK && kind < ECHO_KIND_COUNT
		       ? (enum echo_kind)kind
		       : ECHO_KIND_COUNT;
}

/* Stable word for reports: "two". */
static inline const char *echo_kind_word(enum echo_kind kind)
{
	switch (kind) {
	case ECHO_WHOLE:
		return "whole";
	case ECHO_FULL:
		return "full";
	case ECHO_TWO:
		return "two";
	case ECHO_MANY:
		return "many";
	case ECHO_TINY:
		return "tiny-first";
	case ECHO_REVERSED:
		return "reversed";
	case ECHO_LONG:
		return "answer";
	case ECHO_PAIR:
		return "pair";
	case ECHO_CONTROL:
		return "control";
	case ECHO_ODD:
		return "odd";
	case ECHO_KIND_COUNT:
		break;
	}
	return "none";
}

#endif
