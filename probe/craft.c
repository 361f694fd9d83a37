/* libnet 1.1.6 has traps, measured and named here so that nobody steps into
 * them again:
 * - a RAW4 context ignores its device: the socket is bound here;
 * - the kernel replaces an IPv4 identification of 0: never 0 (runner);
 * - the IPv6 flow label is garbled: always 0 here, which also keeps every
 *   packet of a flow on the same one of several paths;
 * - libnet_build_ipv6_frag() spoils the TCP checksum: fragments are made of
 *   plain payload with a header of our own. */
#include "probe/craft.h"

#include <libnet.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/byte_writer.h"
#include "capture/packet_encode.h"

enum {
	IP4_HEADER = 20,
	IP6_HEADER = 40,
	TCP_HEADER = 20,
	SHORT_HEADER = 8, /* UDP, ICMP echo, IPv6 fragment */
	IP4_DF = 0x4000,
	IP4_MF = 0x2000,
	NEXT_FRAGMENT = 44,
	OPTION_BYTES = 40,
};

struct craft {
	libnet_t *libnet;
	uint8_t family;
	uint32_t own4, target4; /* network order, as libnet takes them */
	struct libnet_in6_addr own6, target6;
	struct address own, target;
	/* what a question's payload and its zeros are laid out in */
	uint8_t scratch[QUESTION_MOST_BYTES];
};

static bool bind_socket(libnet_t *libnet, uint8_t family,
	const char *interface, struct failure *failure)
{
	int descriptor = libnet_getfd(libnet);
	/* Not the path MTU that the kernel has learned: our too-large packets
	 * would end on this host (Linux' ip_skb_dst_mtu). */
	int probe4 = IP_PMTUDISC_PROBE, probe6 = IPV6_PMTUDISC_PROBE;

	if (setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, interface,
		    (socklen_t)strlen(interface)) != 0)
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: the raw socket can't be bound to it: %s",
			interface, strerror(errno));
	if (family == 4 ? setsockopt(descriptor, IPPROTO_IP, IP_MTU_DISCOVER,
				  &probe4, sizeof(probe4)) != 0
			: setsockopt(descriptor, IPPROTO_IPV6,
				  IPV6_MTU_DISCOVER, &probe6,
				  sizeof(probe6)) != 0)
		return failure_set(failure, EXIT_NO_PERMISSION,
			"the raw socket can't be told to probe: %s",
			strerror(errno));
	return true;
}

struct craft *craft_open(uint8_t family, const struct address *own,
	const struct address *target, const char *interface,
	struct failure *failure)
{
	char problem[LIBNET_ERRBUF_SIZE] = "";
	struct craft *craft = calloc(1, sizeof(*craft));

	if (!craft) {
		(void)failure_set(failure, EXIT_NO_TARGET,
			"no memory for packets");
		return NULL;
	}
	craft->libnet = libnet_init(
		family == 4 ? LIBNET_RAW4 : LIBNET_RAW6, interface,
		problem);
	if (!craft->libnet) {
		if (geteuid() != 0) /* libnet keeps no error number */
			(void)failure_set(failure, EXIT_NO_PERMISSION,
				"probing needs root or CAP_NET_RAW: use sudo, "
				"or `setcap cap_net_raw+ep` on the program; "
				"in a container, `--cap-add NET_RAW`");
		else
			(void)failure_set(failure, EXIT_NO_PERMISSION,
				"%s: raw packets can't be sent: %.*s",
				interface, (int)strcspn(problem, "\n"),
				problem);
		free(craft);
		return NULL;
	}
	if (!bind_socket(craft->libnet, family, interface, failure)) {
		craft_close(craft);
		return NULL;
	}
	craft->family = family;
	craft->own = *own;
	craft->target = *target;
	memcpy(&craft->own4, own->bytes, sizeof(craft->own4));
	memcpy(&craft->target4, target->bytes, sizeof(craft->target4));
	memcpy(&craft->own6, own->bytes, sizeof(craft->own6));
	memcpy(&craft->target6, target->bytes, sizeof(craft->target6));
	return craft;
}

void craft_close(struct craft *craft)
{
	if (!craft)
		return;
	if (craft->libnet)
		libnet_destroy(craft->libnet);
	free(craft);
}

uint32_t question_option_bytes(const struct question *question)
{
	uint32_t bytes = 0;

	if (question->mss)
		bytes += 4;
	if (question->has_options)
		bytes += 8; /* SACK permitted 2, scale 3, padding 3 */
	if (question->has_timestamp)
		bytes += 12;
	if (question->sack.start != question->sack.end)
		bytes += 12;
	return bytes;
}

