/* Classic pcap: a header of 24 bytes, then records. */
#ifndef CAPTURE_FILE_FILE_PCAP_H
#define CAPTURE_FILE_FILE_PCAP_H

#include "capture/file/file_split.h"
#include "capture/file/recording.h"

enum { FILE_PCAP_HEADER_BYTES = 24 };

struct file_pcap {
	uint32_t fraction_ns; /* one unit of the fraction of a second */
	uint32_t largest_frame;
	uint32_t interface; /* index in the recording, set by the caller */
	uint16_t linktype;
	uint8_t record_header_bytes;
	bool is_swapped;
	bool has_packet_type;	/* Kuznetzov's patched libpcap */
	bool is_length_swapped; /* old writers: original length first */
	bool is_length_in_doubt;
};

/* True when the four bytes begin a classic capture, of either byte order and
 * of the variants with microseconds (a1b2c3d4), nanoseconds (a1b23c4d) and
 * with Kuznetzov's longer records (a1b2cd34). */
bool file_pcap_recognises(const uint8_t magic[4]);

/* Reads the file header; describes its one interface. */
void file_pcap_start(struct file_pcap *file,
	const uint8_t header[FILE_PCAP_HEADER_BYTES],
	struct recording_interface *interface);

enum split_end file_pcap_split(
	const struct file_pcap *file, struct split *split);

#endif
