/*
 * A wire between two network namespaces that the kernel's own tools cannot
 * make: it delays, loses, reorders, cuts, rewrites, forgets and forges.
 *
 * It makes a TAP interface in each of two namespaces and carries frames from
 * one to the other. "near" is the end towards the client; "forward" the
 * direction from near to far. It ends when its parent does, and its
 * interfaces end with it. Random choices follow from --seed alone.
 *
 * It stands for hardware, so it comes before every process that is scheduled
 * as usual: on a busy machine its delays stay as they were asked for.
 */
#include "device.h"
#include "queue.h"
#include "wire_options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum end { END_NEAR, END_FAR, END_COUNT };

enum { READS_AT_ONCE = 64 };

struct wire {
	int tap[END_COUNT];
	struct device_options options;
	struct device device;
	struct queue queue;
	int64_t busy_until_ns[END_COUNT]; /* by direction, for the rate */
	int64_t last_leave_ns[END_COUNT];
	int64_t now_ns;
};

static int64_t clock_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail */
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void write_frame(
	struct wire *wire, bool to_far, const uint8_t *bytes, size_t length)
{
	/* An interface that is down or gone loses the frame, as a cable
	 * would. */
	(void)!write(wire->tap[to_far ? END_FAR : END_NEAR], bytes, length);
}

static void send_later(void *context, bool to_far, int64_t late_ns,
	const uint8_t *bytes, size_t length)
{
	struct wire *wire = context;

	if (late_ns <= 0)
		write_frame(wire, to_far, bytes, length);
	else
		(void)queue_add(&wire->queue, wire->now_ns + late_ns, to_far,
			bytes, length); /* a full queue loses frames */
}

static bool happens(struct wire *wire, double percent)
{
	return percent > 0 &&
	       (double)device_random(&wire->device, 1000000) < percent * 10000;
}

/* When a frame that arrives now leaves at the other end. */
static int64_t leave_time(struct wire *wire, bool from_far, size_t length)
{
	const struct direction_options *options =
		&wire->options.direction[from_far];
	int64_t leave_ns = wire->now_ns;

	if (options->bits_per_second > 0) {
		if (wire->busy_until_ns[from_far] > leave_ns)
			leave_ns = wire->busy_until_ns[from_far];
		leave_ns += (int64_t)length * 8 * 1000000000 /
			    options->bits_per_second;
		wire->busy_until_ns[from_far] = leave_ns;
	}
	leave_ns += options->delay_ns;
	if (options->jitter_ns > 0)
		leave_ns += (int64_t)device_random(
			&wire->device, (uint64_t)options->jitter_ns);
	/* Jitter alone keeps the order, as a queue does. */
	if (leave_ns < wire->last_leave_ns[from_far])
		leave_ns = wire->last_leave_ns[from_far];
	wire->last_leave_ns[from_far] = leave_ns;
	if (happens(wire, options->reorder_percent))
		leave_ns += options->reorder_ns;
	if (options->spread_ns > 0)
		leave_ns += (int64_t)device_random(
			&wire->device, (uint64_t)options->spread_ns);
	return leave_ns;
}

static void carry(
	struct wire *wire, bool from_far, uint8_t *bytes, size_t length)
{
	const struct direction_options *options =
		&wire->options.direction[from_far];
	struct frame frame;
	int64_t leave_ns;

	frame_parse(&frame, bytes, length);
	if (!device_pass(&wire->device, &frame, from_far, wire->now_ns))
		return;
	/* Losing ARP or neighbour discovery would test nothing of ours. */
	if (frame.version && !frame.is_neighbour &&
		happens(wire, options->loss_percent))
		return;
	leave_ns = leave_time(wire, from_far, length);
	send_later(wire, !from_far, leave_ns - wire->now_ns, bytes, length);
	if (frame.is_tcp && happens(wire, options->duplicate_percent))
		send_later(wire, !from_far, leave_ns - wire->now_ns, bytes,
			length);
}

static bool read_end(struct wire *wire, enum end end)
{
	static uint8_t bytes[FRAME_MAXIMUM];

	for (unsigned i = 0; i < READS_AT_ONCE; i++) {
		ssize_t length = read(wire->tap[end], bytes, sizeof(bytes));

		if (length < 0)
			return errno == EAGAIN || errno == EINTR ||
			       errno == EIO; /* not up yet */
		carry(wire, end == END_FAR, bytes, (size_t)length);
	}
	return true;
}

static void send_due(struct wire *wire)
{
	while (queue_next_ns(&wire->queue) <= wire->now_ns) {
		struct queued first = queue_take(&wire->queue);

		write_frame(wire, first.to_far, first.bytes, first.length);
		free(first.bytes);
	}
}

