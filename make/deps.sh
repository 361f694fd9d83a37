#!/bin/sh
# Installs what is missing of the named groups of the file `packages`, with
# apt-get, by sudo unless this is root. Silent and without network when nothing
# is missing. Without apt-get it names what is missing, and fails.
#   deps.sh GROUP...
set -eu
cd "$(dirname "$0")/.."
. make/library.sh
PATH=$PATH:/usr/sbin:/sbin # conntrack and sshd are there, root or not

is_found() { # FOUND_BY MODULE LINKER
	case $1 in
	'<'*) has_library "$@" ;;
	/*) [ -e "$1" ] ;;
	-*) sh make/newest.sh clang "$1" ;;
	cc) printf 'int main(void) { return 0; }\n' | compiles ;;
	*) command -v "$1" || sh make/newest.sh "$1" ;;
	esac >/dev/null
}

# The packages of the groups of which no line is found, each once.
missing() {
	while read -r group package found_by module linker; do
		case " $groups " in *" $group "*) ;; *) continue ;; esac
		if is_found "$found_by" "$module" "$linker"; then
			echo "found $package"
		else
			echo "absent $package"
		fi
	done <packages | awk '{ best[$2] = best[$2] $1 }
		END { for (name in best) if (best[name] !~ /found/) print name }' |
		sort | tr '\n' ' ' | sed 's/ $//'
}

groups=$*
packages=$(missing)
[ -n "$packages" ] || exit 0
if ! command -v apt-get >/dev/null; then
	echo "missing, by the names of Debian's packages: $packages" >&2
	echo "There is no apt-get here to install them with." >&2
	exit 1
fi
# A parallel make asks for several groups at once, and apt-get for a lock.
mkdir -p build
exec 9>build/deps.lock
flock 9
packages=$(missing)
[ -n "$packages" ] || exit 0
as_root=
if [ "$(id -u)" != 0 ]; then
	as_root=sudo
	command -v sudo >/dev/null || {
		echo "missing: run as root: apt-get install $packages" >&2
		exit 1
	}
fi
echo "installing: $packages" >&2
log=build/deps.log
# shellcheck disable=SC2086
if ! { $as_root apt-get update -qq && $as_root env \
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	--no-install-recommends $packages; } >"$log" 2>&1 </dev/null; then
	cat "$log" >&2
	exit 1
fi
packages=$(missing)
[ -z "$packages" ] || {
	echo "installed, and still not found: $packages" >&2
	exit 1
}
