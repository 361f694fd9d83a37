/* Three lists: calls that are allowed, each kind of process with its own;
 * calls that the C library tries by itself and can do without, which fail
 * without a word; and calls that could only do harm, which kill the process.
 * Whatever is on none of them fails and is counted (cli/refusals.c). */
#include "cli/sandbox_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/output_file.h"
#include "cli/refusals.h"

enum {
	READERS = 1 << SANDBOX_READER | 1 << SANDBOX_LISTENER |
		  1 << SANDBOX_PROBER,
	LISTENERS = 1 << SANDBOX_LISTENER | 1 << SANDBOX_PROBER,
	PROBERS = 1 << SANDBOX_PROBER,
	GUARDS = 1 << SANDBOX_GUARD,
	RESOLVERS = 1 << SANDBOX_RESOLVER,
	OPENERS = 1 << SANDBOX_OPENER,
	SETTERS = 1 << SANDBOX_MODE_SETTER,
	EVERYBODY = READERS | GUARDS | RESOLVERS | OPENERS | SETTERS,

	SOCKET_KIND = 0xf, /* what is left of a socket's type is flags */
	WRITES = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC,
	/* the C library may add it, and hides its number */
	LARGE_FILE = 0100000,
};

/* All flags of openat but those that an opener may add. */
#define ALL_BUT(flags) (0xffffffff & ~(uint64_t)(flags))

struct rule {
	unsigned kinds; /* 1 << enum sandbox_kind */
	int call;
	unsigned conditions;		  /* on arguments; all must hold */
	struct scmp_arg_cmp arguments[2]; /* number, comparison; a mask first */
};

/* What reading, a second thread, memory, time, waiting and ending take, and
 * what the others need beside. */
