/* What libnet 1.1.6 does otherwise than its manual says, measured:
 * - a RAW4 context ignores its device: the socket is bound here;
 * - the kernel replaces an IPv4 identification of 0: never 0 (runner);
 * - the IPv6 flow label is garbled: always 0 here, which also keeps every
 *   packet of a flow on the same one of several paths;
 * - libnet_build_ipv6_frag() spoils the TCP checksum: fragments are made of
 *   plain payload with a header of our own. */
#include "probe/engine/craft.h"

#include <libnet.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/header_write.h"
#include "capture/byte_writer.h"

enum {
	SHORT_HEADER = 8, /* UDP, ICMP echo, IPv6 fragment */
	OPTION_BYTES = 40,
};

struct craft {
	libnet_t *libnet;
	uint8_t family;
	uint32_t own4, target4; /* network order, as libnet takes them */
	struct libnet_in6_addr own6, target6;
	struct address own, target;
	/* what a probe's payload and its zeros are laid out in */
	uint8_t scratch[PROBE_MOST_BYTES];
};

static bool bind_socket(libnet_t *libnet, uint8_t family, const char *interface,
	struct failure *failure)
{
	int descriptor = libnet_getfd(libnet);
	/* Not the path MTU that the kernel has learned: our too-large packets
	 * would end on this host (Linux' ip_skb_dst_mtu). */
	int probe4 = IP_PMTUDISC_PROBE, probe6 = IPV6_PMTUDISC_PROBE;
	/* Fragments leave as they were made: connection tracking of this host
	 * would join them. IPv6 has no such option. */
	int as_made = 1;

	if (setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, interface,
		    (socklen_t)strlen(interface)) != 0)
		return failure_set(failure, EXIT_NO_PERMISSION,
			"%s: the raw socket can't be bound to it: %s",
			interface, strerror(errno));
	if (family == 4 ? setsockopt(descriptor, IPPROTO_IP, IP_MTU_DISCOVER,
				  &probe4, sizeof(probe4)) != 0 ||
				  setsockopt(descriptor, IPPROTO_IP,
					  IP_NODEFRAG, &as_made,
					  sizeof(as_made)) != 0
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
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory for packets");
		return NULL;
	}
	craft->libnet = libnet_init(
		family == 4 ? LIBNET_RAW4 : LIBNET_RAW6, interface, problem);
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

uint32_t probe_packet_option_bytes(const struct probe_packet *probe)
{
	uint32_t bytes = 0;

	if (probe->mss)
		bytes += 4;
	if (probe->has_options)
		bytes += 8; /* SACK permitted 2, scale 3, padding 3 */
	if (probe->has_timestamp)
		bytes += 12;
	if (probe->sack.start != probe->sack.end)
		bytes += 12;
	return bytes;
}

/* All headers and options, without the padding. */
static uint32_t least_bytes(uint8_t family, const struct probe_packet *probe)
{
	uint32_t header = ip_header_bytes(family);

	switch (probe->kind) {
	case PROBE_PACKET_TCP:
		header += TCP_HEADER_BYTES + probe_packet_option_bytes(probe);
		break;
	case PROBE_PACKET_ECHO:
	case PROBE_PACKET_UDP:
		header += SHORT_HEADER;
		break;
	case PROBE_PACKET_FRAGMENT:
		return header + (family == 6 ? SHORT_HEADER : 0u) +
		       probe->piece_bytes;
	case PROBE_PACKET_TOO_BIG:
		return header + SHORT_HEADER + header + TCP_HEADER_BYTES;
	}
	return header + probe->payload_bytes;
}

uint32_t probe_packet_bytes(uint8_t family, const struct probe_packet *probe)
{
	uint32_t least = least_bytes(family, probe);

	return probe->kind != PROBE_PACKET_FRAGMENT && probe->ip_bytes > least
		       ? probe->ip_bytes
		       : least;
}

