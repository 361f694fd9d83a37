/*
 * Records several points of a lab at once, each into its own pcapng file.
 *
 * A point is an interface in a network namespace, or "any" for all of them
 * (Linux cooked v2, as tcpdump -i any writes). The truth about the scenario
 * goes into the comment of the file's section header. On SIGTERM all that the
 * kernel still holds is drained before the files are closed: a capture that
 * loses its last second loses the reset itself.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
	POINT_MAXIMUM = 16,
	PACKET_MAXIMUM = 262144,
	COOKED_BYTES = 20,
	LINKTYPE_ETHERNET = 1,
	LINKTYPE_LINUX_SLL2 = 276,
	RECEIVE_BUFFER = 16 << 20,
	BLOCK_SECTION = 0x0a0d0d0a,
	BLOCK_INTERFACE = 1,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
};

struct point {
	int socket;
	bool is_any;
	size_t snap_bytes;
	unsigned lose_percent;
	FILE *file;
	uint64_t received;
	uint64_t lost;
};

static void refuse(const char *what, const char *why)
{
	fprintf(stderr, "tap: %s: %s\n", what, why);
	exit(2);
}

static void put(FILE *file, const void *bytes, size_t length)
{
	static const uint8_t zero[4];

	if (fwrite(bytes, 1, length, file) != length ||
		fwrite(zero, 1, -length & 3, file) != (-length & 3))
		refuse("write", strerror(errno));
}

static void put_number(FILE *file, uint32_t number)
{
	put(file, &number, sizeof(number));
}

static void put_option(
	FILE *file, uint16_t code, const void *bytes, size_t length)
{
	put_number(file, (uint32_t)length << 16 | code);
	put(file, bytes, length);
}

static uint32_t padded(size_t length)
{
	return (uint32_t)((length + 3) & ~(size_t)3);
}

static void write_headers(
	struct point *point, const char *name, const char *comment)
{
	static const char program[] = "culprit tests/lab/tap";
	static const uint8_t nanoseconds = 9;
	uint32_t length = 28 + 4 + 4 + padded(sizeof(program) - 1);
	/* The format cannot hold more than 65535 bytes in one option. */
	size_t comment_bytes = strnlen(comment, 65000);
	FILE *file = point->file;

	length += comment_bytes ? 4 + padded(comment_bytes) : 0;
	put_number(file, BLOCK_SECTION);
	put_number(file, length);
	put_number(file, 0x1a2b3c4d);
	put_number(file, 1); /* version 1.0 */
	put_number(file, UINT32_MAX);
	put_number(file, UINT32_MAX);
	if (comment_bytes)
		put_option(file, 1, comment, comment_bytes);
	put_option(file, 4, program, sizeof(program) - 1);
	put_number(file, 0);
	put_number(file, length);

	length = 20 + 4 + padded(strlen(name)) + 8 + 4;
	put_number(file, BLOCK_INTERFACE);
	put_number(file, length);
	put_number(
		file, point->is_any ? LINKTYPE_LINUX_SLL2 : LINKTYPE_ETHERNET);
	put_number(file, (uint32_t)point->snap_bytes);
	put_option(file, 2, name, strlen(name));
	put_option(file, 9, &nanoseconds, 1);
	put_number(file, 0);
	put_number(file, length);
}

static void write_packet(struct point *point, const struct timespec *time,
	const uint8_t *bytes, size_t captured, size_t original)
{
	uint64_t stamp =
		(uint64_t)time->tv_sec * 1000000000u + (uint64_t)time->tv_nsec;
	uint32_t length = 32 + padded(captured);
	FILE *file = point->file;

	put_number(file, BLOCK_PACKET);
	put_number(file, length);
	put_number(file, 0);
	put_number(file, (uint32_t)(stamp >> 32));
	put_number(file, (uint32_t)stamp);
	put_number(file, (uint32_t)captured);
	put_number(file, (uint32_t)original);
	put(file, bytes, captured);
	put_number(file, length);
}

static void write_statistics(struct point *point)
{
	struct tpacket_stats stats = {0};
	socklen_t size = sizeof(stats);
	struct timespec now;
	uint64_t stamp;
	FILE *file = point->file;

	if (getsockopt(point->socket, SOL_PACKET, PACKET_STATISTICS, &stats,
		    &size) == 0)
		point->lost += stats.tp_drops;
	(void)clock_gettime(CLOCK_REALTIME, &now); /* cannot fail */
	stamp = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
	put_number(file, BLOCK_STATISTICS);
	put_number(file, 52);
	put_number(file, 0);
	put_number(file, (uint32_t)(stamp >> 32));
	put_number(file, (uint32_t)stamp);
	put_option(file, 4, &point->received, 8);
	put_option(file, 5, &point->lost, 8);
	put_number(file, 0);
	put_number(file, 52);
}

/* The header that "any" gets instead of the link's own. */
static void write_cooked(uint8_t *into, const struct sockaddr_ll *from)
{
	uint32_t index = htonl((uint32_t)from->sll_ifindex);
	uint16_t hardware = htons(from->sll_hatype);

	memset(into, 0, COOKED_BYTES);
	memcpy(into, &from->sll_protocol, 2);
	memcpy(into + 4, &index, 4);
	memcpy(into + 8, &hardware, 2);
	into[10] = from->sll_pkttype;
	into[11] = from->sll_halen;
	memcpy(into + 12, from->sll_addr,
		from->sll_halen < 8 ? from->sll_halen : 8);
}

