/* The trigger that the user names: see probe/tcp/reset_trigger.h. */
#ifndef CLI_PROBE_TRIGGER_H
#define CLI_PROBE_TRIGGER_H

#include "capture/failure.h"
#include "probe/tcp/reset_trigger.h"

/* "ssh", "http:HOST", "tls:SNI", "bytes:HEX", or the name of a file that holds
 * the bytes. */
bool probe_trigger_read(const char *word, struct reset_trigger *trigger,
	struct failure *failure);

#endif
