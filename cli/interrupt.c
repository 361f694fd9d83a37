#include "cli/interrupt.h"

#include <stddef.h>
#include <string.h>

/* A handler can't be handed anything: hence these globals. */
static volatile sig_atomic_t is_interrupted, is_asked;

static void on_signal(int number)
{
	(void)number;
	is_interrupted = 1;
}

static void on_question(int number)
{
	(void)number;
	is_asked = 1;
}

static void watch(int number, void (*handler)(int), int flags)
{
	/* Restarted: what is being printed or written when the signal comes is
	 * not to fail. Waiting for packets (poll) returns all the same. */
	struct sigaction action = {
		.sa_handler = handler, .sa_flags = SA_RESTART | flags};

	(void)sigemptyset(&action.sa_mask);
	/* Cannot fail: a valid signal and a valid pointer. */
	(void)sigaction(number, &action, NULL);
}

const volatile sig_atomic_t *interrupt_watch(void)
{
	struct sigaction inherited;

	/* Reset: the second signal must not be lost on a program that hangs. */
	watch(SIGINT, on_signal, (int)SA_RESETHAND);
	watch(SIGTERM, on_signal, (int)SA_RESETHAND);
	/* Not reset: when a terminal goes, the kernel and the shell both tell.
	 * Ignored: by nohup(1). */
	if (sigaction(SIGHUP, NULL, &inherited) != 0 ||
		inherited.sa_handler != SIG_IGN)
		watch(SIGHUP, on_signal, 0);
	return &is_interrupted;
}

void interrupt_watch_questions(void)
{
	watch(SIGUSR1, on_question, 0);
}

bool interrupt_is_asked(void)
{
	bool was_asked = is_asked != 0;

	is_asked = 0;
	return was_asked;
}
