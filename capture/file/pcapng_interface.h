/* The interface descriptions of pcapng sections (draft-ietf-opsawg-pcapng,
 * section 4.2). */
#ifndef CAPTURE_FILE_PCAPNG_INTERFACE_H
#define CAPTURE_FILE_PCAPNG_INTERFACE_H

#include "capture/file/file_bytes.h"
#include "capture/file/file_clock.h"
#include "capture/file/interface_table.h"

enum { PCAPNG_INTERFACE_FIXED_BYTES = 8 }; /* link type, snapshot length */

/* What the packets of an interface need. */
struct pcapng_interface {
	struct file_clock clock;
	uint32_t row; /* in the recording's table */
	uint32_t snap_bytes;
	uint16_t linktype;
};

/* Reads a block's body of PCAPNG_INTERFACE_FIXED_BYTES at least: what its
 * packets need, except the row, and what is told of the interface. */
void pcapng_interface_read(struct pcapng_interface *one,
	struct recording_interface *described, struct file_bytes body);

#endif
