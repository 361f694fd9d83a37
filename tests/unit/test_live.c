/* Live capture on the loopback of a network namespace of its own, so that no
 * packet leaves and no privilege is needed where users may make namespaces. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/linktype.h"
#include "capture/live/live.h"

static bool has_namespace;

static int enter_namespace(void **state)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP};

	(void)state;
	if (unshare(CLONE_NEWNET) != 0 &&
		unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return 0;
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	has_namespace = descriptor >= 0 &&
			ioctl(descriptor, SIOCSIFFLAGS, &request) == 0;
	if (descriptor >= 0)
		close(descriptor);
	return 0;
}

static void need_namespace(void)
{
	if (!has_namespace)
		skip();
}

static void send_datagrams(unsigned count, uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(descriptor >= 0);
	/* a refused datagram (no listener) makes the next send fail once */
	for (unsigned i = 0; i < count; i++)
		(void)sendto(descriptor, &i, sizeof(i), 0,
			(struct sockaddr *)&to, sizeof(to));
	close(descriptor);
}

static unsigned read_all(struct live *live, struct batch *batch)
{
	struct failure failure;
	unsigned total = 0;
	int count;

	while ((count = live_read(live, batch, total + 1, &failure)) > 0) {
		for (uint32_t i = 0; i < batch->count; i++) {
			assert_int_equal(
				batch->frames[i].number, total + 1 + i);
			assert_true(batch->frames[i].captured_bytes >= 28);
		}
		total += (unsigned)count;
	}
	assert_int_equal(count, 0);
	return total;
}

static void nothing_is_lost_at_the_end_of_a_capture(void **state)
{
	struct failure failure = {.text = ""};
	struct live_options options = {.interface = "lo",
		.filter = "udp dst port 4000",
		.timeout_ms = 1000};
	uint64_t received, dropped;

	(void)state;
	need_namespace();
	struct live *live = live_open(&options, &failure);
	assert_string_equal(failure.text, "");
	assert_non_null(live);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	for (unsigned i = 0; i < 100; i++)
		send_datagrams(1, 4000);
	send_datagrams(1, 4001); /* not let through */
	live_stop(live);
	for (unsigned i = 0; i < 10; i++)
		send_datagrams(1, 4000); /* after the end */
	/* loopback shows each datagram once on its way out, once in; the
	 * capture keeps one of the two */
	assert_int_equal(read_all(live, batch), 100);
	assert_true(live_statistics(live, &received, &dropped));
	assert_true(received >= 100);
	assert_int_equal(dropped, 0);
	assert_int_equal(live_linktype(live), LINKTYPE_ETHERNET);
	batch_free(batch);
	live_close(live);
}

static void the_filter_can_not_be_changed_any_more(void **state)
{
	struct failure failure;
	struct live_options options = {
		.interface = "lo", .filter = "udp dst port 4000"};
	int nothing = 0;

	(void)state;
	need_namespace();
	for (unsigned i = 0; i < 2; i++) {
		struct live *live = live_open(&options, &failure);
		assert_non_null(live);
		assert_int_equal(
			setsockopt(live_descriptor(live), SOL_SOCKET,
				SO_DETACH_FILTER, &nothing, sizeof(nothing)),
			-1);
		assert_int_equal(errno, EPERM);
		live_close(live);
		options.filter = NULL; /* nor can one be attached */
	}
}

static void immediate_mode_shows_a_packet_at_once(void **state)
{
	struct failure failure;
	struct live_options options = {.interface = "lo",
		.is_immediate = true,
		.filter = "udp dst port 4000",
		.snap_bytes = 40};

	(void)state;
	need_namespace();
	struct live *live = live_open(&options, &failure);
	assert_non_null(live);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	assert_int_equal(live_read(live, batch, 1, &failure), 0);
	send_datagrams(1, 4000);
	assert_int_equal(live_read(live, batch, 1, &failure), 1);
	assert_int_equal(batch->frames[0].captured_bytes, 40);
	assert_int_equal(batch->frames[0].original_bytes, 14 + 20 + 8 + 4);
	assert_true(batch->frames[0].time_ns > INT64_C(1600000000000000000));
	batch_free(batch);
	live_close(live);
}

