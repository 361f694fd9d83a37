#include "cli/interrupt.h"

#include <stddef.h>
#include <string.h>

/* A handler can't be handed anything: the one mutable global there is. */
static volatile sig_atomic_t is_interrupted;

static void on_signal(int number)
{
	(void)number;
	is_interrupted = 1;
}

const volatile sig_atomic_t *interrupt_watch(void)
{
	/* Not restarted: a read that waits for packets has to return. Reset:
	 * the second signal must not be lost on a program that hangs. */
	struct sigaction action = {
		.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};

	(void)sigemptyset(&action.sa_mask);
	/* These cannot fail: valid signals and a valid pointer. */
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	return &is_interrupted;
}
