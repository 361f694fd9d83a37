/* clang-format off */
/* A trace: packets that somebody wrote down, with a story before them,
 * comments between them, and expectations.
 *
 *   # The server's process is killed with a request unread.
 *   include handshake
 *   include exchange
 *   +0.158   client > server  PA "next one"
 *   +0.02    server > client  RA
 *   expect abort sender server culprit server
 *
 * Lines
 *
 *   # ...                 a comment, also behind words; empty lines say nothing
 *   expect ...            passed on as it is, see trace_check.h
 *   include NAME          the lines of include/NAME.trace beside this file
 *   NAME [ADDRESS][:PORT] [WORD]... [again +TIME [WORD]...]
 *                         an end, what its packets have, and how each of them
 *                         is recorded once more
 *   TIME                  lets the time pass
 *   TIME END > END FLAGS [WORD]...    a TCP packet
 *   TIME END > END udp [WORD]...
 *   TIME END > END icmp TYPE/CODE [WORD]... [quoting [END > END] [WORD]...]
 *   TIME END > END fragment [WORD]... a fragment without its header
 *   TIME [END > END] other REASON [WORD]...   what is not decoded further
 *   TIME again [WORD]...  the packet before, recorded once more
 *
 * A backslash at the end of a line continues it on the next. TIME is in
 * seconds with up to nine decimals: `+0.02` counts from the packet before,
 * `0.02` from the start, `-` was not recorded. END is ADDRESS[:PORT], IPv6 in
 * brackets as in [2001:db8::1]:22, or NAME[:PORT]. FLAGS are the letters
 * SFRPAUECN, or `none`.
 *
 * Words of a packet, in any order; numbers may be 0x hexadecimal:
 *
 *   seq N, ack N, win N, urg N           TCP
 *   "text"[*N] ..., len N                payload that was captured (escapes
 *                                        \r \n \t \" \\ \xHH; N times the
 *                                        same), its length on the wire
 *   mss N, sackok, ts VALUE ECHO, ws N, sack A-B[,A-B]..., md5, ao, mptcp,
 *   fastclose, tfo, uto, option-unknown  TCP options
 *   ttl N, id N, df, tos N, label N      IP
 *   mtu N, echo ID SEQ                   ICMP
 *   dir in|out|any, if N, dev N, ctx N, tunnel WORD   where it was recorded
 *   mac N                                the sending station's address, folded
 *   first                                the first of several fragments
 *   proto N, bytes N, option-bytes N, order HEX, odd WORD[,WORD]...   what does
 *                                        not follow from the rest: protocol,
 *                                        length of IP packet and TCP options,
 *                                        order of these, quirks
 *   no WORD                              without df, first or an option
 *   no again                             not recorded once more
 *
 * Behind `quoting`: FLAGS, seq N, ack N, udp, proto N, ttl N, id N, tos N,
 * len N (of the IP packet), df. Where no ends are said, the packet that is
 * quoted went the way of the last one that the error's target had sent. Behind
 * `again`: ttl, dir, if, dev, ctx and tunnel.
 *
 * Interfaces (`if`) from 1000 on are further capture points, with captures of
 * their own: 1000 is the second, 1001 the third.
 *
 * An end without a name, as in `10.0.0.1:40000 > 192.0.2.7:22 S seq 1000`,
 * leaves nothing open: its numbers are those of the wire, and what is not said
 * is 0, save for TTL 64.
 *
 * An end with a name sends what its line says, and goes on:
 *
 *   seq   what it has not sent yet; 0 with SYN
 *   ack   what the other end sent without a gap; 0 of the wire without ACK
 *   ts    a clock of 1000 Hz, echoing the other end's last TSval
 *   id    one more than the highest before, resets with others left out; 0 in
 *         a SYN-ACK, as Linux has it, and if the end's line says `id 0`
 *   mss, sackok, ws   with SYN; sackok, ws and ts if the other end has them too
 *   win   with SYN syn-win
 *   tos   0xc0 in an ICMP error over IPv4 (RFC 1812, 4.3.2.5)
 *
 * Its seq, ack and sack count from the ISN, as Wireshark shows them, its ts
 * from the clock at time 0; `=N` is the number on the wire. The line of an end
 * takes win, ttl, id, df, tos, label, mss, sackok, ts, ws, dir, mac, if,
 * dev, ctx, tunnel, `no`, syn-win N and isn N. It holds for what follows; isn,
 * id (of the first packet) and ts (at time 0) for the connections that begin:
 * with ports of which there was no packet, or with a SYN.
 *
 *   client  10.77.1.2:53016, TTL 64, win 63
 *   server  10.77.3.2:8080, TTL 62, win 64
 *   both    on Linux: MSS 1460, sackok, ws 10, df, IDs and clocks that count
 *
 * are there from the start. Another end with a port begins as the client does,
 * one without (a router) with TTL 64 and nothing else. */
/* clang-format on */
#ifndef TESTS_SUPPORT_TRACE_H
#define TESTS_SUPPORT_TRACE_H

#include <stddef.h>

#include "capture/failure.h"
#include "capture/packet.h"

struct trace_expectation {
	const char *text; /* behind "expect ", without blanks at its ends */
	unsigned line;	  /* from 1 */
};

struct trace_memory;

struct trace {
	struct packet *packets; /* numbered from 1 in `frame` */
	unsigned *lines;	/* of the packets, from 1; of their `include` */
	unsigned packet_count;
	struct trace_expectation *expectations;
	unsigned expectation_count;
	uint32_t room[3];	     /* for packets, lines and expectations */
	struct trace_memory *memory; /* strings and payloads */
};

/* Reads a trace; the packets' payloads live as long as it. `name` is the path
 * beside which included files are looked for. NULL and a sentence with name,
 * line and column when a line can't be read, or a file can't. Free it with
 * trace_free. */
struct trace *trace_parse(const char *text, size_t length, const char *name,
	struct failure *failure);
struct trace *trace_read(const char *path, struct failure *failure);
void trace_free(struct trace *trace);

#endif
