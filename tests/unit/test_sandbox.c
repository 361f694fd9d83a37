/* Each case locks up a process of its own and lets it try something. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cap-ng.h>
#include <cmocka.h>

#include "cli/refusals.h"
#include "cli/reverse_names.h"
#include "cli/sandbox.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

enum { TEXT = 4096, FINE = 0, ENTERED_NOT = 90, LONGEST_MS = 5000 };

/* How a process ended, and what it printed on standard error. */
struct end {
	int code, signal;
	char errors[TEXT];
};

static struct end ended(enum sandbox_kind kind, int (*attempt)(void))
{
	struct end end = {.code = -1};
	struct failure failure = {.text = ""};
	int ends[2], status;
	size_t used = 0;
	ssize_t count;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		(void)dup2(ends[1], STDERR_FILENO);
		(void)close(ends[0]);
		(void)close(ends[1]);
		if (!sandbox_enter(kind, &failure)) {
			(void)fprintf(stderr, "%s\n", failure.text);
			_exit(ENTERED_NOT + (int)failure.exit_code);
		}
		_exit(attempt());
	}
	(void)close(ends[1]);
	while ((count = read(ends[0], end.errors + used, TEXT - 1 - used)) > 0)
		used += (size_t)count;
	(void)close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFEXITED(status))
		end.code = WEXITSTATUS(status);
	else
		end.signal = WTERMSIG(status);
	return end;
}

static void need_seccomp(void)
{
	if (IS_SANITIZED) /* only the identity is dropped there */
		skip();
}

static void need_root(void)
{
	if (geteuid() != 0)
		skip();
}

/* NULL when it failed as a call that the kernel does not have. */
static void *call_something(void *text)
{
	return syscall(SYS_getsid, 0) == -1 && errno == ENOSYS ? NULL : text;
}

static int make_forgotten_calls(void)
{
	pthread_t thread;
	char text[] = "it was made";
	void *outcome;
	int first;

	if (call_something(text) || refusals_count(&first) != 1 ||
		first != SYS_getsid)
		return 1;
	if (pthread_create(&thread, NULL, call_something, text) != 0 ||
		pthread_join(thread, &outcome) != 0 || outcome)
		return 2;
	if (syscall(SYS_getpriority, 0, 0) != -1 || errno != ENOSYS ||
		refusals_count(&first) != 3 || first != SYS_getsid)
		return 3;
	refusals_print(stderr);
	return FINE;
}

static void a_forgotten_call_fails_and_is_counted_in_every_thread(void **state)
{
	(void)state;
	need_seccomp();
	for (int kind = SANDBOX_READER; kind <= SANDBOX_PROBER; kind++) {
		struct end end =
			ended((enum sandbox_kind)kind, make_forgotten_calls);
		assert_int_equal(end.code, FINE);
		assert_non_null(strstr(end.errors,
			"refused 3 system calls, the first of them getsid"));
	}
}

static void a_blocked_signal_does_not_make_it_deadly(void **state)
{
	sigset_t refused, before;

	(void)state;
	need_seccomp();
	(void)sigemptyset(&refused);
	(void)sigaddset(&refused, SIGSYS);
	assert_int_equal(sigprocmask(SIG_BLOCK, &refused, &before), 0);
	struct end end = ended(SANDBOX_READER, make_forgotten_calls);
	assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
	assert_int_equal(end.code, FINE);
}

static int try_usual_calls(void)
{
	int first;

	/* what the C library tries by itself counts for nothing */
	(void)isatty(STDERR_FILENO);
	(void)open("/etc/localtime", O_RDONLY | O_CLOEXEC);
	(void)access("/etc/localtime", R_OK);
	return refusals_count(&first) == 0 ? FINE : 1;
}

static void what_the_c_library_tries_is_not_counted(void **state)
{
	(void)state;
	need_seccomp();
	assert_int_equal(ended(SANDBOX_READER, try_usual_calls).code, FINE);
	assert_int_equal(ended(SANDBOX_LISTENER, try_usual_calls).code, FINE);
}

static int run_a_program(void)
{
	char *const words[] = {(char[]){"true"}, NULL};

	return execve("/bin/true", words, NULL);
}

static int trace_another_process(void)
{
	return (int)ptrace(PTRACE_ATTACH, 1, NULL, NULL);
}

static int signal_another_process(void)
{
	return kill(1, 0);
}

static int signal_a_thread_of_another_process(void)
{
	return (int)syscall(SYS_tgkill, 1, 1, 0);
}

static int listen_to_packets(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static int forge_packets(void)
{
	return socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 6);
}

static int forge_packets_6(void)
{
	return socket(AF_INET6, SOCK_RAW, 6);
}

static int make_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static int turn_memory_into_code(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return mprotect(page, 4096, PROT_READ | PROT_EXEC);
}

static int load_a_filter_into_the_kernel(void)
{
	return (int)syscall(SYS_bpf, 0, NULL, 0);
}

static int become_root(void)
{
	return setuid(0);
}

