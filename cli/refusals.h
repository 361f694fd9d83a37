/* System calls that the sandbox refused: they fail as on a kernel without such
 * a call, and are counted, since each is either missing in the list or made by
 * an attacker. */
#ifndef CLI_REFUSALS_H
#define CLI_REFUSALS_H

#include <stdbool.h>
#include <stdio.h>

/* What to give seccomp for a call that is to be refused; installs the handler
 * that this takes. */
unsigned refusals_action(void);

/* Of all threads, and what refusals_add told of other processes; `*first` is
 * the number of the first such call, if there was any. */
unsigned refusals_count(int *first);
void refusals_add(unsigned more, int first);

/* One line about them, or nothing. */
void refusals_print(FILE *out);

#endif
