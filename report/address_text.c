#include "report/address_text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void address_text(
	char text[ADDRESS_TEXT], const struct address *address, uint8_t family)
{
	if (!inet_ntop(family == 6 ? AF_INET6 : AF_INET, address->bytes, text,
		    ADDRESS_TEXT))
		(void)strcpy(text, "?"); /* cannot be: the buffer holds all */
}

void endpoint_text(char text[ENDPOINT_TEXT], const struct endpoint *endpoint,
	uint8_t family)
{
	char address[ADDRESS_TEXT];

	address_text(address, &endpoint->address, family);
	(void)snprintf(text, ENDPOINT_TEXT, family == 6 ? "[%s]:%u" : "%s:%u",
		address, endpoint->port);
}

bool endpoint_of_text(const char *text, size_t length,
	struct endpoint *endpoint, uint8_t *family)
{
	char copy[ENDPOINT_TEXT];

	if (length >= sizeof(copy))
		return false;
	memcpy(copy, text, length);
	copy[length] = '\0';
	char *colon = strrchr(copy, ':');
	if (!colon || colon == copy || colon[1] < '0' || colon[1] > '9')
		return false;
	*colon = '\0';
	char *end;
	unsigned long port = strtoul(colon + 1, &end, 10);
	if (*end != '\0' || port > UINT16_MAX)
		return false;
	char *address = copy;
	*family = 4;
	/* Brackets are optional: the last colon parts address and port. */
	if (address[0] == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		address++;
		*family = 6;
	} else if (strchr(address, ':')) {
		*family = 6;
	}
	*endpoint = (struct endpoint){.port = (uint16_t)port};
	return inet_pton(*family == 6 ? AF_INET6 : AF_INET, address,
		       endpoint->address.bytes) == 1;
}