static int make_a_ring(void)
{
	return (int)syscall(SYS_io_uring_setup, 1, NULL);
}

static void calls_that_can_only_harm_kill(void **state)
{
	int (*const attempts[])(void) = {run_a_program, trace_another_process,
		signal_another_process, signal_a_thread_of_another_process,
		listen_to_packets, forge_packets, forge_packets_6,
		turn_memory_into_code, load_a_filter_into_the_kernel,
		become_root, make_a_ring};

	(void)state;
	need_seccomp();
	for (int kind = SANDBOX_READER; kind <= SANDBOX_RESOLVER; kind++)
		for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]);
			i++) {
			if (kind == SANDBOX_GUARD &&
				attempts[i] == turn_memory_into_code)
				continue; /* gets no memory to begin with */
			struct end end =
				ended((enum sandbox_kind)kind, attempts[i]);
			assert_int_equal(end.signal, SIGSYS);
		}
	assert_int_equal(ended(SANDBOX_READER, make_code).signal, SIGSYS);
}

static int harm_the_heap(void)
{
	char *volatile block = malloc(40);
	char *volatile same = block;

	free(block);
	free(same); // NOLINT: this is what is tried
	return FINE;
}

static int give_up(void)
{
	abort();
}

static void a_report_of_broken_memory_gets_out(void **state)
{
	(void)state;
	for (int kind = SANDBOX_READER; kind <= SANDBOX_PROBER; kind++) {
		struct end end = ended((enum sandbox_kind)kind, harm_the_heap);

		assert_true(end.signal == SIGABRT ||
			    (IS_SANITIZED && end.code > 0));
		assert_non_null(strstr(end.errors,
			IS_SANITIZED ? "double-free" : "double free"));
		assert_int_equal(ended((enum sandbox_kind)kind, give_up).signal,
			SIGABRT);
	}
}

static int loosen_the_filter(void)
{
	int nothing = 0, first;

	/* no socket, but nobody gets to look at it */
	if (setsockopt(STDERR_FILENO, SOL_SOCKET, SO_DETACH_FILTER, &nothing,
		    sizeof(nothing)) != -1 ||
		errno != ENOSYS)
		return 1;
	if (fcntl(STDERR_FILENO, F_SETOWN, 1) != -1 || errno != ENOSYS)
		return 2;
	if (fcntl(STDERR_FILENO, F_GETFL) < 0)
		return 3;
	return refusals_count(&first) == 2 ? FINE : 4;
}

static void filters_of_sockets_and_owners_of_signals_stay(void **state)
{
	(void)state;
	need_seccomp();
	assert_int_equal(ended(SANDBOX_LISTENER, loosen_the_filter).code, FINE);
	assert_int_equal(ended(SANDBOX_PROBER, loosen_the_filter).code, FINE);
}

static int read_and_ask(void)
{
	int first;
	int file = open("/etc/hosts", O_RDONLY | O_CLOEXEC);
	int inner = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int kernel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (file < 0 || inner < 0 || kernel < 0)
		return 1;
	if (open("/proc/self/status", O_RDONLY | O_CLOEXEC) >= 0 ||
		errno != EACCES || open("/tmp", O_RDONLY | O_CLOEXEC) >= 0 ||
		errno != EACCES)
		return 2;
	if (refusals_count(&first) != 0)
		return 3;
	if (open("/etc/culprit-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) !=
			-1 ||
		errno != ENOSYS || refusals_count(&first) != 1)
		return 4;
	return FINE;
}

static void a_resolver_reads_settings_and_opens_sockets_to_ask(void **state)
{
	(void)state;
	need_seccomp();
	assert_int_equal(ended(SANDBOX_RESOLVER, read_and_ask).code, FINE);
}

static int set_modes(int file)
{
	int first;

	if (fchmod(file, 0644) != -1 || errno != ENOSYS)
		return 1;
	if (fchmod(file, 0600) != 0)
		return 2;
	if (open("/dev/null", O_WRONLY | O_CLOEXEC) != -1 || errno != ENOSYS)
		return 3;
	return refusals_count(&first) == 2 ? FINE : 4;
}

static void a_setter_of_modes_makes_private_and_does_nothing_else(void **state)
{
	char path[] = "/tmp/culprit-mode-XXXXXX";
	int status, file = mkstemp(path);
	struct stat after;

	(void)state;
	need_seccomp();
	assert_true(file >= 0);
	assert_int_equal(fchmod(file, 0644), 0);
	if (geteuid() == 0) /* of somebody else's file too */
		assert_int_equal(fchown(file, 1234, 1234), 0);
	pid_t child = fork();
	if (child == 0)
		_exit(sandbox_enter_mode_setter(file) ? set_modes(file)
						      : ENTERED_NOT);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(fstat(file, &after), 0);
	(void)close(file);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), FINE);
	assert_int_equal(after.st_mode & ALLPERMS, 0600);
}

/* Starts the process that looks names up, holds its socket open, and ends after
 * the wait. `*held` is open as long as the process is there. */
