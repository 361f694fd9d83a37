#include "capture/file/pcapng_option.h"

#include "capture/frame.h"

bool pcapng_option_next(
	struct file_bytes *options, uint16_t *code, struct file_bytes *value)
{
	if (options->length < 4)
		return false;
	*code = file_u16(*options, 0);
	size_t length = file_u16(*options, 2);
	if (*code == OPTION_END || length > options->length - 4)
		return false;
	*value = file_part(*options, 4, length);
	size_t padded = 4 + ((length + 3) & ~(size_t)3);
	*options = file_part(*options, padded, options->length);
	return true;
}

void pcapng_option_text(char *text, size_t capacity, struct file_bytes value)
{
	size_t length = 0;

	while (length < value.length && length < capacity - 1 &&
		value.bytes[length])
		length++;
	memcpy(text, value.bytes, length);
	text[length] = '\0';
}

void pcapng_option_comment(
	struct file_bytes options, char *text, size_t capacity)
{
	struct file_bytes value;
	uint16_t code;

	while (pcapng_option_next(&options, &code, &value))
		if (code == OPTION_COMMENT) {
			pcapng_option_text(text, capacity, value);
			return;
		}
}

uint8_t pcapng_option_direction(struct file_bytes options)
{
	struct file_bytes value;
	uint16_t code;

	while (pcapng_option_next(&options, &code, &value))
		if (code == OPTION_PACKET_FLAGS && value.length == 4)
			switch (file_u32(value, 0) & 3) {
			case 1:
				return FRAME_INBOUND;
			case 2:
				return FRAME_OUTBOUND;
			}
	return FRAME_ANY_WAY;
}
