/* Packets as lines of text, one a line: what traces are written in.
 *
 *   TIME FROM > TO FLAGS seq N [word value]...        TCP
 *   TIME FROM > TO udp len N
 *   TIME FROM > TO icmp TYPE/CODE [mtu N] [echo ID SEQ] [quoting ...]
 *   TIME FROM > TO fragment proto N bytes N
 *   TIME FROM > TO other REASON,  TIME other REASON
 *
 *   0.000000 10.0.0.1:40000 > 192.0.2.7:22 S seq 1000 win 64240 ttl 64 df
 *     mss 1460 sackok ts 100 0 ws 7                   (all on one line)
 *   0.020000 192.0.2.7:22 > 10.0.0.1:40000 SA seq 9 ack 1001 win 65160
 *   0.040000 10.0.0.1:40000 > 192.0.2.7:22 PA seq 1001 ack 10 "hello\r\n"
 *   1.5 10.0.0.254 > 10.0.0.1 icmp 3/4 mtu 1400 ttl 63 quoting
 *     10.0.0.1:40000 > 192.0.2.7:22 seq 1001 ttl 62 len 1500
 *
 * TIME is in seconds with up to nine decimals, or `-` when not recorded.
 * Flags are the letters SFRPAUECN, `.` for none. IPv6 addresses stand in
 * brackets: [2001:db8::1]:22. Sequence numbers are as on the wire.
 * In any order: seq ack win urg ttl id df tos label; options: mss sackok
 * sack A-B[,A-B] ts VALUE ECHO ws md5 mptcp fastclose tfo uto option-unknown
 * (option-bytes N and order HEX where the header was laid out otherwise);
 * payload: len N (bytes of the wire), "text" (captured bytes, escapes \r \n
 * \t \" \\ \xHH); where seen: dir in|out, if N, dev N, ctx N, tunnel WORD;
 * rare: first (fragment), bytes N (of the IP packet), odd WORD[,WORD].
 * What is left out: ttl 64, everything else 0. Numbers may be 0x hexadecimal.
 * `quoting` ends the packet's own words and begins those of the quote: seq
 * ack FLAGS (both or none) ttl id df tos len (of the whole IP packet) udp
 * proto N. */
#ifndef TESTS_SUPPORT_PACKET_TEXT_H
#define TESTS_SUPPORT_PACKET_TEXT_H

#include <stddef.h>

#include "capture/packet.h"

enum { TTL_UNLESS_SAID = 64 };

/* Writes the packet's line, without newline, always terminated; returns its
 * length, or 0 when `capacity` does not suffice (4 characters per captured
 * payload byte and 1024 always do). */
size_t packet_format(const struct packet *packet, char *text, size_t capacity);

struct text_error {
	unsigned column; /* from 1 */
	char text[160];
};

/* Reads one line of `length` characters. `space` takes the payload, which the
 * packet points to; `length` bytes always suffice. Sets what packet_decode
 * would set, save for the frame's number. False and an error if the line is
 * not a packet. */
bool packet_parse(const char *line, size_t length, uint8_t *space,
	struct packet *packet, struct text_error *error);

#endif
