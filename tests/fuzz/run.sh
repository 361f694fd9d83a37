#!/bin/sh
# Runs fuzz harnesses, each for some seconds, and prints TAP.
#   run.sh BUILD SECONDS NAME...
#
# Without the entropic schedule: where there are thousands of features, that of
# fuzz_analysis, it takes longer to choose an input than to run three.
set -u
cd "$(dirname "$0")/../.."
build=$1
seconds=$2
shift 2
mkdir -p "$build/findings"
count=0
failed=0
for name; do
	count=$((count + 1))
	found=$build/corpus/$name
	seeds=tests/fuzz/corpus/$name
	log=$build/fuzz_$name.log
	mkdir -p "$found"
	[ -d "$seeds" ] || seeds=
	# shellcheck disable=SC2086 # no seeds: no argument
	if "$build/fuzz_$name" -max_total_time="$seconds" -timeout=60 \
		-rss_limit_mb=2048 -print_final_stats=1 -entropic=0 \
		-artifact_prefix="$build/findings/$name-" \
		"$found" $seeds >"$log" 2>&1; then
		runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
		if [ "${runs:-0}" -gt 0 ]; then
			echo "ok $count - fuzz_$name finds nothing in $runs runs"
		else
			failed=1
			echo "not ok $count - fuzz_$name has not run, see $log"
		fi
	else
		failed=1
		echo "not ok $count - fuzz_$name finds something, see $log"
		tail -n 60 "$log" | sed 's/^/# /'
	fi
done
echo "1..$count"
exit "$failed"
