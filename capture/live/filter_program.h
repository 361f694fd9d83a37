/* What a filter expression was compiled to, as bytes that came from another
 * process, and may be anything. */
#ifndef CAPTURE_LIVE_FILTER_PROGRAM_H
#define CAPTURE_LIVE_FILTER_PROGRAM_H

#include <stdint.h>
#include <stdio.h>

#include "capture/cursor.h"

struct bpf_program;

/* Writes them; what was lost on the way shows when they are read. */
void filter_program_write(const struct bpf_program *program, FILE *result);
void filter_program_number(uint32_t number, FILE *result);

/* Reads a program of this expression. False when libpcap would not run it to
 * its end: it jumps out of itself, or back where the expression asks for no
 * loop, divides by zero, has unknown instructions. Memory to be freed with
 * pcap_freecode. */
bool filter_program_read(struct cursor *cursor, const char *expression,
	struct bpf_program *program);

#endif