/* Everything but the filling. */
static uint32_t least_bytes(uint8_t family, const struct question *question)
{
	uint32_t header = family == 4 ? IP4_HEADER : IP6_HEADER;

	switch (question->kind) {
	case QUESTION_TCP:
		header += TCP_HEADER + question_option_bytes(question);
		break;
	case QUESTION_ECHO:
	case QUESTION_UDP:
		header += SHORT_HEADER;
		break;
	case QUESTION_FRAGMENT:
		return header + (family == 6 ? SHORT_HEADER : 0u) +
			question->piece_bytes;
	case QUESTION_TOO_BIG:
		return header + SHORT_HEADER + header + TCP_HEADER;
	}
	return header + question->payload_bytes;
}

uint32_t question_bytes(uint8_t family, const struct question *question)
{
	uint32_t least = least_bytes(family, question);

	return question->kind != QUESTION_FRAGMENT && question->ip_bytes > least
		? question->ip_bytes
		: least;
}

static bool build_tcp(struct craft *craft, const struct question *question,
	uint32_t payload_bytes)
{
	uint8_t options[OPTION_BYTES];
	struct byte_writer writer = {options, sizeof(options), 0, false};
	uint32_t option_bytes = question_option_bytes(question);

	if (question->mss) {
		write_u16(&writer, 0x0204);
		write_u16(&writer, question->mss);
	}
	if (question->has_options) {
		write_u32(&writer, 0x04020101); /* SACK permitted, 2 no-ops */
		write_u32(&writer, 0x01030300u | question->window_scale);
	}
	if (question->has_timestamp) {
		write_u32(&writer, 0x0101080a);
		write_u32(&writer, question->timestamp_value);
		write_u32(&writer, question->timestamp_echo);
	}
	if (question->sack.start != question->sack.end) {
		write_u32(&writer, 0x0101050a);
		write_u32(&writer, question->sack.start);
		write_u32(&writer, question->sack.end);
	}
	if (option_bytes > 0 &&
		libnet_build_tcp_options(
			options, option_bytes, craft->libnet, 0) < 0)
		return false;
	return libnet_build_tcp(question->source_port, question->target_port,
		       question->sequence, question->acknowledged,
		       (uint8_t)question->tcp_flags, question->window, 0, 0,
		       (uint16_t)(TCP_HEADER + option_bytes + payload_bytes),
		       payload_bytes ? craft->scratch : NULL, payload_bytes,
		       craft->libnet, 0) >= 0;
}

/* The pseudo header's share of an ICMPv6 checksum (RFC 8200, 8.1). */
static uint32_t pseudo_sum(const struct craft *craft, uint32_t bytes)
{
	return bytes_sum(craft->own.bytes, 16) +
		bytes_sum(craft->target.bytes, 16) + bytes +
		PROTOCOL_ICMP6;
}

/* Lays an echo request of `bytes` out in the scratch, checksum and all. */
static void lay_out_echo(struct craft *craft, const struct question *question,
	uint32_t bytes)
{
	struct byte_writer writer = {
		craft->scratch, sizeof(craft->scratch), 0, false};

	write_u16(&writer, craft->family == 4 ? 0x0800 : 0x8000);
	write_u16(&writer, 0);
	write_u16(&writer, question->source_port);
	write_u16(&writer, question->target_port);
	write_zeros(&writer, bytes - SHORT_HEADER);
	write_checksum(&writer, 0, 2,
		craft->family == 4 ? 0 : pseudo_sum(craft, bytes));
}

/* Lays an ICMP error out in the scratch; its length. */
static uint32_t lay_out_error(
	struct craft *craft, const struct question *question)
{
	struct byte_writer writer = {
		craft->scratch, sizeof(craft->scratch), 0, false};
	uint8_t quote[MOST_QUOTATION_BYTES];
	size_t bytes = quotation_encode(&question->quote, quote);

	/* unreachable, fragmentation needed; packet too big */
	write_u16(&writer, craft->family == 4 ? 0x0304 : 0x0200);
	write_u16(&writer, 0);
	write_u32(&writer, question->claimed_mtu);
	write_bytes(&writer, quote, bytes);
	write_checksum(&writer, 0, 2,
		craft->family == 4
			? 0
			: pseudo_sum(craft, (uint32_t)writer.used));
	return (uint32_t)writer.used;
}

/* In IPv6 the fragment header comes first in the payload. */
static uint32_t lay_out_fragment(
	struct craft *craft, const struct question *question)
{
	uint8_t *scratch = craft->scratch;

