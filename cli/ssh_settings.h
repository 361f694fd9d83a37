/* What ssh and the kernel of this host are set to do on idle connections:
 * `ssh -G HOST`, which reads ~/.ssh/config and /etc/ssh/ssh_config, and the
 * sysctls of TCP keepalives. */
#ifndef CLI_SSH_SETTINGS_H
#define CLI_SSH_SETTINGS_H

#include <stdint.h>
#include <sys/types.h>

#include "probe/protocol/client_settings.h"

struct ssh_settings {
	int descriptor; /* 0: not started */
	pid_t child;
	struct client_settings settings;
};

/* Reads the sysctls, and starts `ssh -G HOST` as the user who called culprit,
 * under sudo the one who called that; `port` 0 leaves the port to ssh. Nothing
 * that ssh prints is read yet. ssh is killed after three seconds. Without ssh,
 * its settings are not known. */
void ssh_settings_start(
	struct ssh_settings *asked, const char *host, uint16_t port);
/* In the sandbox: reads what ssh printed, at most 64 KiB of it, and waits as
 * long as ssh may take. */
void ssh_settings_read(struct ssh_settings *asked);

#endif