/* One packet; false when none waits. */
static bool record_one(struct point *point)
{
	static uint8_t bytes[PACKET_MAXIMUM];
	size_t header = point->is_any ? COOKED_BYTES : 0;
	char control[CMSG_SPACE(sizeof(struct timespec))];
	struct sockaddr_ll from;
	struct iovec part = {
		.iov_base = bytes + header, .iov_len = sizeof(bytes) - header};
	struct msghdr message = {.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control)};
	ssize_t got =
		recvmsg(point->socket, &message, MSG_DONTWAIT | MSG_TRUNC);
	struct cmsghdr *extra;
	struct timespec time;
	size_t original, captured;

	if (got < 0)
		return errno == ENETDOWN; /* reported once, not the end */
	(void)clock_gettime(CLOCK_REALTIME, &time); /* cannot fail */
	extra = CMSG_FIRSTHDR(&message);
	if (extra != NULL && extra->cmsg_type == SCM_TIMESTAMPNS)
		memcpy(&time, CMSG_DATA(extra), sizeof(time));
	point->received++;
	if (point->lose_percent &&
		(unsigned)(rand() % 100) < point->lose_percent) {
		point->lost++;
		return true;
	}
	if (point->is_any)
		write_cooked(bytes, &from);
	original = (size_t)got + header;
	captured = original < sizeof(bytes) ? original : sizeof(bytes);
	if (captured > point->snap_bytes)
		captured = point->snap_bytes;
	write_packet(point, &time, bytes, captured, original);
	return true;
}

static char *read_comment(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = calloc(1, 65536);

	if (file == NULL || text == NULL)
		refuse(path, strerror(errno));
	(void)!fread(text, 1, 65535, file); /* an empty comment is none */
	(void)fclose(file);		    /* only read */
	return text;
}

static void open_socket(struct point *point, const char *name)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	int on = 1, buffer = RECEIVE_BUFFER;

	/* Protocol 0 until bound: nothing of other interfaces slips in. */
	point->socket = socket(AF_PACKET,
		(point->is_any ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC, 0);
	if (point->socket < 0)
		refuse("socket", strerror(errno));
	if (!point->is_any) {
		address.sll_ifindex = (int)if_nametoindex(name);
		if (address.sll_ifindex == 0)
			refuse(name, strerror(errno));
	}
	if (setsockopt(point->socket, SOL_SOCKET, SO_TIMESTAMPNS, &on,
		    sizeof(on)) != 0 ||
		setsockopt(point->socket, SOL_SOCKET, SO_RCVBUFFORCE, &buffer,
			sizeof(buffer)) != 0 ||
		bind(point->socket, (struct sockaddr *)&address,
			sizeof(address)) != 0)
		refuse(name, strerror(errno));
}

/* "NAMESPACE-FD,INTERFACE,SNAPLEN,LOSE-PERCENT,FILE,COMMENT-FILE" */
static void open_point(struct point *point, char *words)
{
	char *word[6];
	char *comment;

	for (unsigned i = 0; i < 6; i++) {
		word[i] = strsep(&words, ",");
		if (word[i] == NULL)
			refuse("point", "six words, joined by commas");
	}
	if (setns(atoi(word[0]), CLONE_NEWNET) != 0)
		refuse("setns", strerror(errno));
	point->is_any = strcmp(word[1], "any") == 0;
	point->snap_bytes = (size_t)strtoul(word[2], NULL, 10);
	point->lose_percent = (unsigned)strtoul(word[3], NULL, 10);
	open_socket(point, word[1]);
	point->file = fopen(word[4], "we");
	if (point->file == NULL)
		refuse(word[4], strerror(errno));
	comment = read_comment(word[5]);
	write_headers(point, word[1], comment);
	free(comment);
}

static void finish(struct point *points, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		while (record_one(&points[i]))
			continue;
		write_statistics(&points[i]);
		if (fclose(points[i].file) != 0)
			refuse("close", strerror(errno));
	}
}

int main(int count, char **words)
{
	static struct point points[POINT_MAXIMUM];
	struct pollfd ready[POINT_MAXIMUM + 1];
	unsigned points_open = 0;
	sigset_t stop;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* cannot fail */
	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &stop, NULL);
	srand(1); /* the same losses every time */
	for (int i = 1; i < count && points_open < POINT_MAXIMUM; i++)
		open_point(&points[points_open++], words[i]);
	if (points_open == 0)
		refuse("usage",
			"tap NAMESPACE-FD,INTERFACE,SNAPLEN,LOSE-PERCENT,"
			"FILE,COMMENT-FILE...");
	for (unsigned i = 0; i < points_open; i++)
		ready[i] = (struct pollfd){
			.fd = points[i].socket, .events = POLLIN};
	ready[points_open] = (struct pollfd){
		.fd = signalfd(-1, &stop, SFD_CLOEXEC), .events = POLLIN};
	if (write(STDOUT_FILENO, "ready\n", 6) != 6)
		refuse("standard output", strerror(errno));
	for (;;) {
		if (poll(ready, points_open + 1, -1) < 0 && errno != EINTR)
			refuse("poll", strerror(errno));
		for (unsigned i = 0; i < points_open; i++)
			while ((ready[i].revents & POLLIN) &&
				record_one(&points[i]))
				continue;
		if (ready[points_open].revents & POLLIN)
			break;
	}
	finish(points, points_open);
	return 0;
}
