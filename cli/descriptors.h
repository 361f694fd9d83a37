/* What the caller left open: nothing of it is ours but the standard streams
 * and what the command line names. */
#ifndef CLI_DESCRIPTORS_H
#define CLI_DESCRIPTORS_H

/* First thing in main: puts something in the place of standard streams that
 * are closed, so that no file or socket gets their numbers and with them what
 * is printed (printing to them fails), and closes everything else that was
 * inherited, except what an argument names as /dev/fd/N or /proc/self/fd/N. */
void descriptors_settle(int argc, char *const *argv);

#endif