static bool build_tcp(struct craft *craft, const struct probe_packet *probe,
	uint32_t payload_bytes)
{
	uint8_t options[OPTION_BYTES];
	struct byte_writer writer = {options, sizeof(options), 0, false};
	uint32_t option_bytes = probe_packet_option_bytes(probe);

	if (probe->mss) {
		write_u16(&writer, 0x0204);
		write_u16(&writer, probe->mss);
	}
	if (probe->has_options) {
		write_u32(&writer, 0x04020101); /* SACK permitted, 2 no-ops */
		write_u32(&writer, 0x01030300u | probe->window_scale);
	}
	if (probe->has_timestamp) {
		write_u32(&writer, 0x0101080a);
		write_u32(&writer, probe->timestamp_value);
		write_u32(&writer, probe->timestamp_echo);
	}
	if (probe->sack.start != probe->sack.end) {
		write_u32(&writer, 0x0101050a);
		write_u32(&writer, probe->sack.start);
		write_u32(&writer, probe->sack.end);
	}
	if (option_bytes > 0 && libnet_build_tcp_options(options, option_bytes,
					craft->libnet, 0) < 0)
		return false;
	return libnet_build_tcp(probe->source_port, probe->target_port,
		       probe->sequence, probe->acknowledged,
		       (uint8_t)probe->tcp_flags, probe->window, 0, 0,
		       (uint16_t)(TCP_HEADER_BYTES + option_bytes +
				  payload_bytes),
		       payload_bytes ? craft->scratch : NULL, payload_bytes,
		       craft->libnet, 0) >= 0;
}

/* The pseudo header's share of an ICMPv6 checksum (RFC 8200, 8.1). */
static uint32_t pseudo_sum(const struct craft *craft, uint32_t bytes)
{
	return bytes_sum(craft->own.bytes, 16) +
	       bytes_sum(craft->target.bytes, 16) + bytes + PROTOCOL_ICMP6;
}

static bool build_echo(struct craft *craft, const struct probe_packet *probe,
	uint32_t payload_bytes)
{
	uint8_t *payload = payload_bytes ? craft->scratch : NULL;

	memset(craft->scratch, 0, payload_bytes);
	if (craft->family == 4)
		return libnet_build_icmpv4_echo(ICMP4_ECHO, 0, 0,
			       probe->source_port, probe->target_port, payload,
			       payload_bytes, craft->libnet, 0) >= 0;
	return libnet_build_icmpv6_echo(ICMP6_ECHO, 0, 0, probe->source_port,
		       probe->target_port, payload, payload_bytes,
		       craft->libnet, 0) >= 0;
}

/* Writes an echo request of `bytes` with its checksum to the scratch;
 * fragments are cut from it. Their checksum is over the whole message, and
 * libnet 1.1.6 writes IPv6 fragment headers wrongly (upstream issue 34). */
static void lay_out_echo(
	struct craft *craft, const struct probe_packet *probe, uint32_t bytes)
{
	struct byte_writer writer = {
		craft->scratch, sizeof(craft->scratch), 0, false};

	write_u16(&writer, craft->family == 4 ? 0x0800 : 0x8000);
	write_u16(&writer, 0);
	write_u16(&writer, probe->source_port);
	write_u16(&writer, probe->target_port);
	write_zeros(&writer, bytes - SHORT_HEADER);
	write_checksum(&writer, 0, 2,
		craft->family == 4 ? 0 : pseudo_sum(craft, bytes));
}

/* Writes an ICMP error to the scratch; returns its length. libnet 1.1.6 has no
 * argument for the MTU of "fragmentation needed". */
static uint32_t lay_out_error(
	struct craft *craft, const struct probe_packet *probe)
{
	struct byte_writer writer = {
		craft->scratch, sizeof(craft->scratch), 0, false};
	uint8_t quote[MOST_QUOTATION_BYTES];
	size_t bytes = header_write_quotation(&probe->quote, quote);

	/* unreachable, fragmentation needed; packet too big */
	write_u16(&writer, craft->family == 4 ? 0x0304 : 0x0200);
	write_u16(&writer, 0);
	write_u32(&writer, probe->claimed_mtu);
	write_bytes(&writer, quote, bytes);
	write_checksum(&writer, 0, 2,
		craft->family == 4 ? 0
				   : pseudo_sum(craft, (uint32_t)writer.used));
	return (uint32_t)writer.used;
}

/* In IPv6 the fragment header comes first in the payload. */
static uint32_t lay_out_fragment(
	struct craft *craft, const struct probe_packet *probe)
{
	uint8_t *scratch = craft->scratch;

	lay_out_echo(craft, probe, probe->whole_bytes);
	memmove(scratch + (craft->family == 6 ? SHORT_HEADER : 0),
		scratch + probe->offset, probe->piece_bytes);
	if (craft->family == 4)
		return probe->piece_bytes;
	struct byte_writer writer = {scratch, SHORT_HEADER, 0, false};
	write_u16(&writer, PROTOCOL_ICMP6 << 8);
	write_u16(&writer, (uint16_t)(probe->offset | probe->has_more));
	write_u32(&writer, 0x43550000u | probe->ip_id);
	return probe->piece_bytes + SHORT_HEADER;
}

