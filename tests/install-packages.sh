#!/bin/sh
# Installs the Debian packages of the named groups (file `packages`, and
# tests/lab/packages for `lab`) that are missing. Does nothing, without
# network, when none is.
set -eu
cd "$(dirname "$0")/.."
want=""
for group; do
	case $group in
	lab) want="$want $(sed 's/#.*//' tests/lab/packages)" ;;
	*) want="$want $(awk -v g="$group" '$1 == g { print $2 }' packages)" ;;
	esac
done
missing=""
for package in $want; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) ||
		state=none
	[ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
# A parallel make asks for several groups at once, and apt-get for a lock.
if [ -z "${CULPRIT_INSTALLING-}" ]; then
	mkdir -p build
	exec env CULPRIT_INSTALLING=1 flock build/install.lock \
		sh tests/install-packages.sh "$@"
fi
echo "installing:$missing" >&2
as_root=""
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || {
		echo "missing packages:$missing; run as root: apt-get install$missing" >&2
		exit 1
	}
	as_root="sudo env DEBIAN_FRONTEND=noninteractive"
fi
export DEBIAN_FRONTEND=noninteractive
log=build/install.log
# shellcheck disable=SC2086
if ! { $as_root apt-get update -qq && $as_root apt-get install -y -qq \
	--no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	exit 1
fi
