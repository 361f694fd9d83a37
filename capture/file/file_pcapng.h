/* pcapng (draft-ietf-opsawg-pcapng): blocks with a type and a length; sections
 * of either byte order; interfaces with their own link type and clock. */
#ifndef CAPTURE_FILE_FILE_PCAPNG_H
#define CAPTURE_FILE_FILE_PCAPNG_H

#include "capture/file/file_split.h"
#include "capture/file/interface_table.h"

struct file_pcapng {
	struct interface_table *table; /* of the recording */
	struct pcapng_interface *interfaces;
	uint32_t interface_count, interface_capacity;
	bool is_swapped;
	/* a block that is skipped without being held in memory */
	uint64_t skip_bytes;
	uint32_t skip_length; /* what its end has to repeat; 0: none */
};

bool file_pcapng_recognises(const uint8_t magic[4]);
void file_pcapng_start(struct file_pcapng *file, struct interface_table *table);
void file_pcapng_finish(struct file_pcapng *file);
enum split_end file_pcapng_split(struct file_pcapng *file, struct split *split);

#endif
