/* What this host's ssh and kernel are set to do on idle connections to the
 * target. No packet shows it, so a recording has it beside the statement of its
 * end:
 *
 *   alive=0 alive-count=3 tcp-keepalive=1 proxy=0 ssh-port=22
 *   kernel-idle=7200 kernel-interval=75 kernel-probes=9 */
#ifndef PROBE_PROTOCOL_CLIENT_SETTINGS_H
#define PROBE_PROTOCOL_CLIENT_SETTINGS_H

#include <stdbool.h>

enum { CLIENT_SETTINGS_BYTES = 224 };

struct client_settings {
	bool is_ssh_known;    /* `ssh -G` has answered: the next six */
	unsigned alive_s;     /* ServerAliveInterval; 0: none */
	unsigned alive_count; /* ServerAliveCountMax */
	bool has_tcp_keepalive;
	bool has_proxy; /* ProxyJump or ProxyCommand */
	unsigned port;	/* that ssh connects to */
	/* net.ipv4.tcp_keepalive_time, _intvl, _probes; 0: not known */
	unsigned kernel_idle_s, kernel_interval_s, kernel_probes;
};

/* Appends the words, with a space before each; nothing that is not known. */
void client_settings_write(const struct client_settings *settings,
	char text[CLIENT_SETTINGS_BYTES]);
/* Reads them from a text that may hold others as well, and is foreign; what is
 * missing or out of range is not known. */
void client_settings_read(const char *text, struct client_settings *settings);

/* Reads one line of `ssh -G`, which is foreign: "serveraliveinterval 0". */
void client_settings_line(struct client_settings *settings, const char *line);

/* Seconds without packets after which a packet comes from the client: ssh's own
 * or, with TCPKeepAlive, the kernel's; 0: never, or not known. */
unsigned client_settings_keepalive_s(const struct client_settings *settings);

#endif
