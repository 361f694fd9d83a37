/* What is said on standard error. Names of files, hosts and interfaces are in
 * such sentences, and those are foreign bytes: `make rooms` fails where text
 * that is not constant goes to standard error in another way. */
#ifndef CLI_NOTICE_H
#define CLI_NOTICE_H

/* Prints one line: the program's name and the sentence, made safe for
 * terminals. A sentence of a failure, which is safe already, stays as it is. */
void notice_print(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
