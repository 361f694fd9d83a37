#include "probe/protocol/client_settings.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void client_settings_write(const struct client_settings *settings,
	char text[CLIENT_SETTINGS_BYTES])
{
	int used = 0;

	text[0] = '\0';
	if (settings->is_ssh_known)
		used = snprintf(text, CLIENT_SETTINGS_BYTES,
			" alive=%u alive-count=%u tcp-keepalive=%d proxy=%d "
			"ssh-port=%u",
			settings->alive_s, settings->alive_count,
			settings->has_tcp_keepalive, settings->has_proxy,
			settings->port);
	if (settings->kernel_idle_s)
		(void)snprintf(text + used,
			CLIENT_SETTINGS_BYTES - (size_t)used,
			" kernel-idle=%u kernel-interval=%u kernel-probes=%u",
			settings->kernel_idle_s, settings->kernel_interval_s,
			settings->kernel_probes);
}

/* The number behind a key, of digits up to the next space. */
static bool number_after(
	const char *text, const char *key, unsigned long most, unsigned *number)
{
	const char *at = strstr(text, key);
	char *end;

	if (!at || at[strlen(key)] < '0' || at[strlen(key)] > '9')
		return false;
	unsigned long value = strtoul(at + strlen(key), &end, 10);
	*number = (unsigned)value;
	return (*end == ' ' || *end == '\0') && value <= most;
}

void client_settings_read(const char *text, struct client_settings *settings)
{
	enum { DAYS_S = 10000000, COUNT = 1000 };
	unsigned tcp = 0, proxy = 0;

	*settings = (struct client_settings){.is_ssh_known = false};
	settings->is_ssh_known =
		number_after(text, " alive=", DAYS_S, &settings->alive_s) &&
		number_after(text, " alive-count=", INT32_MAX,
			&settings->alive_count) &&
		number_after(text, " tcp-keepalive=", 1, &tcp) &&
		number_after(text, " proxy=", 1, &proxy) &&
		number_after(text, " ssh-port=", UINT16_MAX, &settings->port);
	settings->has_tcp_keepalive = tcp != 0;
	settings->has_proxy = proxy != 0;
	if (!number_after(
		    text, " kernel-idle=", DAYS_S, &settings->kernel_idle_s) ||
		!number_after(text, " kernel-interval=", DAYS_S,
			&settings->kernel_interval_s) ||
		!number_after(text, " kernel-probes=", COUNT,
			&settings->kernel_probes))
		settings->kernel_idle_s = 0;
}

/* The value of the line's key, or NULL. */
static const char *value_of(const char *line, const char *key)
{
	size_t length = strlen(key);

	return strncmp(line, key, length) == 0 && line[length] == ' '
		       ? line + length + 1
		       : NULL;
}

static void take_number(const char *line, const char *key, unsigned *number)
{
	const char *value = value_of(line, key);

	if (value)
		*number = (unsigned)strtoul(value, NULL, 10);
}

void client_settings_line(struct client_settings *settings, const char *line)
{
	const char *value = value_of(line, "tcpkeepalive");
	const char *jump = value_of(line, "proxyjump");
	const char *command = value_of(line, "proxycommand");

	take_number(line, "serveraliveinterval", &settings->alive_s);
	take_number(line, "serveralivecountmax", &settings->alive_count);
	take_number(line, "port", &settings->port);
	if (value)
		settings->has_tcp_keepalive = strcmp(value, "yes") == 0;
	if ((jump && strcmp(jump, "none") != 0) ||
		(command && strcmp(command, "none") != 0))
		settings->has_proxy = true;
	/* It has always been printed, and nothing can be said without it. */
	settings->is_ssh_known = settings->is_ssh_known ||
				 value_of(line, "serveraliveinterval") != NULL;
}

unsigned client_settings_keepalive_s(const struct client_settings *settings)
{
	unsigned kernel_s =
		settings->has_tcp_keepalive ? settings->kernel_idle_s : 0;

	if (!settings->is_ssh_known)
		return 0;
	if (settings->alive_s == 0 ||
		(kernel_s && kernel_s < settings->alive_s))
		return kernel_s;
	return settings->alive_s;
}
