#include "capture/live/live.h"

#include <errno.h>
#include <pcap.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/live/time_now.h"
#include "capture/live/filter.h"
#include "capture/live/link_state.h"
#include "capture/linktype.h"

enum {
	DEFAULT_SNAP_BYTES = 262144,
	DEFAULT_TIMEOUT_MS = 100,
	DROPPED_LATE_MS = 100, /* a block may be handed over this much late */
	LISTED_INTERFACES = 12,
};

struct live {
	pcap_t *handle;
	char name[64];
	uint16_t linktype;
	uint8_t direction;
	bool is_immediate;
	int timeout_ms;
	int64_t stop_time_ns;	  /* of the frames' clock; INT64_MAX: goes on */
	int64_t stop_deadline_ns; /* of the monotonic clock */
	/* pcap_stats counts in 32 bits, which a long capture overflows */
	uint32_t last_received, last_dropped;
	uint64_t received, dropped;
};

/* Packets wait in such a queue (NFQUEUE) until a program returns a verdict: a
 * capture would block them for ever. */
static bool is_queue(const char *name)
{
	return strncmp(name, "nfqueue", strlen("nfqueue")) == 0;
}

int live_interfaces(struct live_interface *interfaces, unsigned capacity,
	struct failure *failure)
{
	char problem[PCAP_ERRBUF_SIZE];
	pcap_if_t *all;
	unsigned count = 0;

	if (pcap_findalldevs(&all, problem) != 0) {
		(void)failure_set(failure, EXIT_NO_PERMISSION,
			"the interfaces can't be listed: %s", problem);
		return -1;
	}
	for (pcap_if_t *one = all; one && count < capacity; one = one->next) {
		struct live_interface *filled = &interfaces[count];
		/* names that don't fit could not be opened by them */
		if (strlen(one->name) >= sizeof(filled->name) ||
			is_queue(one->name))
			continue;
		(void)snprintf(
			filled->name, sizeof(filled->name), "%s", one->name);
		(void)snprintf(filled->description, sizeof(filled->description),
			"%s", one->description ? one->description : "");
		filled->is_up = one->flags & PCAP_IF_UP;
		filled->is_loopback = one->flags & PCAP_IF_LOOPBACK;
		count++;
	}
	pcap_freealldevs(all);
	return (int)count;
}

const char *live_interface_of(const char *word, struct live_interface *listed,
	struct failure *failure)
{
	struct live_interface all[LIVE_INTERFACES];
	size_t digits = strspn(word, "0123456789");

	if (digits == 0 || word[digits] != '\0')
		return word;
	int count = live_interfaces(all, LIVE_INTERFACES, failure);
	if (count < 0)
		return NULL;
	for (int i = 0; i < count; i++)
		if (strcmp(all[i].name, word) == 0)
			return word;
	unsigned long number = strtoul(word, NULL, 10); /* ULONG_MAX: beyond */
	if (number == 0 || number > (unsigned long)count) {
		(void)failure_set(failure, EXIT_USAGE,
			"there is no interface %s; `culprit capture -D` "
			"numbers them from 1 to %d",
			word, count);
		return NULL;
	}
	*listed = all[number - 1];
	return listed->name;
}

static void name_some_interfaces(char *names, size_t capacity)
{
	struct live_interface some[LISTED_INTERFACES];
	struct failure ignored; /* the sentence is about something else */
	int count = live_interfaces(some, LISTED_INTERFACES, &ignored);
	size_t used = 0;

	names[0] = '\0';
	for (int i = 0; i < count && used < capacity; i++) {
		int more = snprintf(names + used, capacity - used, "%s%s",
			i ? ", " : "", some[i].name);
		if (more > 0)
			used += (size_t)more;
	}
}

static void say_why_not(const char *name, int result, const char *problem,
	struct failure *failure)
{
	char names[200];

	switch (result) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		(void)failure_set(failure, EXIT_NO_PERMISSION,
			"%s: capturing needs root or CAP_NET_RAW: use sudo, or "
			"`setcap cap_net_raw+ep` on the program; in a "
			"container, `--cap-add NET_RAW`; or record elsewhere "
			"and use `culprit analyze FILE`",
			name);
		break;
	case PCAP_ERROR_NO_SUCH_DEVICE:
		name_some_interfaces(names, sizeof(names));
		(void)failure_set(failure, EXIT_USAGE,
			"%s: there is no such interface; there are: %s", name,
			names[0] ? names : "none");
		break;
	case PCAP_ERROR_IFACE_NOT_UP:
		(void)failure_set(failure, EXIT_USAGE,
			"%s: the interface is down: `ip link set %s up` first",
			name, name);
		break;
	default:
		/* libpcap says so in words only */
		(void)failure_set(failure,
			strstr(problem, strerror(ENOMEM)) ? EXIT_INPUT_CUT
							  : EXIT_USAGE,
			"%s: capturing can't start: %s", name,
			problem[0] ? problem : pcap_statustostr(result));
	}
}

