#include "capture/file/pcapng_interface.h"

#include "capture/file/pcapng_option.h"
#include "capture/linktype.h"

void pcapng_interface_read(struct pcapng_interface *one,
	struct recording_interface *described, struct file_bytes body)
{
	struct file_bytes options =
		file_part(body, PCAPNG_INTERFACE_FIXED_BYTES, body.length);
	struct file_bytes value;
	uint16_t code;

	*one = (struct pcapng_interface){
		.clock = {.resolution = 6},
		.linktype = linktype_canonical(file_u16(body, 0)),
		.snap_bytes = file_u32(body, 4),
	};
	*described = (struct recording_interface){
		.linktype = one->linktype,
		.snap_bytes = one->snap_bytes,
	};
	while (pcapng_option_next(&options, &code, &value)) {
		if (code == OPTION_INTERFACE_NAME)
			pcapng_option_text(described->name,
				sizeof(described->name), value);
		else if (code == OPTION_TIME_RESOLUTION && value.length == 1)
			one->clock.resolution = file_u8(value, 0);
		else if (code == OPTION_TIME_OFFSET && value.length == 8)
			one->clock.offset_s = (int64_t)file_u64(value, 0);
	}
	file_clock_prepare(&one->clock);
	described->ticks_per_second =
		file_clock_ticks_per_second(one->clock.resolution);
}
