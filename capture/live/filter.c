#include "capture/live/filter.h"

#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "capture/cursor.h"
#include "capture/decode/decode_link.h"
#include "capture/live/filter_program.h"
#include "capture/linktype.h"
#include "capture/live/name_memory.h"

enum { FILTER_SNAP_BYTES = 262144 };

struct compiled {
	bool is_applicable;
	struct bpf_program program;
};

struct filter {
	/* the one in use, as frames of one link type come in rows; NULL: not
	 * applicable */
	const struct compiled *last;
	uint16_t last_linktype;
	char problem[160];
	struct compiled compiled[]; /* by link type, link_type_count() */
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

/* The programs, each behind its link type: of all that are decoded and that
 * libpcap can look into. All at the start, because names of hosts and services
 * are looked up by compiling, which a sandboxed process can't do any more. An
 * expression may make sense for some link types only ("ifindex 3" for cooked
 * captures, "type mgt" for 802.11): one is enough. What is wrong with it is
 * said as for Ethernet. */
static bool compile_all(void *context, FILE *result, struct failure *failure)
{
	const char *expression = *(const char **)context;
	char problem[PCAP_ERRBUF_SIZE] = "", ignored[PCAP_ERRBUF_SIZE] = "";
	bool is_expression = false;

	name_memory_begin();
	for (unsigned i = 0; i < link_type_count(); i++) {
		struct bpf_program program;

		if (!link_type_of((uint16_t)i) ||
			!compile(expression, (uint16_t)i, &program,
				i == LINKTYPE_ETHERNET ? problem : ignored,
				PCAP_ERRBUF_SIZE))
			continue;
		is_expression = true;
		filter_program_number(i, result);
		filter_program_write(&program, result);
		pcap_freecode(&program);
	}
	name_memory_end();
	return is_expression || failure_set(failure, EXIT_USAGE,
					"filter \"%.200s\": %s (man "
					"pcap-filter has the syntax)",
					expression, problem);
}

static bool read_all(
	struct filter *filter, const char *expression, struct cursor *cursor)
{
	while (cursor->left > 0) {
		uint32_t linktype = cursor_u32(cursor);

		if (linktype >= link_type_count() ||
			filter->compiled[linktype].is_applicable)
			return false;
		struct compiled *compiled = &filter->compiled[linktype];
		compiled->is_applicable = filter_program_read(
			cursor, expression, &compiled->program);
		if (!compiled->is_applicable)
			return false;
	}
	return !cursor_is_short(cursor);
}

static void choose(struct filter *filter, uint16_t linktype)
{
	const struct compiled *compiled = linktype < link_type_count()
						  ? &filter->compiled[linktype]
						  : NULL;

	filter->last = compiled && compiled->is_applicable ? compiled : NULL;
	filter->last_linktype = linktype;
}

static struct cursor cursor_of(const struct task_result *result)
{
	uint32_t count = result->count < UINT32_MAX ? (uint32_t)result->count
						    : UINT32_MAX;

	return cursor_on(result->bytes, count, count);
}

static bool say_not_to_be_run(const char *expression, struct failure *failure)
{
	return failure_set(failure, EXIT_USAGE,
		"filter \"%.200s\": its compiled program can't be run", expression);
}

struct filter *filter_new(const char *expression,
	const struct task_place *place, struct failure *failure)
{
	const struct task task = {compile_all, &expression};
	struct filter *filter = calloc(
		1, sizeof(*filter) +
			   link_type_count() * sizeof(filter->compiled[0]));
	struct task_result result = {NULL, 0};

	if (!filter) {
		(void)failure_set(
			failure, EXIT_USAGE, "no memory for the filter");
		return NULL;
	}
	bool is_good = place->do_task(&task, &result, failure);
	struct cursor cursor = cursor_of(&result);
	if (is_good && !read_all(filter, expression, &cursor))
		is_good = say_not_to_be_run(expression, failure);
	free(result.bytes);
	if (!is_good) {
		filter_free(filter);
		return NULL;
	}
	choose(filter, LINKTYPE_ETHERNET);
	return filter;
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
			"filter: frames of link type %u are skipped, the "
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
	for (unsigned i = 0; i < link_type_count(); i++)
		if (filter->compiled[i].is_applicable)
			pcap_freecode(&filter->compiled[i].program);
	free(filter);
}

struct compilation {
	pcap_t *handle;
	const char *expression;
};

static bool compile_for_handle(
	void *context, FILE *result, struct failure *failure)
{
	const struct compilation *compilation = context;
	struct bpf_program program;

	if (pcap_compile(compilation->handle, &program, compilation->expression,
		    1, PCAP_NETMASK_UNKNOWN) != 0)
		return failure_set(failure, EXIT_USAGE,
			"filter \"%.200s\": %s (man pcap-filter has the "
			"syntax)",
			compilation->expression,
			pcap_geterr(compilation->handle));
	filter_program_write(&program, result);
	pcap_freecode(&program);
	return true;
}

static bool attach(pcap_t *handle, const char *expression,
	struct bpf_program *program, struct failure *failure)
{
	return pcap_setfilter(handle, program) == 0 ||
	       failure_set(failure, EXIT_USAGE,
		       "filter \"%.200s\" can't be attached: %s", expression,
		       pcap_geterr(handle));
}

/* Until names have been looked up, what no filter keeps out would fill the
 * kernel's buffer. */
static bool let_nothing_pass(
	pcap_t *handle, const char *expression, struct failure *failure)
{
	struct bpf_insn nothing = {BPF_RET | BPF_K, 0, 0, 0};
	struct bpf_program program = {1, &nothing};

	return attach(handle, expression, &program, failure);
}

/* The one program that came of it. */
static bool take_result(struct task_result *result, const char *expression,
	struct bpf_program *program, struct failure *failure)
{
	struct cursor cursor = cursor_of(result);
	bool is_read = filter_program_read(&cursor, expression, program);

	free(result->bytes);
	return is_read || say_not_to_be_run(expression, failure);
}

/* An attacker who takes control of the process later gets no other packets
 * than these. Not every source of libpcap is a socket. */
static void lock(pcap_t *handle)
{
	int yes = 1;

	(void)setsockopt(pcap_get_selectable_fd(handle), SOL_SOCKET,
		SO_LOCK_FILTER, &yes, sizeof(yes));
}

bool filter_attach(pcap_t *handle, const char *expression,
	const struct task_place *place, struct failure *failure)
{
	struct compilation compilation = {handle, expression};
	const struct task task = {compile_for_handle, &compilation};
	struct task_result result = {NULL, 0};
	struct bpf_program program;

	if (!expression || !expression[0]) {
		lock(handle);
		return true;
	}
	if (!let_nothing_pass(handle, expression, failure) ||
		!place->do_task(&task, &result, failure))
		return false;
	bool is_read = take_result(&result, expression, &program, failure);
	bool is_attached =
		is_read && attach(handle, expression, &program, failure);
	if (is_read)
		pcap_freecode(&program);
	lock(handle);
	return is_attached;
}

const char *filter_library_version(void)
{
	return pcap_lib_version();
}
