#!/bin/sh
# Stands in for the program where a test takes one: culprit under valgrind,
# exit 9 when that has anything to say. It does not know the system calls of
# Landlock and seccomp, and says so.
exec valgrind -q --error-exitcode=9 --leak-check=full \
	"$(dirname "$0")/../build/culprit" "$@"