static int run(struct wire *wire)
{
	struct pollfd ready[END_COUNT] = {
		{.fd = wire->tap[END_NEAR], .events = POLLIN},
		{.fd = wire->tap[END_FAR], .events = POLLIN},
	};

	for (;;) {
		int64_t next_ns;
		struct timespec wait;

		wire->now_ns = clock_ns();
		next_ns = device_tick(&wire->device, wire->now_ns);
		send_due(wire);
		if (queue_next_ns(&wire->queue) < next_ns)
			next_ns = queue_next_ns(&wire->queue);
		next_ns -= wire->now_ns;
		if (next_ns < 0)
			next_ns = 0;
		wait = (struct timespec){.tv_sec = next_ns / 1000000000,
			.tv_nsec = next_ns % 1000000000};
		if (wait.tv_sec > 3600)
			wait.tv_sec = 3600;
		if (ppoll(ready, END_COUNT, &wait, NULL) < 0 && errno != EINTR)
			return 1;
		wire->now_ns = clock_ns();
		for (enum end end = END_NEAR; end < END_COUNT; end++)
			if (ready[end].revents & POLLERR || /* it is gone */
				!read_end(wire, end))
				return 1;
	}
}

/* Enters the namespace behind the descriptor and makes a TAP there. */
static int open_tap(const char *namespace_fd, const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int tap;

	if (setns((int)number("namespace", namespace_fd), CLONE_NEWNET) != 0)
		refuse("setns", strerror(errno));
	tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tap < 0)
		refuse("/dev/net/tun", strerror(errno));
	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(tap, TUNSETIFF, &request) != 0)
		refuse("TUNSETIFF", strerror(errno));
	return tap;
}

/* Where that is not allowed it is scheduled as others are. */
static void take_precedence(void)
{
	static const struct sched_param least = {.sched_priority = 1};

	(void)sched_setscheduler(0, SCHED_FIFO, &least);
}

static const char usage[] =
	"usage: wire --near FD:NAME --far FD:NAME [--seed N]\n"
	"  [--forward WORDS] [--reverse WORDS] [--both WORDS]\n"
	"  [--idle WORDS] [--inject WORDS]\n"
	"FD is an open descriptor of a network namespace. WORDS, "
	"comma-joined:\n"
	"  direction: delay_ms= jitter_ms= loss= duplicate= reorder=\n"
	"    reorder_ms= spread_ms= kbit= drop_larger= drop_fragments "
	"drop_icmp_errors\n"
	"    drop_too_big drop_all clear_df mss= ttl= add_ttl= wobble_ttl=\n"
	"    tos= ip_id= wscale= sequence_shift= sack_unshifted\n"
	"    strip_timestamps strip_sack strip_wscale strip_mss\n"
	"  idle: seconds= silent reset_sender reset_both ttl=\n"
	"  inject: keyword= | syn, style= from_far to_sender to_receiver\n"
	"    inline copy_ttl mirror_ttl ttl= block_ms= block_all_ms=\n"
	"    delay_ms=\n";

int main(int count, char **words)
{
	static const struct option options[] = {
		{"near", required_argument, NULL, 'n'},
		{"far", required_argument, NULL, 'F'},
		{"seed", required_argument, NULL, 's'},
		{"forward", required_argument, NULL, OPTION_FORWARD},
		{"reverse", required_argument, NULL, OPTION_REVERSE},
		{"both", required_argument, NULL, OPTION_BOTH},
		{"idle", required_argument, NULL, OPTION_IDLE},
		{"inject", required_argument, NULL, OPTION_INJECT},
		{NULL, 0, NULL, 0},
	};
	static struct wire wire;
	int option;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* cannot fail */
	take_precedence();
	wire.tap[END_NEAR] = wire.tap[END_FAR] = -1;
	for (unsigned i = 0; i < 2; i++) {
		wire.options.direction[i].set_tos = -1;
		wire.options.direction[i].set_ip_id = -1;
		wire.options.direction[i].set_wscale = -1;
	}
	wire.options.idle.ttl = 64;
	wire.device.options = &wire.options;
	wire.device.random = 88172645463325252ull;
	wire.device.send = send_later;
	wire.device.wire = &wire;
	while ((option = getopt_long(count, words, "", options, NULL)) != -1) {
		char *name = optarg ? strchr(optarg, ':') : NULL;

		if (option == 'n' || option == 'F') {
			if (name == NULL)
				refuse("not FD:NAME", optarg);
			*name++ = '\0';
			wire.tap[option == 'F'] = open_tap(optarg, name);
		} else if (option == 's') {
			wire.device.random ^=
				(uint64_t)number("seed", optarg) * 2654435761u;
		} else if (option == '?') {
			fputs(usage, stderr);
			return 2;
		} else {
			set_words(&wire.options, option, optarg);
		}
	}
	if (wire.tap[END_NEAR] < 0 || wire.tap[END_FAR] < 0 ||
		(wire.options.inject.at != INJECT_NEVER &&
			wire.options.inject.style == NULL)) {
		fputs(usage, stderr);
		return 2;
	}
	/* The parent waits for this line before it configures the ends. */
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		return 1;
	return run(&wire);
}