/* What has to be set before activation; false when libpcap refuses a value. */
static bool configure(
	pcap_t *handle, const struct live_options *options, int timeout_ms)
{
	uint32_t snap_bytes = options->snap_bytes;

	if (snap_bytes == 0 || snap_bytes > DEFAULT_SNAP_BYTES)
		snap_bytes = DEFAULT_SNAP_BYTES;
	/* microseconds are all that some interfaces have: then it stays so */
	(void)pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
	return pcap_set_snaplen(handle, (int)snap_bytes) == 0 &&
	       pcap_set_promisc(handle, options->is_promiscuous) == 0 &&
	       pcap_set_timeout(handle, timeout_ms) == 0 &&
	       pcap_set_immediate_mode(handle, options->is_immediate) == 0 &&
	       (options->buffer_kib == 0 ||
		       pcap_set_buffer_size(
			       handle, options->buffer_kib < (1 << 21)
					       ? (int)options->buffer_kib * 1024
					       : INT32_MAX) == 0);
}

static bool set_direction(pcap_t *handle, const struct live_options *options,
	struct failure *failure)
{
	pcap_direction_t direction =
		options->direction == FRAME_INBOUND ? PCAP_D_IN : PCAP_D_OUT;

	if (options->direction == FRAME_ANY_WAY ||
		pcap_setdirection(handle, direction) == 0)
		return true;
	return failure_set(failure, EXIT_USAGE,
		"%s: it can't be captured in one direction only: %s",
		options->interface, pcap_geterr(handle));
}

/* Everything after activation. */
static bool start(struct live *live, const struct live_options *options,
	struct failure *failure)
{
	char problem[PCAP_ERRBUF_SIZE];

	/* Version 2 of the cooked header names the interface of each frame. A
	 * libpcap without it gives version 1, which is decoded as well. */
	if (strcmp(options->interface, "any") == 0)
		(void)pcap_set_datalink(live->handle, DLT_LINUX_SLL2);
	live->linktype =
		linktype_canonical((uint16_t)pcap_datalink(live->handle));
	if (!filter_attach(live->handle, options->filter,
		    options->place ? options->place : &task_here, failure) ||
		!set_direction(live->handle, options, failure))
		return false;
	if (pcap_setnonblock(live->handle, 1, problem) != 0)
		return failure_set(failure, EXIT_USAGE,
			"%s: capturing can't start: %s", live->name, problem);
	return true;
}

struct live *live_open(
	const struct live_options *options, struct failure *failure)
{
	char problem[PCAP_ERRBUF_SIZE] = "";

	if (is_queue(options->interface)) {
		(void)failure_set(failure, EXIT_USAGE,
			"%s: its packets (NFQUEUE) wait for a verdict, which "
			"capture does not give; use nflog",
			options->interface);
		return NULL;
	}
	struct live *live = calloc(1, sizeof(*live));

	if (live)
		live->handle = pcap_create(options->interface, problem);
	if (!live || !live->handle) {
		say_why_not(options->interface, PCAP_ERROR, problem, failure);
		free(live);
		return NULL;
	}
	(void)snprintf(live->name, sizeof(live->name), "%s",
		options->interface); /* a cut name is for messages only */
	live->timeout_ms = DEFAULT_TIMEOUT_MS;
	if (options->timeout_ms && options->timeout_ms < 60000)
		live->timeout_ms = (int)options->timeout_ms;
	live->direction = options->direction;
	live->is_immediate = options->is_immediate;
	live->stop_time_ns = INT64_MAX;
	int result = configure(live->handle, options, live->timeout_ms)
			     ? pcap_activate(live->handle)
			     : PCAP_ERROR;
	/* warnings (no promiscuous mode, ...) do not keep it from working */
	if (result < 0)
		say_why_not(options->interface, result,
			pcap_geterr(live->handle), failure);
	if (result < 0 || !start(live, options, failure)) {
		live_close(live);
		return NULL;
	}
	return live;
}

uint16_t live_linktype(const struct live *live)
{
	return live->linktype;
}

uint32_t live_snap_bytes(const struct live *live)
{
	return (uint32_t)pcap_snapshot(live->handle);
}

int live_descriptor(const struct live *live)
{
	return pcap_get_selectable_fd(live->handle);
}

struct delivery {
	struct live *live;
	struct batch *batch;
	uint64_t number;
	bool is_out_of_memory;
	int64_t factor_ns; /* of tv_usec, which may hold nanoseconds */
};

/* The kernel's buffer is given back after this: the bytes are copied. A batch
 * that moves when it grows would leave its frames behind, so they are pointed
 * into it at the end. */
