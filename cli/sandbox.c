/* What a hostile capture could reach if it took over a parser: with this,
 * nothing but the files that are open already. Three layers, each of which may
 * be missing in a container or an old kernel: capabilities and identity,
 * Landlock (paths), seccomp (system calls). Under the sanitizers only the first
 * is used, since their runtime makes system calls of its own. */
#include "cli/sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||     \
	__has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif
#ifndef IS_SANITIZED
#define IS_SANITIZED 0
#endif

/* Root becomes nobody; a program with file capabilities becomes its caller. */
static bool drop_privilege(struct failure *failure)
{
	uid_t user = getuid();
	gid_t group = getgid();

	if (user != 0 && geteuid() == user &&
		capng_have_capabilities(CAPNG_SELECT_CAPS) == CAPNG_NONE)
		return true;
	if (user == 0) {
		const struct passwd *nobody = getpwnam("nobody");

		user = nobody ? nobody->pw_uid : 65534;
		group = nobody ? nobody->pw_gid : 65534;
	}
	capng_clear(CAPNG_SELECT_BOTH);
	int error = capng_change_id((int)user, (int)group,
		(capng_flags_t)(CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING));
	/* A user namespace with one identity, or a container without
	 * CAP_SETUID: dropping the capabilities is what matters. */
	if (error != 0) {
		capng_clear(CAPNG_SELECT_BOTH);
		error = capng_apply(CAPNG_SELECT_BOTH);
	}
	if (error != 0)
		error = capng_apply(CAPNG_SELECT_CAPS);
	if (error != 0)
		return failure_set(failure, EXIT_NO_PERMISSION,
			"can't give up privileges (error %d)", error);
	return true;
}

/* No path can be opened any more. Kernels before 5.13 have no such thing. */
static void forbid_paths(void)
{
	static const struct landlock_ruleset_attr nothing = {
		.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE |
				     LANDLOCK_ACCESS_FS_WRITE_FILE |
				     LANDLOCK_ACCESS_FS_READ_FILE |
				     LANDLOCK_ACCESS_FS_READ_DIR |
				     LANDLOCK_ACCESS_FS_REMOVE_DIR |
				     LANDLOCK_ACCESS_FS_REMOVE_FILE |
				     LANDLOCK_ACCESS_FS_MAKE_CHAR |
				     LANDLOCK_ACCESS_FS_MAKE_DIR |
				     LANDLOCK_ACCESS_FS_MAKE_REG |
				     LANDLOCK_ACCESS_FS_MAKE_SOCK |
				     LANDLOCK_ACCESS_FS_MAKE_FIFO |
				     LANDLOCK_ACCESS_FS_MAKE_BLOCK |
				     LANDLOCK_ACCESS_FS_MAKE_SYM,
	};
	long rules = syscall(
		SYS_landlock_create_ruleset, &nothing, sizeof(nothing), 0);

	if (rules < 0)
		return;
	/* Best effort: seccomp forbids opening too. */
	(void)syscall(SYS_landlock_restrict_self, (int)rules, 0);
	(void)close((int)rules);
}

/* What reading, a second thread, memory, time, waiting and ending take. */
static const int reader_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(lseek),
	SCMP_SYS(_llseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(fstat64),
	SCMP_SYS(newfstatat),
	SCMP_SYS(fstatat64),
	SCMP_SYS(statx),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fadvise64),
	SCMP_SYS(readahead),
	SCMP_SYS(fcntl),
	SCMP_SYS(fcntl64),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(ppoll_time64),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(futex_time64),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(tgkill),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(getrandom),
	SCMP_SYS(uname),
	SCMP_SYS(sysinfo),
};

static const int listener_calls[] = {
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(epoll_wait),
	SCMP_SYS(epoll_pwait),
};

static const int prober_calls[] = {
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(wait4),
	SCMP_SYS(waitpid),
};

