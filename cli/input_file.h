/* A small file that an option names. */
#ifndef CLI_INPUT_FILE_H
#define CLI_INPUT_FILE_H

#include <stdio.h>

/* Opens it to be read; NULL with errno. A FIFO is waited for until a program
 * writes to it, and standard error says so. */
FILE *input_file_open(const char *path);

#endif
