#!/bin/sh
# Stands in for the program where a test takes one: culprit under valgrind,
# exit 9 when that has anything to say. It does not know the system calls of
# Landlock and seccomp, and says so. It says it into a file: a guard that stays
# would hold the test's pipe with valgrind's own copy of standard error.
log=$(mktemp) || exit 1
valgrind -q --error-exitcode=9 --leak-check=full --log-file="$log" \
	"$(dirname "$0")/../build/culprit" "$@"
status=$?
cat "$log" >&2
rm -f "$log"
exit $status
