#include "cli/server_name.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool server_name_is(const char *text)
{
	struct in_addr address;
	size_t length = strlen(text);

	if (length == 0 || length >= TLS_NAME_BYTES ||
		inet_aton(text, &address))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && !strchr("-._", text[i]))
			return false;
	return true;
}

/* The dot at the end is no part of the name. */
void server_name_of(const char *host, char name[TLS_NAME_BYTES])
{
	size_t length = strlen(host);

	name[0] = '\0';
	if (!server_name_is(host))
		return;
	if (host[length - 1] == '.')
		length--;
	(void)snprintf(name, TLS_NAME_BYTES, "%.*s", (int)length, host);
}