static const struct rule allowed[] = {
	{EVERYBODY, SCMP_SYS(read)},
	{EVERYBODY, SCMP_SYS(brk)},
	{EVERYBODY, SCMP_SYS(munmap)},
	{EVERYBODY, SCMP_SYS(madvise)},
	{EVERYBODY, SCMP_SYS(clock_nanosleep)},
	{EVERYBODY, SCMP_SYS(nanosleep)},
	{EVERYBODY, SCMP_SYS(restart_syscall)},
	{EVERYBODY, SCMP_SYS(rt_sigreturn)},
	{EVERYBODY, SCMP_SYS(exit)},
	{EVERYBODY, SCMP_SYS(exit_group)},
	{READERS | RESOLVERS, SCMP_SYS(readv)},
	{READERS | RESOLVERS, SCMP_SYS(pread64)},
	{READERS | RESOLVERS | SETTERS, SCMP_SYS(write)},
	{READERS | RESOLVERS, SCMP_SYS(writev)},
	{READERS, SCMP_SYS(pwrite64)},
	{READERS | RESOLVERS, SCMP_SYS(lseek)},
	{READERS | RESOLVERS, SCMP_SYS(_llseek)},
	{READERS | RESOLVERS | OPENERS, SCMP_SYS(close)},
	{READERS | RESOLVERS | OPENERS, SCMP_SYS(fstat)},
	{READERS | RESOLVERS | OPENERS, SCMP_SYS(fstat64)},
	{READERS, SCMP_SYS(fstatfs)},
	{READERS, SCMP_SYS(fstatfs64)},
	{READERS | RESOLVERS | OPENERS, SCMP_SYS(newfstatat)},
	{READERS | RESOLVERS | OPENERS, SCMP_SYS(fstatat64)},
	{READERS | RESOLVERS, SCMP_SYS(statx)},
	{READERS, SCMP_SYS(fsync)},
	{READERS, SCMP_SYS(fdatasync)},
	{READERS, SCMP_SYS(ftruncate)},
	{READERS | RESOLVERS, SCMP_SYS(fadvise64)},
	{READERS, SCMP_SYS(readahead)},
	{READERS | RESOLVERS, SCMP_SYS(fcntl), 1,
		{{1, SCMP_CMP_EQ, F_GETFL, 0}}},
	{READERS | RESOLVERS, SCMP_SYS(fcntl64), 1,
		{{1, SCMP_CMP_EQ, F_GETFL, 0}}},
	{READERS | RESOLVERS, SCMP_SYS(poll)},
	{READERS | RESOLVERS, SCMP_SYS(ppoll)},
	{READERS | RESOLVERS, SCMP_SYS(ppoll_time64)},
	{READERS | RESOLVERS, SCMP_SYS(mremap)},
	{READERS | RESOLVERS, SCMP_SYS(futex)},
	{READERS | RESOLVERS, SCMP_SYS(futex_time64)},
	{READERS | RESOLVERS, SCMP_SYS(set_robust_list)},
	{READERS | RESOLVERS, SCMP_SYS(rseq)},
	{READERS | RESOLVERS, SCMP_SYS(sched_yield)},
	{READERS | RESOLVERS, SCMP_SYS(sched_getaffinity)},
	{READERS | RESOLVERS, SCMP_SYS(getpid)},
	{READERS | RESOLVERS, SCMP_SYS(gettid)},
	{READERS | RESOLVERS, SCMP_SYS(clock_gettime)},
	{READERS | RESOLVERS, SCMP_SYS(clock_gettime64)},
	{READERS | RESOLVERS, SCMP_SYS(gettimeofday)},
	{READERS | RESOLVERS, SCMP_SYS(time)},
	{READERS | RESOLVERS, SCMP_SYS(rt_sigprocmask)},
	{READERS | RESOLVERS, SCMP_SYS(rt_sigaction)},
	{READERS | RESOLVERS, SCMP_SYS(sigaltstack)},
	{READERS | RESOLVERS, SCMP_SYS(getrandom)},
	{READERS | RESOLVERS, SCMP_SYS(uname)},
	{READERS | RESOLVERS, SCMP_SYS(sysinfo)},
	/* threads, never processes */
	{READERS, SCMP_SYS(clone), 1,
		{{0, SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM,
			CLONE_THREAD | CLONE_VM}}},
	/* memory, never code */
	{READERS | RESOLVERS, SCMP_SYS(mmap), 1,
		{{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},
	{READERS | RESOLVERS, SCMP_SYS(mprotect), 1,
		{{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}}},

	{LISTENERS | RESOLVERS, SCMP_SYS(recvfrom)},
	{READERS | RESOLVERS, SCMP_SYS(recvmsg)},
	{LISTENERS | RESOLVERS | GUARDS, SCMP_SYS(getsockopt)},
	/* whether an interface is gone, down, or called something else */
	{LISTENERS | RESOLVERS, SCMP_SYS(getsockname)},
	{LISTENERS, SCMP_SYS(ioctl), 1, {{1, SCMP_CMP_EQ, SIOCGIFFLAGS, 0}}},
	{LISTENERS, SCMP_SYS(ioctl), 1, {{1, SCMP_CMP_EQ, SIOCGIFNAME, 0}}},
	{LISTENERS | RESOLVERS, SCMP_SYS(epoll_wait)},
	{LISTENERS | RESOLVERS, SCMP_SYS(epoll_pwait)},
	/* libpcap gives its ring back, and may change nothing else */
	{LISTENERS, SCMP_SYS(setsockopt), 2,
		{{1, SCMP_CMP_EQ, SOL_PACKET, 0},
			{2, SCMP_CMP_EQ, PACKET_RX_RING, 0}}},

	{PROBERS | RESOLVERS, SCMP_SYS(sendto)},
	{PROBERS | RESOLVERS | OPENERS, SCMP_SYS(sendmsg)},
	{PROBERS, SCMP_SYS(wait4)},
	{PROBERS, SCMP_SYS(waitpid)},

	/* Files for writing, neither emptied nor followed to, and folders. */
	{OPENERS, SCMP_SYS(openat), 1,
		{{2, SCMP_CMP_MASKED_EQ, ALL_BUT(O_CREAT | O_EXCL | LARGE_FILE),
			OUTPUT_FILE_FLAGS}}},
	{OPENERS, SCMP_SYS(openat), 1,
		{{2, SCMP_CMP_MASKED_EQ, ALL_BUT(LARGE_FILE),
			OUTPUT_FOLDER_FLAGS}}},
	/* an older file that a recording takes is made private */
	{OPENERS | SETTERS, SCMP_SYS(fchmod), 1, {{1, SCMP_CMP_EQ, 0600, 0}}},

	/* Settings and modules of name services: files, for reading. */
	{RESOLVERS, SCMP_SYS(openat), 1, {{2, SCMP_CMP_MASKED_EQ, WRITES, 0}}},
	{RESOLVERS, SCMP_SYS(open), 1, {{1, SCMP_CMP_MASKED_EQ, WRITES, 0}}},
	{RESOLVERS, SCMP_SYS(stat)},
	{RESOLVERS, SCMP_SYS(lstat)},
	{RESOLVERS, SCMP_SYS(access)},
	{RESOLVERS, SCMP_SYS(faccessat)},
	{RESOLVERS, SCMP_SYS(faccessat2)},
	{RESOLVERS, SCMP_SYS(readlink)},
	{RESOLVERS, SCMP_SYS(readlinkat)},
	{RESOLVERS, SCMP_SYS(getdents64)},
	{RESOLVERS, SCMP_SYS(getuid)},
	{RESOLVERS, SCMP_SYS(geteuid)},
	{RESOLVERS, SCMP_SYS(getgid)},
	{RESOLVERS, SCMP_SYS(getegid)},
	{RESOLVERS, SCMP_SYS(ioctl), 1, {{1, SCMP_CMP_EQ, FIONREAD, 0}}},
	{RESOLVERS, SCMP_SYS(fcntl), 1, {{1, SCMP_CMP_EQ, F_SETFL, 0}}},
	{RESOLVERS, SCMP_SYS(fcntl64), 1, {{1, SCMP_CMP_EQ, F_SETFL, 0}}},
	{RESOLVERS, SCMP_SYS(fcntl), 1, {{1, SCMP_CMP_EQ, F_SETFD, 0}}},
	{RESOLVERS, SCMP_SYS(fcntl64), 1, {{1, SCMP_CMP_EQ, F_SETFD, 0}}},
	{RESOLVERS, SCMP_SYS(mmap), 2,
		{{2, SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC},
			{3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0}}},
	/* Sockets to name servers and local services; their addresses. */
	{RESOLVERS, SCMP_SYS(socket), 2,
		{{0, SCMP_CMP_EQ, AF_INET, 0},
			{1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_DGRAM}}},
	{RESOLVERS, SCMP_SYS(socket), 2,
		{{0, SCMP_CMP_EQ, AF_INET, 0},
			{1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_STREAM}}},
	{RESOLVERS, SCMP_SYS(socket), 2,
		{{0, SCMP_CMP_EQ, AF_INET6, 0},
			{1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_DGRAM}}},
	{RESOLVERS, SCMP_SYS(socket), 2,
		{{0, SCMP_CMP_EQ, AF_INET6, 0},
			{1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_STREAM}}},
	{RESOLVERS, SCMP_SYS(socket), 1, {{0, SCMP_CMP_EQ, AF_UNIX, 0}}},
	{RESOLVERS, SCMP_SYS(socket), 1, {{0, SCMP_CMP_EQ, AF_NETLINK, 0}}},
	{RESOLVERS, SCMP_SYS(bind)},
	{RESOLVERS, SCMP_SYS(connect)},
	{RESOLVERS, SCMP_SYS(getpeername)},
	{RESOLVERS, SCMP_SYS(setsockopt)},
	{RESOLVERS, SCMP_SYS(sendmmsg)},
	{RESOLVERS, SCMP_SYS(recvmmsg)},
	{RESOLVERS, SCMP_SYS(shutdown)},
	{RESOLVERS, SCMP_SYS(epoll_create1)},
	{RESOLVERS, SCMP_SYS(epoll_ctl)},
	{RESOLVERS, SCMP_SYS(eventfd2)},
	{RESOLVERS, SCMP_SYS(timerfd_create)},
	{RESOLVERS, SCMP_SYS(timerfd_settime)},
	{RESOLVERS, SCMP_SYS(select)},
	{RESOLVERS, SCMP_SYS(pselect6)},
};

/* The C library tries these by itself and can do without: time zones, threads
 * the new way, names of memory, terminals. */
static const struct {
	int call, error;
	unsigned kinds, conditions;
	struct scmp_arg_cmp arguments[1];
} refused[] = {
	{SCMP_SYS(openat), EACCES, READERS},
	{SCMP_SYS(open), EACCES, READERS},
	{SCMP_SYS(access), EACCES, READERS},
	{SCMP_SYS(faccessat), EACCES, READERS},
	{SCMP_SYS(faccessat2), EACCES, READERS},
	{SCMP_SYS(readlink), EACCES, READERS},
	{SCMP_SYS(readlinkat), EACCES, READERS},
	{SCMP_SYS(ioctl), ENOTTY, READERS | RESOLVERS, 1,
		{{1, SCMP_CMP_EQ, TCGETS, 0}}},
	{SCMP_SYS(ioctl), ENOTTY, READERS | RESOLVERS, 1,
		{{1, SCMP_CMP_EQ, TIOCGWINSZ, 0}}},
	{SCMP_SYS(clone3), ENOSYS, READERS},
	{SCMP_SYS(prctl), EPERM, READERS | RESOLVERS},
	{SCMP_SYS(prlimit64), EPERM, READERS | RESOLVERS},
};

static const struct {
	int call;
	unsigned conditions;
	struct scmp_arg_cmp arguments[2];
} deadly[] = {
	/* other programs, other processes */
	{SCMP_SYS(execve)}, {SCMP_SYS(execveat)}, {SCMP_SYS(ptrace)},
	{SCMP_SYS(process_vm_readv)}, {SCMP_SYS(process_vm_writev)},
	{SCMP_SYS(kill)}, {SCMP_SYS(pidfd_open)}, {SCMP_SYS(pidfd_getfd)},
	{SCMP_SYS(pidfd_send_signal)}, {SCMP_SYS(rt_sigqueueinfo)},
	{SCMP_SYS(rt_tgsigqueueinfo)}, {SCMP_SYS(perf_event_open)},
	/* other identities, other roots */
	{SCMP_SYS(setuid)}, {SCMP_SYS(setgid)}, {SCMP_SYS(setreuid)},
	{SCMP_SYS(setregid)}, {SCMP_SYS(setresuid)}, {SCMP_SYS(setresgid)},
	{SCMP_SYS(setfsuid)}, {SCMP_SYS(setfsgid)}, {SCMP_SYS(setgroups)},
	{SCMP_SYS(capset)}, {SCMP_SYS(setns)}, {SCMP_SYS(unshare)},
	{SCMP_SYS(chroot)}, {SCMP_SYS(pivot_root)}, {SCMP_SYS(mount)},
	{SCMP_SYS(umount)}, {SCMP_SYS(umount2)}, {SCMP_SYS(move_mount)},
	{SCMP_SYS(open_tree)}, {SCMP_SYS(fsopen)}, {SCMP_SYS(fsconfig)},
	{SCMP_SYS(fsmount)}, {SCMP_SYS(fspick)}, {SCMP_SYS(mount_setattr)},
	{SCMP_SYS(open_by_handle_at)}, {SCMP_SYS(add_key)},
	{SCMP_SYS(request_key)}, {SCMP_SYS(keyctl)},
	/* other kernels, and ways around this list */
	{SCMP_SYS(bpf)}, {SCMP_SYS(kexec_load)}, {SCMP_SYS(kexec_file_load)},
	{SCMP_SYS(init_module)}, {SCMP_SYS(finit_module)},
	{SCMP_SYS(delete_module)}, {SCMP_SYS(io_uring_setup)},
	{SCMP_SYS(io_uring_enter)}, {SCMP_SYS(io_uring_register)},
	{SCMP_SYS(userfaultfd)}, {SCMP_SYS(iopl)}, {SCMP_SYS(ioperm)},
	{SCMP_SYS(reboot)}, {SCMP_SYS(swapon)}, {SCMP_SYS(swapoff)},
	{SCMP_SYS(settimeofday)}, {SCMP_SYS(clock_settime)},
	{SCMP_SYS(clock_settime64)}, {SCMP_SYS(adjtimex)},
	{SCMP_SYS(clock_adjtime)}, {SCMP_SYS(sethostname)},
	{SCMP_SYS(setdomainname)},
	/* what sees and forges packets */
	{SCMP_SYS(socket), 1, {{0, SCMP_CMP_EQ, AF_PACKET, 0}}},
	{SCMP_SYS(socket), 2,
		{{0, SCMP_CMP_EQ, AF_INET, 0},
			{1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_RAW}}},
	{SCMP_SYS(socket), 2,
		{{0, SCMP_CMP_EQ, AF_INET6, 0},
			{1, SCMP_CMP_MASKED_EQ, SOCKET_KIND, SOCK_RAW}}},
	/* memory as code */
	{SCMP_SYS(mprotect), 1,
		{{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC}}},
	{SCMP_SYS(mmap), 1,
		{{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC}}}, /* last */
};

static int add(scmp_filter_ctx filter, uint32_t action, int call,
	unsigned conditions, const struct scmp_arg_cmp *arguments)
{
	return -seccomp_rule_add_array(
		filter, action, call, conditions, arguments);
}

static int add_allowed(scmp_filter_ctx filter, enum sandbox_kind kind)
{
	int error = 0;

	for (size_t i = 0;
		i < sizeof(allowed) / sizeof(allowed[0]) && error == 0; i++)
		if (allowed[i].kinds >> kind & 1)
			error = add(filter, SCMP_ACT_ALLOW, allowed[i].call,
				allowed[i].conditions, allowed[i].arguments);
	return error;
}

static int add_refused(scmp_filter_ctx filter, enum sandbox_kind kind)
{
	int error = 0;

	for (size_t i = 0;
		i < sizeof(refused) / sizeof(refused[0]) && error == 0; i++)
		if (refused[i].kinds >> kind & 1)
			error = add(filter,
				SCMP_ACT_ERRNO((uint32_t)refused[i].error),
				refused[i].call, refused[i].conditions,
				refused[i].arguments);
	return error;
}

/* Nothing here has a use for these, and who took the process over has. */
static int add_deadly(scmp_filter_ctx filter, enum sandbox_kind kind)
{
	/* a resolver maps modules */
	unsigned count =
		sizeof(deadly) / sizeof(deadly[0]) - (kind == SANDBOX_RESOLVER);
	int error = 0;

	for (unsigned i = 0; i < count && error == 0; i++)
		error = add(filter, SCMP_ACT_KILL_PROCESS, deadly[i].call,
			deadly[i].conditions, deadly[i].arguments);
	return error;
}

/* Signals go to this process alone: abort, with which reports of the C library
 * and of the compiler's runtime end. */
static int add_signals(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp us = {
		0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0};
	const struct scmp_arg_cmp others = {
		0, SCMP_CMP_NE, (scmp_datum_t)getpid(), 0};
	int error = add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &us);

	return error ? error
		     : add(filter, SCMP_ACT_KILL_PROCESS, SCMP_SYS(tgkill), 1,
			       &others);
}

int sandbox_calls_close(enum sandbox_kind kind)
{
	scmp_filter_ctx filter = seccomp_init(refusals_action());
	int error;

	if (!filter)
		return ENOMEM;
	/* So that a load fails with the kernel's own reason: an old library has
	 * one word for all. */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	/* Who makes another machine's system calls is killed. */
	error = -seccomp_attr_set(
		filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (error == 0)
		error = add_allowed(filter, kind);
	if (error == 0)
		error = add_refused(filter, kind);
	if (error == 0)
		error = add_deadly(filter, kind);
	if (error == 0)
		error = add_signals(filter);
	/* Half a list would refuse the innocent: none, or all of it. */
	if (error == 0)
		error = -seccomp_load(filter);
	seccomp_release(filter);
	return error;
}

int sandbox_calls_offered(void)
{
	/* A list at no address is not looked at where there are no lists. */
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL) != 0 &&
		errno == EFAULT)
		return 0;
	return errno;
}