/* Waiting, and what filters dropped; memory for what ends this function. */
static const int guard_daemon_calls[] = {
	SCMP_SYS(read),
	SCMP_SYS(getsockopt),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(madvise),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

enum {
	OF_READERS = 1 << SANDBOX_READER | 1 << SANDBOX_LISTENER |
		     1 << SANDBOX_PROBER,
	OF_LISTENERS = 1 << SANDBOX_LISTENER | 1 << SANDBOX_PROBER,
};

static const struct {
	unsigned kinds; /* 1 << enum sandbox_kind */
	unsigned count;
	const int *calls;
} call_lists[] = {
	{OF_READERS, sizeof(reader_calls) / sizeof(int), reader_calls},
	{OF_LISTENERS, sizeof(listener_calls) / sizeof(int), listener_calls},
	{1 << SANDBOX_PROBER, sizeof(prober_calls) / sizeof(int), prober_calls},
	{1 << SANDBOX_SITTER, sizeof(guard_daemon_calls) / sizeof(int),
		guard_daemon_calls},
};

/* Refused without killing: the C library tries these by itself and can do
 * without (services for a filter's port names, threads the new way). */
static const struct {
	int call, error;
} refused_calls[] = {
	{SCMP_SYS(openat), EACCES},
	{SCMP_SYS(open), EACCES},
	{SCMP_SYS(access), EACCES},
	{SCMP_SYS(faccessat), EACCES},
	{SCMP_SYS(faccessat2), EACCES},
	{SCMP_SYS(readlink), EACCES},
	{SCMP_SYS(readlinkat), EACCES},
	{SCMP_SYS(socket), EACCES},
	{SCMP_SYS(clone3), ENOSYS},
	{SCMP_SYS(prctl), EPERM},
	{SCMP_SYS(prlimit64), EPERM},
	{SCMP_SYS(ioctl), ENOTTY},
};

static bool allow(scmp_filter_ctx filter, enum sandbox_kind kind)
{
	for (size_t i = 0; i < sizeof(call_lists) / sizeof(call_lists[0]); i++)
		for (unsigned j = 0; j < call_lists[i].count; j++)
			if (call_lists[i].kinds >> kind & 1 &&
				seccomp_rule_add(filter, SCMP_ACT_ALLOW,
					call_lists[i].calls[j], 0) != 0)
				return false;
	return true;
}

static bool allow_carefully(scmp_filter_ctx filter)
{
	/* Threads, never processes. */
	if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM,
			    CLONE_THREAD | CLONE_VM)) != 0)
		return false;
	/* Memory, never code. */
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
		       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

static void forbid_calls(enum sandbox_kind kind)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);

	if (!filter)
		return;
	bool is_whole = allow(filter, kind) &&
			(kind == SANDBOX_SITTER || allow_carefully(filter));
	for (size_t i = 0; i < sizeof(refused_calls) / sizeof(refused_calls[0]);
		i++)
		is_whole = is_whole &&
			   seccomp_rule_add(filter,
				   SCMP_ACT_ERRNO(
					   (uint32_t)refused_calls[i].error),
				   refused_calls[i].call, 0) == 0;
	/* Half a list would kill the innocent; none is what old kernels have.
	 */
	if (is_whole)
		(void)seccomp_load(filter);
	seccomp_release(filter);
}

bool sandbox_keep_files(void)
{
	capng_clear(CAPNG_SELECT_BOTH);
	if (getuid() == 0)
		(void)capng_update(CAPNG_ADD,
			(capng_type_t)(CAPNG_EFFECTIVE | CAPNG_PERMITTED),
			CAP_DAC_OVERRIDE); /* a valid capability */
	return capng_apply(CAPNG_SELECT_CAPS) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool sandbox_enter(enum sandbox_kind kind, struct failure *failure)
{
	if (!drop_privilege(failure))
		return false;
	/* Cannot fail since Linux 3.5, and without it nothing is gained that
	 * a capture file could use: nothing here executes programs. */
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (IS_SANITIZED)
		return true;
	forbid_paths();
	forbid_calls(kind);
	return true;
}
