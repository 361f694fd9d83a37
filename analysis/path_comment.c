#include "analysis/path_comment.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const char introduction[] = "culprit probe: ";

void path_comment_write(
	const struct path_comment *comment, char text[PATH_COMMENT_BYTES])
{
	char own[INET6_ADDRSTRLEN] = "", target[INET6_ADDRSTRLEN] = "";
	int family = comment->family == 4 ? AF_INET : AF_INET6;

	(void)inet_ntop(family, comment->own.bytes, own, sizeof(own));
	(void)inet_ntop(family, comment->target.bytes, target, sizeof(target));
	(void)snprintf(text, PATH_COMMENT_BYTES,
		"%starget=%s port=%u source=%s mtu=%u experiments=%s",
		introduction, target, comment->port, own,
		comment->interface_mtu, comment->experiments);
}

static bool read_address(
	const char *text, struct address *address, uint8_t *family)
{
	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, address->bytes) == 1)
		*family = 4;
	else if (inet_pton(AF_INET6, text, address->bytes) == 1)
		*family = 6;
	else
		return false;
	return true;
}

bool path_comment_read(const char *text, struct path_comment *comment)
{
	char own[INET6_ADDRSTRLEN], target[INET6_ADDRSTRLEN];
	uint8_t own_family = 0;
	unsigned port, mtu;

	memset(comment, 0, sizeof(*comment));
	if (!text || strncmp(text, introduction, sizeof(introduction) - 1) != 0)
		return false;
	text += sizeof(introduction) - 1;
	if (sscanf(text,
		    "target=%45s port=%5u source=%45s mtu=%6u experiments=%95s",
		    target, &port, own, &mtu, comment->experiments) != 5)
		return false;
	comment->port = (uint16_t)port;
	comment->interface_mtu = mtu;
	return port <= UINT16_MAX && mtu >= 68 &&
		read_address(target, &comment->target, &comment->family) &&
		read_address(own, &comment->own, &own_family) &&
		own_family == comment->family;
}

bool path_comment_has(const struct path_comment *comment, const char *name)
{
	const char *at = comment->experiments;
	size_t length = strlen(name);

	while (*at) {
		size_t word = strcspn(at, ",");

		if (word == length && strncmp(at, name, length) == 0)
			return true;
		at += word + (at[word] == ',');
	}
	return false;
}