static void any_is_captured_with_the_second_cooked_header(void **state)
{
	struct failure failure;
	struct live_options options = {.interface = "any",
		.is_immediate = true,
		.filter = "udp dst port 4000"};

	(void)state;
	need_namespace();
	struct live *live = live_open(&options, &failure);
	assert_non_null(live);
	assert_int_equal(live_linktype(live), LINKTYPE_LINUX_SLL2);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	send_datagrams(1, 4000);
	assert_true(live_read(live, batch, 1, &failure) >= 1);
	assert_int_equal(batch->frames[0].bytes[0], 0x08);
	assert_int_equal(batch->frames[0].bytes[1], 0x00);
	batch_free(batch);
	live_close(live);
}

static void large_packets_make_the_batch_grow(void **state)
{
	struct failure failure;
	struct live_options options = {.interface = "lo",
		.is_immediate = true,
		.filter = "udp dst port 4000"};
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(4000),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	uint8_t bytes[30000];

	(void)state;
	need_namespace();
	struct live *live = live_open(&options, &failure);
	assert_non_null(live);
	struct batch *batch = batch_new(BATCH_LEAST_BYTES);
	memset(bytes, 0xa5, sizeof(bytes));
	for (unsigned i = 0; i < 3; i++) {
		int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		assert_int_equal(sendto(descriptor, bytes, sizeof(bytes), 0,
					 (struct sockaddr *)&to, sizeof(to)),
			sizeof(bytes));
		close(descriptor);
	}
	assert_int_equal(live_read(live, batch, 1, &failure), 3);
	for (unsigned i = 0; i < 3; i++)
		assert_memory_equal(
			batch->frames[i].bytes + 42, bytes, sizeof(bytes));
	batch_free(batch);
	live_close(live);
}

static void an_unknown_interface_is_answered_with_those_there_are(void **state)
{
	struct failure failure;
	struct live_options options = {.interface = "nosuch0"};

	(void)state;
	need_namespace();
	assert_null(live_open(&options, &failure));
	assert_int_equal(failure.exit_code, EXIT_USAGE);
	assert_non_null(strstr(failure.text, "nosuch0: there is no such"));
	assert_non_null(strstr(failure.text, "lo"));
}

static void a_wrong_filter_is_told_in_one_sentence(void **state)
{
	struct failure failure;
	struct live_options options = {
		.interface = "lo", .filter = "tcp and and"};

	(void)state;
	need_namespace();
	assert_null(live_open(&options, &failure));
	assert_int_equal(failure.exit_code, EXIT_USAGE);
	assert_non_null(strstr(failure.text, "filter \"tcp and and\""));
}

static void interfaces_are_listed(void **state)
{
	struct live_interface some[16];
	struct failure failure;
	bool has_loopback = false;

	(void)state;
	need_namespace();
	int count = live_interfaces(some, 16, &failure);
	for (int i = 0; i < count; i++)
		if (strcmp(some[i].name, "lo") == 0)
			has_loopback = some[i].is_loopback && some[i].is_up;
	assert_true(has_loopback);
}

static void without_permission_there_is_advice(void **state)
{
	struct failure failure;
	struct live_options options = {.interface = "lo"};

	(void)state;
	/* last: the user given up here is not taken back */
	if (geteuid() == 0 && setuid(65534) != 0)
		skip();
	struct live *live = live_open(&options, &failure);
	if (live) { /* a machine where everybody may */
		live_close(live);
		skip();
	}
	assert_int_equal(failure.exit_code, EXIT_NO_PERMISSION);
	assert_non_null(strstr(failure.text, "setcap cap_net_raw"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_lost_at_the_end_of_a_capture),
		cmocka_unit_test(the_filter_can_not_be_changed_any_more),
		cmocka_unit_test(immediate_mode_shows_a_packet_at_once),
		cmocka_unit_test(any_is_captured_with_the_second_cooked_header),
		cmocka_unit_test(large_packets_make_the_batch_grow),
		cmocka_unit_test(
			an_unknown_interface_is_answered_with_those_there_are),
		cmocka_unit_test(a_wrong_filter_is_told_in_one_sentence),
		cmocka_unit_test(interfaces_are_listed),
		cmocka_unit_test(without_permission_there_is_advice),
	};

	return cmocka_run_group_tests(tests, enter_namespace, NULL);
}
