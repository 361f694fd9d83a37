/* What the caller left open: nothing of it is ours but the standard streams
 * and what the command line names. */
#ifndef CLI_DESCRIPTORS_H
#define CLI_DESCRIPTORS_H

#include <stdbool.h>

/* First thing in main: puts something in the place of standard streams that
 * are closed, so that no file or socket gets their numbers and with them what
 * is printed (printing to them fails), and closes everything else that was
 * inherited, except what an argument, or the value in it, names as /dev/fd/N,
 * /proc/PROCESS/fd/N or /proc/PROCESS/task/THREAD/fd/N. */
void descriptors_settle(int argc, char *const *argv);

/* Diverts standard error, and says so there, when it is a regular file that
 * holds something and that standard input, an argument or the value of an
 * option in an argument names too: even a complaint about a wrong option would
 * be written into an input. Returns whether that was so; then nothing else may
 * be done. */
bool descriptors_spare_input(int argc, char *const *argv);

/* Sends what is printed on standard error from now on to standard output, if
 * that is no file that holds something, else to the terminal, if there is one.
 */
void descriptors_divert_errors(void);

#endif
