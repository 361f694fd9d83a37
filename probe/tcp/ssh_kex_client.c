/* The first messages of an SSH client, up to the key exchange: of the methods
 * that the server has, the one that makes it say most. */
#include "probe/tcp/app_stimulus.h"

#include "probe/tcp/ssh_wire.h"

static void write_kexinit(struct byte_writer *writer,
	const struct ssh_list lists[SSH_LISTS], int method, int key)
{
	struct ssh_open_packet packet = ssh_packet_begin(writer, SSH_KEXINIT);

	write_bytes(writer, "a way back, size", SSH_COOKIE);
	ssh_write_list(writer, ssh_list_of(ssh_methods[method].name));
	ssh_write_list(writer, ssh_list_of(ssh_host_keys[key]));
	for (int i = SSH_LIST_HOST_KEY + 1; i < SSH_LISTS; i++)
		ssh_write_list(writer, lists[i]); /* any of the server's */
	write_zeros(writer, 5); /* no guess follows; reserved */
	ssh_packet_end(writer, &packet);
}

enum app_stimulus_state ssh_kex_client_step(struct app_stimulus *stimulus,
	const uint8_t *heard, uint32_t heard_bytes)
{
	struct ssh_list lists[SSH_LISTS];
	struct byte_writer writer = {stimulus->bytes, sizeof(stimulus->bytes),
		stimulus->used, false};
	int method = 0, key = 0;

	switch (ssh_wire_kexinit(heard, heard_bytes, lists)) {
	case SSH_WIRE_WAITS:
		return APP_STIMULUS_WAITS;
	case SSH_WIRE_LOST:
		return APP_STIMULUS_LOST;
	case SSH_WIRE_READY:
		break;
	}
	while (method < SSH_METHODS &&
		!ssh_list_has(lists[SSH_LIST_KEX],
			ssh_list_of(ssh_methods[method].name)))
		method++;
	while (key < SSH_HOST_KEYS && !ssh_list_has(lists[SSH_LIST_HOST_KEY],
					      ssh_list_of(ssh_host_keys[key])))
		key++;
	if (method == SSH_METHODS || key == SSH_HOST_KEYS)
		return APP_STIMULUS_LOST;
	write_kexinit(&writer, lists, method, key);
	ssh_write_kex_init(&writer, &ssh_methods[method]);
	if (writer.is_full)
		return APP_STIMULUS_LOST;
	stimulus->used = (uint16_t)writer.used;
	stimulus->is_whole = true;
	return APP_STIMULUS_READY;
}
