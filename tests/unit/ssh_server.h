/* The first words of an SSH server (RFC 4253, 4.2 and 7.1). */
#ifndef TESTS_UNIT_SSH_SERVER_H
#define TESTS_UNIT_SSH_SERVER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "capture/byte_writer.h"

enum { SSH_SERVER_ROOM = 1024 };

/* What a server says: its identification and a KEXINIT. */
static inline uint32_t ssh_server_says(
	uint8_t *bytes, const char *methods, const char *keys)
{
	enum { LISTS = 10 };
	const char *lists[LISTS] = {methods, keys, "aes128-ctr", "aes256-ctr",
		"hmac-sha2-256", "hmac-sha2-512", "none", "none", "", ""};
	struct byte_writer writer = {bytes, SSH_SERVER_ROOM, 0, false};
	struct byte_writer length = {bytes, SSH_SERVER_ROOM, 0, false};

	write_bytes(&writer, "a line before\r\nSSH-2.0-Lab\r\n", 28);
	length.used = writer.used;
	write_u32(&writer, 0);
	write_u16(&writer, 4 << 8 | 20);
	write_zeros(&writer, 16);
	for (int i = 0; i < LISTS; i++) {
		write_u32(&writer, (uint32_t)strlen(lists[i]));
		write_bytes(&writer, lists[i], strlen(lists[i]));
	}
	write_zeros(&writer, 5 + 4);
	write_u32(&length, (uint32_t)(writer.used - 28 - 4));
	assert_false(writer.is_full);
	return (uint32_t)writer.used;
}

#endif
