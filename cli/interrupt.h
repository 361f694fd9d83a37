/* Ctrl-C, SIGTERM, and SIGHUP unless it is ignored: the command stops reading
 * and still reports. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

/* From now on the first such signal sets what is pointed to, and a second
 * SIGINT or SIGTERM ends the process as usual. */
const volatile sig_atomic_t *interrupt_watch(void);

/* From now on SIGUSR1, which would end the process, asks what is known so
 * far. */
void interrupt_watch_questions(void);
/* Whether it came since the last time. */
bool interrupt_is_asked(void);

#endif
