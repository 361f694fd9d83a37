/* What a client with given algorithms says to an SSH server: its KEXINIT, and
 * the first message of the key exchange that follows from both sides' lists. */
#ifndef PROBE_TCP_SSH_OFFER_H
#define PROBE_TCP_SSH_OFFER_H

#include "probe/protocol/ssh_rules.h"
#include "probe/tcp/ssh_wire.h"

/* A KEXINIT with all algorithms of the profile, in an order in which those come
 * first that the client can do: of key exchanges those that make the server say
 * most (`is_large`), or least. It has `least_bytes` at least, by language tags
 * that no server looks at. Where there is too little room the writer is full.
 */
void ssh_offer_write(struct byte_writer *writer,
	const struct ssh_profile *profile, bool is_large, uint32_t least_bytes);

/* Once the server's KEXINIT is there: the message that begins the key exchange
 * that was agreed on (RFC 4253, 7.1). SSH_WIRE_LOST: nothing is in common, or
 * the client can't do what is. */
enum ssh_wire_state ssh_offer_answer(struct byte_writer *writer,
	const struct ssh_profile *profile, bool is_large, const uint8_t *heard,
	uint32_t heard_bytes);

#endif