static int start_names_and_end(struct timespec wait, int *held)
{
	struct reverse_names names;
	struct failure failure;
	int ends[2], status;

	assert_int_equal(pipe(ends), 0);
	pid_t starter = fork();
	if (starter == 0) {
		if (!reverse_names_start(&names, &failure))
			_exit(1);
		pid_t holder = fork();
		if (holder == 0) {
			struct pollfd other = {
				names.descriptor, POLLIN, 0};

			(void)close(ends[0]);
			_exit(poll(&other, 1, 2 * LONGEST_MS) != 1);
		}
		_exit(holder < 0 || nanosleep(&wait, NULL) != 0);
	}
	(void)close(ends[1]);
	assert_int_equal(waitpid(starter, &status, 0), starter);
	*held = ends[0];
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void who_looks_names_up_ends_with_the_one_that_asked(void **state)
{
	/* in its sandbox, and on the way there */
	static const struct timespec waits[] = {{0, 300000000}, {0, 0}};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		struct pollfd ended = {.events = POLLIN};

		assert_int_equal(start_names_and_end(waits[i], &ended.fd), 0);
		assert_int_equal(poll(&ended, 1, LONGEST_MS), 1);
		(void)close(ended.fd);
	}
}

/* Of what we may, all but this. */
static bool give_up_capability(unsigned number)
{
	return capng_get_caps_process() == 0 &&
	       capng_update(CAPNG_DROP,
		       (capng_type_t)(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
		       number) == 0 &&
	       capng_apply(CAPNG_SELECT_CAPS) == 0;
}

/* In a process of its own, since it can't be taken back: the code with which
 * entering ended. */
static int end_without(unsigned capability)
{
	struct failure failure = {.text = ""};
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (!give_up_capability(capability))
			_exit(ENTERED_NOT);
		_exit(sandbox_enter(SANDBOX_READER, &failure)
				? 0
				: (int)failure.exit_code);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void root_goes_even_where_its_bounds_can_not_be_set(void **state)
{
	(void)state;
	need_root();
	assert_int_equal(end_without(CAP_SETPCAP), 0);
	assert_int_equal(end_without(CAP_SETUID), EXIT_NO_PERMISSION);
	assert_int_equal(end_without(CAP_SETGID), EXIT_NO_PERMISSION);
}

static int do_nothing(void)
{
	return FINE;
}

/* The calls of both layers fail, as in a container that forbids them. */
static void forbid_layers(void)
{
	const struct scmp_arg_cmp filters =
		SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	assert_int_equal(seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				 SCMP_SYS(seccomp), 0),
		0);
	assert_int_equal(seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EINVAL),
				 SCMP_SYS(prctl), 1, &filters),
		0);
	assert_int_equal(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
				 SCMP_SYS(landlock_create_ruleset), 0),
		0);
	assert_int_equal(seccomp_load(filter), 0);
	seccomp_release(filter);
}

static unsigned lines_of(const char *text)
{
	unsigned count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static void layers_that_are_missing_are_told_in_one_line(void **state)
{
	char offer[TEXT] = "";

	(void)state;
	need_seccomp();
	/* last: it is not taken back */
	assert_int_equal(ended(SANDBOX_READER, do_nothing).errors[0], '\0');
	forbid_layers();
	struct end end = ended(SANDBOX_READER, do_nothing);
	assert_int_equal(end.code, FINE);
	assert_int_equal(lines_of(end.errors), 1);
	assert_non_null(strstr(end.errors, "refuses Landlock ("));
	assert_non_null(strstr(end.errors, ", seccomp ("));
	assert_non_null(strstr(end.errors, "open files"));
	assert_null(strstr(end.errors, "no_new_privs"));
	assert_string_equal(ended(SANDBOX_GUARD, do_nothing).errors, "");
	assert_string_equal(ended(SANDBOX_RESOLVER, do_nothing).errors, "");
	FILE *out = fmemopen(offer, sizeof(offer), "w");
	sandbox_print_offer(out);
	(void)fclose(out);
	assert_non_null(strstr(offer, "no_new_privs; missing: Landlock ("));
	assert_non_null(strstr(offer, ", seccomp ("));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_forgotten_call_fails_and_is_counted_in_every_thread),
		cmocka_unit_test(a_blocked_signal_does_not_make_it_deadly),
		cmocka_unit_test(what_the_c_library_tries_is_not_counted),
		cmocka_unit_test(calls_that_can_only_harm_kill),
		cmocka_unit_test(a_report_of_broken_memory_gets_out),
		cmocka_unit_test(filters_of_sockets_and_owners_of_signals_stay),
		cmocka_unit_test(
			a_resolver_reads_settings_and_opens_sockets_to_ask),
		cmocka_unit_test(
			who_looks_names_up_ends_with_the_one_that_asked),
		cmocka_unit_test(
			a_setter_of_modes_makes_private_and_does_nothing_else),
		cmocka_unit_test(
			root_goes_even_where_its_bounds_can_not_be_set),
		cmocka_unit_test(layers_that_are_missing_are_told_in_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