static bool build_ip(struct craft *craft, const struct probe_packet *probe,
	uint8_t protocol, uint32_t ip_bytes, uint32_t payload_bytes)
{
	uint8_t *payload = payload_bytes ? craft->scratch : NULL;
	uint16_t fragment = probe->is_df ? IP4_DONT_FRAGMENT : 0;

	if (probe->kind == PROBE_PACKET_FRAGMENT)
		fragment =
			(uint16_t)(probe->offset / 8 |
				   (probe->has_more ? IP4_MORE_FRAGMENTS : 0));
	if (craft->family == 4)
		return libnet_build_ipv4((uint16_t)ip_bytes, probe->tos,
			       probe->ip_id, fragment, probe->ttl, protocol, 0,
			       craft->own4, craft->target4, payload,
			       payload_bytes, craft->libnet, 0) >= 0;
	return libnet_build_ipv6(probe->tos, 0,
		       (uint16_t)(ip_bytes - IP6_HEADER_BYTES), protocol,
		       probe->ttl, craft->own6, craft->target6, payload,
		       payload_bytes, craft->libnet, 0) >= 0;
}

static bool build(struct craft *craft, const struct probe_packet *probe)
{
	uint32_t ip_bytes = probe_packet_bytes(craft->family, probe);
	uint32_t filling = ip_bytes - least_bytes(craft->family, probe) +
			   probe->payload_bytes;
	uint32_t ip_header = ip_header_bytes(craft->family);

	if (ip_bytes > PROBE_MOST_BYTES)
		return false;
	libnet_clear_packet(craft->libnet);
	switch (probe->kind) {
	case PROBE_PACKET_TCP:
		memset(craft->scratch, 0, filling);
		if (probe->payload_bytes)
			memcpy(craft->scratch, probe->payload,
				probe->payload_bytes);
		return build_tcp(craft, probe, filling) &&
		       build_ip(craft, probe, PROTOCOL_TCP, ip_bytes, 0);
	case PROBE_PACKET_UDP:
		memset(craft->scratch, 0, filling);
		return libnet_build_udp(probe->source_port, probe->target_port,
			       (uint16_t)(SHORT_HEADER + filling), 0,
			       filling ? craft->scratch : NULL, filling,
			       craft->libnet, 0) >= 0 &&
		       build_ip(craft, probe, PROTOCOL_UDP, ip_bytes, 0);
	case PROBE_PACKET_ECHO:
		return build_echo(craft, probe,
			       ip_bytes - ip_header - ICMP_HEADER_BYTES) &&
		       build_ip(craft, probe,
			       craft->family == 4 ? PROTOCOL_ICMP
						  : PROTOCOL_ICMP6,
			       ip_bytes, 0);
	case PROBE_PACKET_TOO_BIG:
		return build_ip(craft, probe,
			craft->family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6,
			ip_bytes, lay_out_error(craft, probe));
	case PROBE_PACKET_FRAGMENT:
		return build_ip(craft, probe,
			craft->family == 4 ? PROTOCOL_ICMP : PROTOCOL_FRAGMENT,
			ip_bytes, lay_out_fragment(craft, probe));
	}
	return false;
}

bool craft_send(struct craft *craft, const struct probe_packet *probe,
	struct failure *failure)
{
	if (!build(craft, probe))
		return failure_set(failure, EXIT_NO_TARGET,
			"a packet can't be built: %s",
			libnet_geterror(craft->libnet));
	if (libnet_write(craft->libnet) >= 0)
		return true;
	/* The socket is open already: rights are not what is missing. */
	if (errno == EPERM)
		return failure_set(failure, EXIT_NO_TARGET,
			"this host's own firewall drops what is to be sent "
			"(%s): see its rules for output, `nft list ruleset`",
			strerror(errno));
	return failure_set(failure, EXIT_NO_TARGET,
		"a packet of %u bytes can't be sent: %s",
		probe_packet_bytes(craft->family, probe), strerror(errno));
}

size_t craft_bytes(struct craft *craft, const struct probe_packet *probe,
	uint8_t *bytes, size_t capacity)
{
	uint8_t *packet = NULL;
	uint32_t packet_bytes = 0;

	/* Not libnet_adv_cull_packet(): that is for link layer contexts. */
	if (!build(craft, probe) || libnet_pblock_coalesce(craft->libnet,
					    &packet, &packet_bytes) < 0)
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
