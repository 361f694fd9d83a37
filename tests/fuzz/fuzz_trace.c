/* Any text as a trace; what is read can be written as text and bytes. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "capture/linktype.h"
#include "tests/support/packet_encode.h"
#include "tests/support/packet_text.h"
#include "tests/support/trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char line[1 << 16];
	static uint8_t bytes[1 << 17];
	struct failure failure;
	struct trace *trace;

	if (size > 8192)
		return 0;
	trace = trace_parse((const char *)data, size, "fuzz", &failure);
	if (!trace)
		return 0;
	for (unsigned i = 0; i < trace->packet_count; i++) {
		if (!packet_format(&trace->packets[i], line, sizeof(line)))
			abort();
		(void)packet_encode(&trace->packets[i], LINKTYPE_ETHERNET,
			bytes, sizeof(bytes)); /* any length is right */
	}
	trace_free(trace);
	return 0;
}