static void deliver(
	u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	/* the pointer went through pcap_dispatch as it is */
	struct delivery *delivery = (struct delivery *)(void *)user;
	struct batch *batch = delivery->batch;
	size_t needed = batch->used_bytes + header->caplen;
	int64_t time_ns = (int64_t)header->ts.tv_sec * 1000000000 +
			  (int64_t)header->ts.tv_usec * delivery->factor_ns;

	if (time_ns > delivery->live->stop_time_ns)
		return;
	if (needed > batch->capacity_bytes &&
		!batch_resize(batch, needed + needed / 2)) {
		delivery->is_out_of_memory = true;
		return;
	}
	memcpy(batch->bytes + batch->used_bytes, bytes, header->caplen);
	batch->frames[batch->count++] = (struct frame){
		.time_ns = time_ns,
		.number = delivery->number++,
		.captured_bytes = header->caplen,
		.original_bytes = header->len > header->caplen ? header->len
							       : header->caplen,
		.interface = 0,
		.linktype = delivery->live->linktype,
		.direction = delivery->live->direction,
	};
	batch->used_bytes = needed;
}

/* Why no packets could be taken, if it is not that there are none. */
static bool explain(struct live *live, int error, struct failure *failure)
{
	/* netlink's readers take an empty queue for an error */
	if (error == EAGAIN)
		return true;
	switch (link_state_of(live_descriptor(live), live->name)) {
	case LINK_RENAMED:
		return true;
	case LINK_GONE:
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: capturing ended: the interface was deleted, or "
			"moved to another network namespace",
			live->name);
	case LINK_THERE:
		break;
	}
	return failure_set(failure, EXIT_INPUT_CUT, "%s: capturing ended: %s",
		live->name, pcap_geterr(live->handle));
}

static bool take(struct delivery *delivery, struct failure *failure)
{
	struct live *live = delivery->live;
	struct batch *batch = delivery->batch;
	int room = BATCH_FRAMES - (int)batch->count;

	errno = 0;
	int result = pcap_dispatch(
		live->handle, room, deliver, (u_char *)(void *)delivery);
	int error = errno;
	size_t at = 0;

	for (uint32_t i = 0; i < batch->count; i++) {
		batch->frames[i].bytes = batch->bytes + at;
		at += batch->frames[i].captured_bytes;
	}
	if (delivery->is_out_of_memory)
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory for its packets", live->name);
	return result >= 0 || result == PCAP_ERROR_BREAK ||
	       explain(live, error, failure);
}

/* How long to wait for the kernel to hand over its next block. */
static int longest_wait_ms(const struct live *live)
{
	int64_t left_ns;

	if (live->stop_time_ns == INT64_MAX)
		return live->is_immediate ? 0 : live->timeout_ms;
	left_ns = live->stop_deadline_ns - time_now_ns(CLOCK_MONOTONIC);
	return left_ns > 0 ? (int)(left_ns / 1000000) + 1 : 0;
}

int live_read(struct live *live, struct batch *batch, uint64_t first_number,
	struct failure *failure)
{
	struct delivery delivery = {
		.live = live,
		.batch = batch,
		.number = first_number,
		.factor_ns = pcap_get_tstamp_precision(live->handle) ==
					     PCAP_TSTAMP_PRECISION_NANO
				     ? 1
				     : 1000,
	};
	struct pollfd wanted = {live_descriptor(live), POLLIN, 0};

	batch->count = 0;
	batch->used_bytes = 0;
	for (;;) {
		if (!take(&delivery, failure))
			return -1;
		int wait_ms = longest_wait_ms(live);
		if (batch->count || wait_ms == 0)
			return (int)batch->count;
		if (poll(&wanted, 1, wait_ms) > 0)
			continue;
		/* nothing within the timeout, or a signal for the caller; a
		 * block may still have been handed over at the last moment */
		if (live->stop_time_ns == INT64_MAX)
			return take(&delivery, failure) ? (int)batch->count
							: -1;
	}
}

void live_stop(struct live *live)
{
	live->stop_time_ns = time_now_ns(CLOCK_REALTIME);
	live->stop_deadline_ns =
		time_now_ns(CLOCK_MONOTONIC) +
		(int64_t)(live->timeout_ms + DROPPED_LATE_MS) * 1000000;
}

bool live_statistics(struct live *live, uint64_t *received, uint64_t *dropped)
{
	struct pcap_stat statistics;

	if (pcap_stats(live->handle, &statistics) != 0)
		return false;
	live->received += (uint32_t)(statistics.ps_recv - live->last_received);
	live->dropped += (uint32_t)(statistics.ps_drop - live->last_dropped);
	live->last_received = statistics.ps_recv;
	live->last_dropped = statistics.ps_drop;
	*received = live->received;
	*dropped = live->dropped;
	return true;
}

void live_close(struct live *live)
{
	if (!live)
		return;
	pcap_close(live->handle);
	free(live);
}
