#include "probe/protocol/probe_command.h"

#include <arpa/inet.h>
#include <stdio.h>

void probe_target_text(
	const struct section_comment *comment, char text[PROBE_TARGET_TEXT])
{
	char address[INET6_ADDRSTRLEN] = "";

	(void)inet_ntop(comment->family == 4 ? AF_INET : AF_INET6,
		comment->target.bytes, address, sizeof(address));
	(void)snprintf(text, PROBE_TARGET_TEXT, "%s%s%s", address,
		comment->zone[0] ? "%" : "", comment->zone);
}

void probe_own_text(
	const struct section_comment *comment, char text[PROBE_TARGET_TEXT])
{
	text[0] = '\0';
	(void)inet_ntop(comment->family == 4 ? AF_INET : AF_INET6,
		comment->own.bytes, text, PROBE_TARGET_TEXT);
}

void probe_ssh_target_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT])
{
	char target[PROBE_TARGET_TEXT];

	probe_target_text(comment, target);
	(void)snprintf(
		text, PROBE_COMMAND_TEXT, "-p %u %s", comment->port, target);
}

void probe_endpoint_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT])
{
	char target[PROBE_TARGET_TEXT];

	probe_target_text(comment, target);
	(void)snprintf(text, PROBE_COMMAND_TEXT,
		comment->family == 6 ? "[%s]:%u" : "%s:%u", target,
		comment->port);
}

void probe_command_host_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT])
{
	char target[PROBE_TARGET_TEXT];

	probe_target_text(comment, target);
	(void)snprintf(
		text, PROBE_COMMAND_TEXT, "sudo culprit probe %s", target);
}

void probe_command_text(
	const struct section_comment *comment, char text[PROBE_COMMAND_TEXT])
{
	char target[PROBE_TARGET_TEXT];

	probe_target_text(comment, target);
	(void)snprintf(text, PROBE_COMMAND_TEXT, "sudo culprit probe %s -p %u",
		target, comment->port);
}
