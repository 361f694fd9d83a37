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
echo "installing:$missing" >&2
as_root=""
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || {
		echo "missing packages:$missing; run as root: apt-get install$missing" >&2
		exit 1
	}
	as_root=sudo
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$as_root apt-get update -qq >&2
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing >&2
