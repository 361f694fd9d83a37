/* seccomp can let a call fail without a word (SCMP_ACT_ERRNO), or raise SIGSYS
 * in its place (SCMP_ACT_TRAP). The handler counts, and writes the result that
 * the caller will see into the saved registers. It runs in the thread that made
 * the call, in the middle of whatever that was doing, so it touches nothing but
 * two atomic numbers. Where the register is not known here, calls are refused
 * without being counted. */
#include "cli/refusals.h"

#include <assert.h>
#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <ucontext.h>

enum { SECCOMP_REFUSED = 1 }; /* SYS_SECCOMP of linux/siginfo.h */

/* A handler can't be handed anything. */
static atomic_uint count;
static atomic_int first_call;
static_assert(ATOMIC_INT_LOCK_FREE == 2, "a handler may not wait for a lock");

#if defined(__x86_64__)
#define RESULT_OF(state) ((state)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define RESULT_OF(state) ((state)->uc_mcontext.regs[0])
#endif

#ifdef RESULT_OF
static void on_refusal(int number, siginfo_t *info, void *context)
{
	ucontext_t *state = context;

	(void)number;
	if (info->si_code != SECCOMP_REFUSED)
		return; /* somebody sent the signal */
	refusals_add(1, info->si_syscall);
	RESULT_OF(state) = -ENOSYS;
}
#endif

unsigned refusals_action(void)
{
#ifdef RESULT_OF
	struct sigaction action = {
		.sa_sigaction = on_refusal, .sa_flags = SA_SIGINFO};
	sigset_t refused;

	(void)sigemptyset(&action.sa_mask);
	(void)sigemptyset(&refused);
	(void)sigaddset(&refused, SIGSYS);
	/* Blocked, as it may be inherited, it would kill all the same. */
	if (sigaction(SIGSYS, &action, NULL) == 0 &&
		sigprocmask(SIG_UNBLOCK, &refused, NULL) == 0)
		return SCMP_ACT_TRAP;
#endif
	return SCMP_ACT_ERRNO(ENOSYS);
}

unsigned refusals_count(int *first)
{
	*first = atomic_load(&first_call);
	return atomic_load(&count);
}

void refusals_add(unsigned more, int first)
{
	if (more > 0 && atomic_fetch_add(&count, more) == 0)
		atomic_store(&first_call, first);
}

void refusals_print(FILE *out)
{
	int first;
	unsigned refused = refusals_count(&first);
	char *name;

	if (refused == 0)
		return;
	name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, first);
	(void)fprintf(out,
		"culprit: the sandbox refused %u system call%s, the first of "
		"them %s (%d): please report this\n",
		refused, refused == 1 ? "" : "s", name ? name : "unknown",
		first);
	free(name);
}
