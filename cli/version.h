/* The versions of culprit and of the libraries that it runs with, and what the
 * kernel that it runs on offers for its sandbox. */
#ifndef CLI_VERSION_H
#define CLI_VERSION_H

#include <stdio.h>

void version_print(FILE *out);

#endif
