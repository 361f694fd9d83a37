/* Options of pcapng blocks (draft-ietf-opsawg-pcapng, section 3.5): they
 * explain a block, and never decide what is read. */
#ifndef CAPTURE_FILE_PCAPNG_OPTION_H
#define CAPTURE_FILE_PCAPNG_OPTION_H

#include "capture/file/file_bytes.h"
#include "capture/file/pcapng_numbers.h"

/* Takes the next option off the front; false at their end, also where they are
 * malformed. */
bool pcapng_option_next(
	struct file_bytes *options, uint16_t *code, struct file_bytes *value);
/* As text, cut to fit. */
void pcapng_option_text(char *text, size_t capacity, struct file_bytes value);
/* The first comment among the options; without one `text` stays. */
void pcapng_option_comment(
	struct file_bytes options, char *text, size_t capacity);
/* Of a packet: a FRAME_ direction. */
uint8_t pcapng_option_direction(struct file_bytes options);

#endif
