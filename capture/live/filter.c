#include "capture/live/filter.h"

#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "capture/linktype.h"

enum { FILTER_SNAP_BYTES = 262144 };

/* The link types that libpcap 1.10.3 knows how to look into. All are compiled
 * for at the start: names of hosts and services are looked up by compiling,
 * which a sandboxed process can't do any more. Ethernet is first, for its
 * messages. */
static const uint16_t linktypes[] = {
	LINKTYPE_ETHERNET,
	LINKTYPE_LINUX_SLL2,
	LINKTYPE_LINUX_SLL,
	LINKTYPE_RAW,
	LINKTYPE_NULL,
	LINKTYPE_LOOP,
	LINKTYPE_IPV4,
	LINKTYPE_IPV6,
	LINKTYPE_IEEE802_11_RADIOTAP,
	LINKTYPE_IEEE802_11,
	LINKTYPE_IEEE802_11_PRISM,
	LINKTYPE_IEEE802_11_AVS,
	LINKTYPE_PPI,
	LINKTYPE_PPP,
	LINKTYPE_PPP_HDLC,
	LINKTYPE_PPP_ETHER,
	LINKTYPE_PPP_PPPD,
	LINKTYPE_PPP_BSDOS,
	LINKTYPE_C_HDLC,
	LINKTYPE_FRELAY,
	LINKTYPE_ENC,
	LINKTYPE_PFLOG,
	LINKTYPE_SLIP,
	LINKTYPE_SLIP_BSDOS,
	LINKTYPE_FDDI,
	LINKTYPE_IEEE802_5,
	LINKTYPE_ATM_RFC1483,
	LINKTYPE_ATM_CLIP,
	LINKTYPE_IP_OVER_FC,
	LINKTYPE_SUNATM,
	LINKTYPE_IPNET,
	LINKTYPE_PKTAP,
	LINKTYPE_JUNIPER_ETHER,
};

enum { FILTER_LINKTYPES = sizeof(linktypes) / sizeof(linktypes[0]) };

struct compiled {
	bool is_applicable;
	struct bpf_program program;
};

struct filter {
	struct compiled compiled[FILTER_LINKTYPES];
	/* the one in use, as frames of one link type come in rows; NULL: not
	 * applicable */
	const struct compiled *last;
	uint16_t last_linktype;
	char problem[160];
};

/* libpcap's number for a link type: on Linux they differ in these only (the
 * others as in pcap/dlt.h, libpcap 1.10.3). */
static int dlt_of(uint16_t linktype)
{
	switch (linktype) {
	case LINKTYPE_ATM_RFC1483:
		return DLT_ATM_RFC1483;
	case LINKTYPE_RAW:
		return DLT_RAW;
	case LINKTYPE_SLIP_BSDOS:
		return DLT_SLIP_BSDOS;
	case LINKTYPE_PPP_BSDOS:
		return DLT_PPP_BSDOS;
	case LINKTYPE_ATM_CLIP:
		return DLT_ATM_CLIP;
	default:
		return linktype;
	}
}

/* "inbound" or "ifindex 3" on a link type that does not record it: libpcap
 * compiles loads that only the kernel's socket filter answers (offsets from
 * SKF_AD_OFF on, linux/filter.h), and that match nothing recorded. */
static bool asks_the_kernel(const struct bpf_program *program)
{
	for (u_int i = 0; i < program->bf_len; i++)
		if (BPF_CLASS(program->bf_insns[i].code) == BPF_LD &&
			BPF_MODE(program->bf_insns[i].code) == BPF_ABS &&
			program->bf_insns[i].k >= 0xfffff000)
			return true;
	return false;
}

static bool compile(const char *expression, uint16_t linktype,
	struct bpf_program *program, char *problem, size_t problem_bytes)
{
	pcap_t *dead = pcap_open_dead(dlt_of(linktype), FILTER_SNAP_BYTES);
	bool is_compiled = dead && pcap_compile(dead, program, expression, 1,
					   PCAP_NETMASK_UNKNOWN) == 0;

	if (!is_compiled)
		(void)snprintf(problem, problem_bytes, "%s",
			dead ? pcap_geterr(dead) : "no memory");
	if (dead)
		pcap_close(dead);
	if (is_compiled && asks_the_kernel(program)) {
		(void)snprintf(
			problem, problem_bytes, "this is not recorded there");
		pcap_freecode(program);
		return false;
	}
	return is_compiled;
}

/* An expression may make sense for some link types only ("ifindex 3" for
 * cooked captures, "type mgt" for 802.11): one is enough. */
struct filter *filter_new(const char *expression, struct failure *failure)
{
	char problem[PCAP_ERRBUF_SIZE] = "", ignored[PCAP_ERRBUF_SIZE] = "";
	struct filter *filter = calloc(1, sizeof(*filter));
	bool is_expression = false;

	if (!filter) {
		(void)failure_set(
			failure, EXIT_USAGE, "no memory for the filter");
		return NULL;
	}
	for (size_t i = 0; i < FILTER_LINKTYPES; i++) {
		struct compiled *compiled = &filter->compiled[i];
		compiled->is_applicable =
			compile(expression, linktypes[i], &compiled->program,
				i == 0 ? problem : ignored, PCAP_ERRBUF_SIZE);
		is_expression = is_expression || compiled->is_applicable;
	}
	if (!is_expression) {
		(void)failure_set(failure, EXIT_USAGE,
			"filter \"%.200s\": %s (man pcap-filter has the "
			"syntax)",
			expression, problem);
		filter_free(filter);
		return NULL;
	}
	filter->last =
		filter->compiled[0].is_applicable ? filter->compiled : NULL;
	filter->last_linktype = linktypes[0];
	return filter;
}

static void choose(struct filter *filter, uint16_t linktype)
{
	filter->last = NULL;
	filter->last_linktype = linktype;
	for (size_t i = 0; i < FILTER_LINKTYPES; i++)
		if (linktypes[i] == linktype &&
			filter->compiled[i].is_applicable)
			filter->last = &filter->compiled[i];
}

bool filter_matches(struct filter *filter, const struct frame *frame)
{
	struct pcap_pkthdr header = {
		.caplen = frame->captured_bytes,
		.len = frame->original_bytes,
	};

	if (filter->last_linktype != frame->linktype)
		choose(filter, frame->linktype);
	if (!filter->last) {
		(void)snprintf(filter->problem, sizeof(filter->problem),
			"filter: frames of link type %u are left out, the "
			"expression can't be applied to them",
			frame->linktype);
		return false;
	}
	return pcap_offline_filter(
		       &filter->last->program, &header, frame->bytes) != 0;
}

const char *filter_problem(const struct filter *filter)
{
	return filter->problem[0] ? filter->problem : NULL;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < FILTER_LINKTYPES; i++)
		if (filter->compiled[i].is_applicable)
			pcap_freecode(&filter->compiled[i].program);
	free(filter);
}

const char *filter_library_version(void)
{
	return pcap_lib_version();
}
