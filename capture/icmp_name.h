/* Names of ICMP and ICMPv6 messages. */
#ifndef CAPTURE_ICMP_NAME_H
#define CAPTURE_ICMP_NAME_H

#include <stdint.h>

/* "host unreachable"; "" for one without a name. RFC 792, RFC 1812 5.2.7.1
 * (codes 9 to 15), RFC 4443. `family` 4 or 6. */
const char *icmp_name(uint8_t family, uint8_t type, uint8_t code);

#endif
