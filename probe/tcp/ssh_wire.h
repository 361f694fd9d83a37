/* SSH before encryption, as a client writes and reads it: binary packets (RFC
 * 4253, 6), KEXINIT (7.1), and the first message of a key exchange (8). */
#ifndef PROBE_TCP_SSH_WIRE_H
#define PROBE_TCP_SSH_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/byte_writer.h"

enum {
	SSH_KEXINIT = 20,
	/* of all methods below: RFC 4253, 8; RFC 5656, 4 */
	SSH_KEX_INIT = 30,
	SSH_KEX_REPLY = 31,
	SSH_COOKIE = 16,
	SSH_LISTS = 10, /* of KEXINIT; the last two are languages */
	SSH_LIST_KEX = 0,
	SSH_LIST_HOST_KEY = 1,
	SSH_LIST_LANGUAGES = 8,
};

/* A name-list (RFC 4251, 5). */
struct ssh_list {
	const uint8_t *at;
	uint32_t bytes;
};

/* The next name; false at the end. */
bool ssh_list_next(struct ssh_list *list, struct ssh_list *name);
bool ssh_list_has(struct ssh_list list, struct ssh_list name);
struct ssh_list ssh_list_of(const char *text);

/* Where binary packets begin in the server's stream, behind its identification
 * string; lines may come before that (RFC 4253, 4.2). 0: it is not there yet.
 */
uint32_t ssh_wire_identified(const uint8_t *heard, uint32_t heard_bytes);

enum ssh_wire_state {
	SSH_WIRE_WAITS, /* for more of the stream */
	SSH_WIRE_READY,
	SSH_WIRE_LOST, /* it is not SSH */
};

/* The packet at `at`: its message number, and where the next one begins. */
enum ssh_wire_state ssh_wire_packet(const uint8_t *heard, uint32_t heard_bytes,
	uint32_t at, uint8_t *type, uint32_t *next);
/* The lists of the server's KEXINIT, its first packet. */
enum ssh_wire_state ssh_wire_kexinit(const uint8_t *heard, uint32_t heard_bytes,
	struct ssh_list lists[SSH_LISTS]);

/* A packet that is being written: its lengths are known when it ends. */
struct ssh_open_packet {
	size_t start;
	struct byte_writer lengths;
};
struct ssh_open_packet ssh_packet_begin(
	struct byte_writer *writer, uint8_t type);
void ssh_packet_end(struct byte_writer *writer, struct ssh_open_packet *packet);
void ssh_write_list(struct byte_writer *writer, struct ssh_list list);

/* A key exchange that the client can begin. */
struct ssh_method {
	const char *name;
	/* the client's public value: `filling` times `filler`, then a point;
	 * valid everywhere, and of no use to anybody */
	const uint8_t *point;
	uint16_t filling;
	uint8_t filler;
	uint8_t point_bytes;
};

/* Those with the largest responses of the server first. */
enum { SSH_METHODS = 10 };
extern const struct ssh_method ssh_methods[SSH_METHODS];
/* The same of host keys: RSA keys and signatures are the longest. */
enum { SSH_HOST_KEYS = 7 };
extern const char *const ssh_host_keys[SSH_HOST_KEYS];

/* The whole packet that begins the key exchange. */
void ssh_write_kex_init(
	struct byte_writer *writer, const struct ssh_method *method);

#endif