	lay_out_echo(craft, question, question->whole_bytes);
	memmove(scratch + (craft->family == 6 ? SHORT_HEADER : 0),
		scratch + question->offset, question->piece_bytes);
	if (craft->family == 4)
		return question->piece_bytes;
	struct byte_writer writer = {scratch, SHORT_HEADER, 0, false};
	write_u16(&writer, PROTOCOL_ICMP6 << 8);
	write_u16(&writer, (uint16_t)(question->offset | question->has_more));
	write_u32(&writer, 0x43550000u | question->ip_id);
	return question->piece_bytes + SHORT_HEADER;
}

static bool build_ip(struct craft *craft, const struct question *question,
	uint8_t protocol, uint32_t ip_bytes, uint32_t payload_bytes)
{
	uint8_t *payload = payload_bytes ? craft->scratch : NULL;
	uint16_t fragment = question->is_df ? IP4_DF : 0;

	if (question->kind == QUESTION_FRAGMENT)
		fragment = (uint16_t)((question->has_more ? IP4_MF : 0) |
			question->offset / 8);
	if (craft->family == 4)
		return libnet_build_ipv4((uint16_t)ip_bytes, question->tos,
			       question->ip_id, fragment, question->ttl,
			       protocol, 0, craft->own4, craft->target4,
			       payload, payload_bytes, craft->libnet, 0) >= 0;
	return libnet_build_ipv6(question->tos, 0,
		       (uint16_t)(ip_bytes - IP6_HEADER), protocol,
		       question->ttl, craft->own6, craft->target6, payload,
		       payload_bytes, craft->libnet, 0) >= 0;
}

static bool build(struct craft *craft, const struct question *question)
{
	uint32_t ip_bytes = question_bytes(craft->family, question);
	uint32_t filling = ip_bytes - least_bytes(craft->family, question) +
		question->payload_bytes;
	uint32_t ip_header = craft->family == 4 ? IP4_HEADER : IP6_HEADER;

	if (ip_bytes > QUESTION_MOST_BYTES)
		return false;
	libnet_clear_packet(craft->libnet);
	switch (question->kind) {
	case QUESTION_TCP:
		memset(craft->scratch, 0, filling);
		if (question->payload_bytes)
			memcpy(craft->scratch, question->payload,
				question->payload_bytes);
		return build_tcp(craft, question, filling) &&
			build_ip(craft, question, PROTOCOL_TCP, ip_bytes, 0);
	case QUESTION_UDP:
		memset(craft->scratch, 0, filling);
		return libnet_build_udp(question->source_port,
			       question->target_port,
			       (uint16_t)(SHORT_HEADER + filling), 0,
			       filling ? craft->scratch : NULL, filling,
			       craft->libnet, 0) >= 0 &&
			build_ip(craft, question, PROTOCOL_UDP, ip_bytes, 0);
	case QUESTION_ECHO:
		lay_out_echo(craft, question, ip_bytes - ip_header);
		return build_ip(craft, question,
			craft->family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6,
			ip_bytes, ip_bytes - ip_header);
	case QUESTION_TOO_BIG:
		return build_ip(craft, question,
			craft->family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6,
			ip_bytes, lay_out_error(craft, question));
	case QUESTION_FRAGMENT:
		return build_ip(craft, question,
			craft->family == 4 ? PROTOCOL_ICMP : NEXT_FRAGMENT,
			ip_bytes, lay_out_fragment(craft, question));
	}
	return false;
}

bool craft_send(struct craft *craft, const struct question *question,
	struct failure *failure)
{
	if (!build(craft, question))
		return failure_set(failure, EXIT_NO_TARGET,
			"a packet can't be built: %s",
			libnet_geterror(craft->libnet));
	if (libnet_write(craft->libnet) < 0)
		return failure_set(failure,
			errno == EPERM ? EXIT_NO_PERMISSION : EXIT_NO_TARGET,
			"a packet of %u bytes can't be sent: %s",
			question_bytes(craft->family, question),
			strerror(errno));
	return true;
}

size_t craft_bytes(struct craft *craft, const struct question *question,
	uint8_t *bytes, size_t capacity)
{
	uint8_t *packet = NULL;
	uint32_t packet_bytes = 0;

	/* Not libnet_adv_cull_packet(): that is for link layer contexts. */
	if (!build(craft, question) ||
		libnet_pblock_coalesce(
			craft->libnet, &packet, &packet_bytes) < 0)
		return 0;
	if (packet_bytes <= capacity)
		memcpy(bytes, packet, packet_bytes);
	if (craft->libnet->aligner > 0) /* as libnet_write() frees it */
		packet -= craft->libnet->aligner;
	free(packet);
	return packet_bytes <= capacity ? packet_bytes : 0;
}

const char *craft_library_version(void)
{
	return libnet_version();
}
