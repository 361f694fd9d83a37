#!/bin/sh
# Prints the flag that makes the compiler CC link by lld, where it can: that takes
# a third of the time of its own linker, and each of a hundred programs of tests is
# linked with all of culprit. Prints nothing elsewhere.
set -u
cd "$(dirname "$0")/.."
. make/library.sh
printf 'int main(void) { return 0; }\n' | compiles -fuse-ld=lld &&
	echo -fuse-ld=lld
exit 0
