#include "probe/protocol/ssh_rules.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const identifications[] = {
	[SSH_PHASES] = "SSH-2.0-culprit_phases\r\n",
	[SSH_LARGE] = "SSH-2.0-culprit_large\r\n",
	[SSH_STARTUPS] = "SSH-2.0-culprit_startups\r\n",
};
static_assert(sizeof(identifications) / sizeof(identifications[0]) ==
		      SSH_PURPOSE_COUNT,
	"an identification for every purpose");

const char *ssh_rules_identification(enum ssh_purpose purpose)
{
	assert(purpose < SSH_PURPOSE_COUNT);
	return identifications[purpose];
}

bool ssh_rules_purpose(
	const uint8_t *bytes, uint32_t count, enum ssh_purpose *purpose)
{
	for (int i = 0; i < SSH_PURPOSE_COUNT; i++) {
		size_t length = strlen(identifications[i]);

		if (count < length ||
			memcmp(bytes, identifications[i], length) != 0)
			continue;
		*purpose = (enum ssh_purpose)i;
		return true;
	}
	return false;
}

/* "lowdelay" and "throughput" of OpenSSH up to 7.7 and Debian's; AF21 and CS1
 * of later ones; EF. */
const uint8_t ssh_marks[SSH_MARKS] = {0x10, 0x08, 0x48, 0x20, 0xb8};

unsigned ssh_rules_openssh_version(const char *software)
{
	unsigned major = 0, minor = 0;
	const char *at = strstr(software, "OpenSSH_");

	if (!at)
		return 0;
	at += strlen("OpenSSH_");
	if (strncmp(at, "for_Windows_", strlen("for_Windows_")) == 0)
		at += strlen("for_Windows_");
	if (sscanf(at, "%2u.%2u", &major, &minor) != 2)
		return 0;
	return 100 * major + minor;
}
