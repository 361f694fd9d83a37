#!/bin/sh
# Who may include whom (docs/architecture.md). Prints each crossing; fails on
# any.
set -eu
cd "$(dirname "$0")/.."
bad=0
complain() { echo "rooms: $1" >&2; bad=1; }

allowed() { # room -> rooms it may include
	case $1 in
	capture) echo "capture" ;;
	analysis) echo "analysis capture" ;;
	probe) echo "probe capture" ;;
	report) echo "report analysis capture" ;;
	cli) echo "cli report analysis probe capture" ;;
	esac
}
for room in capture analysis probe report cli; do
	for file in "$room"/*.[ch]; do
		[ -e "$file" ] || continue
		for target in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file" |
			sort -u); do
			case " $(allowed $room) " in
			*" $target "*) ;;
			*) complain "$file includes $target/" ;;
			esac
		done
		count=$(grep -cE '^#include <(pcap[a-z/]*|libnet|dumbnet)\.h>' \
			"$file" || true)
		[ "$count" -le 1 ] ||
			complain "$file includes two of libpcap, libnet, libdnet"
	done
done
one_file() { # header pattern, most files
	files=$(grep -lE "^#include <$1>" capture/*.c analysis/*.c probe/*.c \
		report/*.c cli/*.c 2>/dev/null | wc -l)
	[ "$files" -le "$2" ] || complain "$files files include <$1>, at most $2"
}
one_file 'pcap(/[a-z]+)?\.h' 2
one_file 'libnet\.h' 1
one_file 'dumbnet\.h' 1
grep -nE '\b(clock_gettime|gettimeofday|time)\(|fopen\(|open\(' analysis/*.c &&
	complain "analysis reads a clock or opens a file"
[ "$bad" = 0 ] && echo "rooms: ok"
exit "$bad"
