/* Addresses and endpoints as people and scripts write them. */
#ifndef REPORT_ADDRESS_TEXT_H
#define REPORT_ADDRESS_TEXT_H

#include <stddef.h>

#include "analysis/verdict/incident.h"
#include "capture/packet.h"

enum { ADDRESS_TEXT = 46, ENDPOINT_TEXT = ADDRESS_TEXT + 8 };

/* "10.0.0.1", "2001:db8::1" (RFC 5952); family is 4 or 6. */
void address_text(
	char text[ADDRESS_TEXT], const struct address *address, uint8_t family);

/* "10.0.0.1:40000", "[2001:db8::1]:22". */
void endpoint_text(char text[ENDPOINT_TEXT], const struct endpoint *endpoint,
	uint8_t family);

/* Reads what endpoint_text writes, of `length` bytes; false when it is no
 * endpoint. */
bool endpoint_of_text(const char *text, size_t length,
	struct endpoint *endpoint, uint8_t *family);

#endif
