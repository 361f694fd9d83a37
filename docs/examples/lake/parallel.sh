#!/bin/sh
# The same with GNU parallel, on this machine or (--sshlogin) on others that
# reach the folder under the same name.
#
#   parallel.sh FOLDER CAPTURE...
set -eu
folder=$1
shift
mkdir -p "$folder"
parallel --halt soon,fail=1 --retries 3 \
	culprit analyze --partial "$folder/{#}.part" {} ::: "$@"
i=0
for _; do
	i=$((i + 1))
	set -- "$@" "$folder/$i.part"
	shift
done
culprit merge --json -o "$folder/report.json" "$@"
